// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/io_uring_accept.h"

#include "engine/dispatch/io_uring_processor.h"

#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

namespace lab {

IoUringAccept::~IoUringAccept() {
    for (const int result : m_results) {
        if (result >= 0) {
            ::close(result);
        }
    }
}

bool IoUringAccept::holdsAccepted() {
    const std::lock_guard lock(m_mutex);
    return !m_results.empty() && m_results.front() >= 0;
}

bool IoUringAccept::mayStillAccept() {
    const std::lock_guard lock(m_mutex);
    return m_armed || (!m_results.empty() && m_results.front() >= 0);
}

void IoUringAccept::accept(AsynchronousOperation& operation) {
    // While threads have their turns, only the performing thread tells of completions.
    const bool atOnce = !m_processor.isSteered();
    bool isThere = false;
    bool armed = true;
    int result = 0;
    {
        const std::lock_guard lock(m_mutex);
        isThere = !m_results.empty();
        if (isThere && atOnce) {
            result = m_results.front();
            m_results.pop_front();
        } else {
            m_operation = &operation;
            armed = std::exchange(m_armed, true);
        }
    }
    if (isThere && atOnce) {
        m_processor.complete(operation, result);
    } else if (!armed) {
        submit(operation);
    } else if (isThere) {
        m_processor.interrupt(); // so that it is offered
    }
}

/// The sockets stay blocking ones: for others the kernel would not wait.
void IoUringAccept::submit(const AsynchronousOperation& operation) {
    bool multishot = false;
    {
        const std::lock_guard lock(m_mutex);
        multishot = m_multishot;
    }
    m_processor.submit(operation, *this, [this, multishot](io_uring_sqe* entry) {
        if (multishot) {
            ::io_uring_prep_multishot_accept(entry, m_listening.get(), nullptr, nullptr, SOCK_CLOEXEC);
        } else {
            ::io_uring_prep_accept(entry, m_listening.get(), nullptr, nullptr, SOCK_CLOEXEC);
        }
    });
}

void IoUringAccept::performed(int result, bool more) {
    AsynchronousOperation* again = nullptr;
    {
        const std::lock_guard lock(m_mutex);
        m_armed = more;
        if (result == -EINVAL && m_multishot) {
            m_multishot = false; // a kernel before 5.19
            again = m_operation;
            m_armed = again != nullptr;
        } else if (result >= 0 || m_operation != nullptr) {
            m_results.push_back(result);
        }
    }
    if (again != nullptr) {
        submit(*again);
    } else {
        offer();
    }
}

void IoUringAccept::offer() {
    const AsynchronousOperation* operation = nullptr;
    {
        const std::lock_guard lock(m_mutex);
        if (m_operation == nullptr || m_results.empty() || m_offered) {
            return;
        }
        m_offered = true;
        operation = m_operation;
    }
    m_processor.tell(*operation, [this] { deliver(); });
}

void IoUringAccept::deliver() {
    AsynchronousOperation* operation = nullptr;
    int result = 0;
    {
        const std::lock_guard lock(m_mutex);
        operation = std::exchange(m_operation, nullptr);
        m_offered = false;
        result = m_results.front();
        m_results.pop_front();
    }
    m_processor.complete(*operation, result);
}

} // namespace lab
