// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/recording.h"

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace lab {

/// Names of paths for the trace, within bounds: peers may ask for as many different paths as they like.
///
/// Role: between the filesystem and the recording's name table. Decides: which paths get a name of their own, and how
/// they are written (printable ASCII; the rest as percent escapes; at most 80 characters). Threads: any; takes a lock.
/// Owner: the filesystem.
class PathNames {
public:
    /// `recording` may be null: then every name is 0. So many different paths are named; all others share one name.
    PathNames(Recording* recording, std::size_t maximum)
        : m_recording(recording)
        , m_maximum(maximum) {}

    NameId of(std::string_view path);

private:
    Recording* m_recording;
    const std::size_t m_maximum;
    std::mutex m_mutex;
    std::unordered_map<std::string, NameId> m_names; ///< guarded by m_mutex
};

} // namespace lab
