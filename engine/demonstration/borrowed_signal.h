// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <csignal>

namespace lab {

/// Handles a signal for as long as a demonstration takes, and then as before.
class BorrowedSignal {
public:
    BorrowedSignal(int number, void (*handler)(int, siginfo_t*, void*))
        : m_number(number) {
        struct sigaction action {};
        action.sa_sigaction = handler;
        action.sa_flags = SA_SIGINFO | SA_RESTART;
        sigemptyset(&action.sa_mask);
        ::sigaction(number, &action, &m_before);
    }
    ~BorrowedSignal() { ::sigaction(m_number, &m_before, nullptr); }
    BorrowedSignal(const BorrowedSignal&) = delete;
    BorrowedSignal& operator=(const BorrowedSignal&) = delete;

private:
    const int m_number;
    struct sigaction m_before {};
};

} // namespace lab
