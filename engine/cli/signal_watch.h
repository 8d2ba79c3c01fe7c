// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"

#include <chrono>
#include <csignal>
#include <utility>

namespace lab {

/// Takes SIGINT and SIGTERM as messages instead of being ended by them, for its lifetime.
///
/// Made before any other thread is started, so that none of them is interrupted. Threads: one. Owner: a command.
class SignalWatch {
public:
    /// `hangUp`: SIGHUP too, which is no end; see takeHangUp().
    explicit SignalWatch(bool hangUp = false);
    ~SignalWatch();
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;

    /// Waits for one of them, not longer than `limit`. True when one has come, now or earlier.
    bool wait(std::chrono::milliseconds limit);

    /// True when SIGHUP has come since the last call, as far as wait() has seen, which returns early for it.
    bool takeHangUp() { return std::exchange(m_hangUp, false); }

private:
    sigset_t m_former{};
    FileDescriptor m_descriptor;
    bool m_seen = false;
    bool m_hangUp = false;
};

} // namespace lab
