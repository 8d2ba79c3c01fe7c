// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/traced_process.h"

#include <sys/prctl.h>
#include <unistd.h>

namespace lab {

namespace {

constinit Site processStarts{
    EventType::ThreadStarted, Role::Thread, "process starts", __FILE__, __LINE__, "TracedProcess", {}};
constinit Site processNumbered{
    EventType::ProcessStarted, Role::Thread, "process starts", __FILE__, __LINE__, "TracedProcess", {}};
constinit Site processEnds{
    EventType::ThreadEnded, Role::Thread, "process ends", __FILE__, __LINE__, "~TracedProcess", {}};

} // namespace

TracedProcess::TracedProcess(const ProcessMemory& memory, std::size_t place, ProcessLink& link,
                             const std::string& name) {
    ::prctl(PR_SET_NAME, name.substr(0, 15).c_str());
    currentRing = nullptr; // after a fork it would be the parent's
    if (!memory.share().isTraced) {
        return;
    }
    m_ring.emplace(link, memory.share().gate.engagedFlag(), memory.place(place).actor, memory.ring(place));
    currentRing = &*m_ring;
    const auto id = link.intern(name);
    m_ring->share().name.store(id, std::memory_order_relaxed);
    m_ring->share().systemId.store(::getpid(), std::memory_order_relaxed);
    m_ring->markSurely(processStarts, {.value = id});
    // One that is forked for a connection says so: that is what it was forked for.
    const auto& own = memory.place(place);
    const bool hasConnection = own.counts.accepted.load() > own.counts.closed.load();
    m_ring->mark(processNumbered,
                 {.connection = hasConnection ? own.served.connection.load() : 0, .value = ::getpid()});
}

TracedProcess::~TracedProcess() {
    if (m_ring) {
        m_ring->share().systemId.store(0, std::memory_order_relaxed);
        m_ring->markSurely(processEnds, {});
        currentRing = nullptr;
    }
}

} // namespace lab
