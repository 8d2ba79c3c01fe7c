// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exchange/exporters.h"

#include "engine/exchange/chrome_trace.h"

#include <algorithm>
#include <array>

namespace lab {

std::span<const TraceExporter> exporters() {
    static constexpr std::array list{
        TraceExporter{"chrome", "Chrome trace (Perfetto, Firefox Profiler, speedscope)", "json", &writeChromeTrace},
    };
    return list;
}

const TraceExporter* findExporter(std::string_view id) {
    const auto list = exporters();
    const auto found = std::find_if(list.begin(), list.end(), [&](const TraceExporter& each) { return each.id == id; });
    return found == list.end() ? nullptr : &*found;
}

} // namespace lab
