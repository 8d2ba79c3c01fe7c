// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"

#include <chrono>
#include <csignal>

namespace lab {

/// Takes SIGINT and SIGTERM as messages instead of being ended by them, for its lifetime.
///
/// Made before any other thread is started, so that none of them is interrupted. Threads: one. Owner: a command.
class SignalWatch {
public:
    SignalWatch();
    ~SignalWatch();
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;

    /// Waits for one of them, not longer than `limit`. True when one has come, now or earlier.
    bool wait(std::chrono::milliseconds limit);

private:
    sigset_t m_former{};
    FileDescriptor m_descriptor;
    bool m_seen = false;
};

} // namespace lab
