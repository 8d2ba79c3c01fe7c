// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/trace/recording.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lab {

/// What is to be written of a recording.
struct ExportRequest {
    std::shared_ptr<Recording> recording;
    std::string file;              ///< to be made
    std::optional<std::size_t> at; ///< pictures: so many events have happened; nothing: all
    int width = 1280;              ///< pictures: pixels
    int height = 720;
    std::string theme = "light"; ///< pictures
    /// Pictures of a collaboration: of this connection; 0: of the one whose events are nearest.
    std::uint32_t connection = 0;
};

/// A format that recordings can be written in. Pictures come with the program that has a window.
struct Exporter {
    std::string format;     ///< "chrome"
    std::string summary;    ///< one line for --help
    bool isPicture = false; ///< takes at, size and theme
    std::function<Result<void>(const ExportRequest& request)> write;
};

/// Those that need no window.
std::vector<Exporter> engineExporters();

} // namespace lab
