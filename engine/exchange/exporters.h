// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/trace/recording.h"

#include <iosfwd>
#include <span>
#include <string_view>

namespace lab {

/// A way to write a recording for another program, as data: what menus and `export --format` know of it.
struct TraceExporter {
    std::string_view id;     ///< "chrome"
    std::string_view title;  ///< "Chrome trace (Perfetto, Firefox Profiler, speedscope)"
    std::string_view ending; ///< of file names, without the point: "json"
    /// Writes all that the recording holds. Error: the stream takes no more.
    Result<void> (*write)(const Recording& recording, std::ostream& out);
};

/// All of them, in the order of menus. The one list: a new exporter is a file and a line in exporters.cpp.
std::span<const TraceExporter> exporters();

/// Null where there is none.
const TraceExporter* findExporter(std::string_view id);

} // namespace lab
