// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/loop_wake_up.h"

#include "engine/dispatch/demultiplexer.h"

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace lab {

Result<LoopWakeUp> LoopWakeUp::watchedBy(EventDemultiplexer& demultiplexer) {
    FileDescriptor descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!descriptor) {
        return Error::ofSystem("cannot make the descriptor that wakes an event loop", errno);
    }
    if (const auto taken = demultiplexer.takes(descriptor.get()); !taken) {
        return taken.error();
    }
    if (const int failure = demultiplexer.add(descriptor.get(), nullptr, Interest::Read); failure != 0) {
        return Error::ofSystem("cannot watch the descriptor that wakes an event loop", failure);
    }
    return LoopWakeUp(std::move(descriptor));
}

void LoopWakeUp::ring() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_descriptor.get(), &one, sizeof one); // never full
}

void LoopWakeUp::take() const {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto read = ::read(m_descriptor.get(), &count, sizeof count);
}

} // namespace lab
