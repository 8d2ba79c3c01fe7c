// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/process/process_link.h"
#include "engine/process/process_memory.h"
#include "engine/trace/trace_ring.h"

#include <optional>
#include <string>

namespace lab {

/// Makes the calling process a recorded one for its lifetime, as TraceThread does for a thread: first of all it tells
/// that it has started. Where the lab records nothing, it does nothing. On the process's own stack.
class TracedProcess {
public:
    TracedProcess(const ProcessMemory& memory, std::size_t place, ProcessLink& link, const std::string& name);
    ~TracedProcess();
    TracedProcess(const TracedProcess&) = delete;
    TracedProcess& operator=(const TracedProcess&) = delete;

private:
    std::optional<TraceRing> m_ring;
};

} // namespace lab
