// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/demonstration/demonstration.h"

#include <algorithm>
#include <array>

namespace lab {

std::span<const Demonstration> demonstrations() {
    // Function-local: the demonstrations, in their own files, are made before the first call and not before main().
    static const std::array list{completionBySignal, procedureCall};
    return list;
}

const Demonstration* findDemonstration(std::string_view id) {
    const auto all = demonstrations();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == id; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace lab
