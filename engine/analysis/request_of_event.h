// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <optional>

namespace lab {

/// Numbers the requests that a server answers, in the order in which they are parsed, and tells for each event which
/// one it belongs to: from the read that brings it to the response's end.
///
/// Role: "follow this request" across threads. Threads: one at a time; fed with every event of a recording in order.
/// Owner: whoever reads the recording.
class RequestOfEvent {
public:
    /// The request that `event` belongs to; 0: none. A connection's events between two requests belong to the next;
    /// the end of the hook in which a request was answered belongs to that one.
    std::uint32_t apply(const Event& event);

    std::uint32_t requests() const { return m_last; } ///< numbered so far

private:
    /// A hook that is being called.
    struct OpenHook {
        std::uint32_t connection = 0;
        std::optional<std::uint32_t> request{}; ///< that has ended in it
    };

    std::uint32_t number(std::uint32_t connection);
    std::uint32_t ended(const Event& event, std::uint32_t request);
    std::uint32_t hookLeft(const Event& event);

    std::uint32_t m_last = 0;
    boost::unordered_flat_map<std::uint32_t, std::uint32_t> m_current; ///< by connection
    boost::unordered_flat_map<std::uint16_t, OpenHook> m_hooks;        ///< by actor
};

} // namespace lab
