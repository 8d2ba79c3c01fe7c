// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/challenge/challenge_list.h"

#include <algorithm>

namespace lab {

std::span<const Challenge> challenges() {
    static const std::vector<Challenge> all{
        bufferOutlivesOwner(),
        lostWakeUp(),
    };
    return all;
}

const Challenge* findChallenge(std::string_view id) {
    const auto all = challenges();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Challenge& one) { return one.id == id; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace lab
