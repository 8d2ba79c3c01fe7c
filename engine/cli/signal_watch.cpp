// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/signal_watch.h"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace lab {

SignalWatch::SignalWatch(bool hangUp) {
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGTERM);
    if (hangUp) {
        sigaddset(&watched, SIGHUP);
    }
    ::pthread_sigmask(SIG_BLOCK, &watched, &m_former);
    m_descriptor.reset(::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK));
}

SignalWatch::~SignalWatch() {
    wait(std::chrono::milliseconds(0)); // a second one must not strike when the mask is taken away
    ::pthread_sigmask(SIG_SETMASK, &m_former, nullptr);
}

bool SignalWatch::wait(std::chrono::milliseconds limit) {
    pollfd entry{.fd = m_descriptor.get(), .events = POLLIN, .revents = 0};
    ::poll(&entry, 1, m_seen ? 0 : static_cast<int>(limit.count()));
    signalfd_siginfo information{};
    while (::read(m_descriptor.get(), &information, sizeof information) == sizeof information) {
        const bool isHangUp = information.ssi_signo == SIGHUP;
        m_hangUp = m_hangUp || isHangUp;
        m_seen = m_seen || !isHangUp;
    }
    return m_seen;
}

} // namespace lab
