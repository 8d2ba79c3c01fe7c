// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/asio_operation_processor.h"

#include "engine/dispatch/asio_processor.h"
#include "engine/dispatch/asio_stream.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

namespace lab {

namespace {

using boost::system::error_code;

/// While a schedule is followed: between two looks at what the kernel has done meanwhile, ms.
constexpr int betweenLooks = 20;

} // namespace

std::unique_ptr<AsynchronousStream> AsioOperationProcessor::makeStream(FileDescriptor socket) {
    return makeAsioStream(*this, m_context, std::move(socket));
}

void AsioOperationProcessor::complete(AsynchronousOperation& operation, std::int64_t result) {
    operation.result = result;
    LAB_MARK(OperationCompleted, AsynchronousOperationProcessor, "operation completes",
             .connection = operation.connection, .operation = operation.id, .kind = operation.kind, .value = result);
    m_queue.push(operation);
}

void AsioOperationProcessor::accept(AsynchronousOperation& operation) { tryAccept(operation); }

void AsioOperationProcessor::tryAccept(AsynchronousOperation& operation) {
    const int socket = acceptOrAwait(operation.id);
    if (socket == -EAGAIN) {
        m_listening.async_wait(asio::posix::descriptor_base::wait_read, [this, &operation](const error_code& failure) {
            goOn(operation, [this, &operation, failure] {
                if (failure) {
                    complete(operation, -failure.value());
                } else {
                    tryAccept(operation);
                }
            });
        });
        return;
    }
    complete(operation, socket);
}

/// A new socket, or a negated errno. While a schedule is followed, it says whether a client is there already: one that
/// it wants is waited for, one that it does not want yet stays where it is.
int AsioOperationProcessor::acceptOrAwait(std::uint32_t operation) {
    auto wanted = plannedEvent();
    while (!wanted || (wanted->type == EventType::OperationCompleted && wanted->operation == operation)) {
        const int listening = m_listening.native_handle();
        const int socket = ::accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            return socket;
        }
        if (errno == EINTR || errno == ECONNABORTED) {
            continue;
        }
        if (errno != EAGAIN || !wanted) {
            return -errno;
        }
        endTurn();
        pollfd arrival{.fd = listening, .events = POLLIN, .revents = 0};
        ::poll(&arrival, 1, betweenLooks);
        wanted = plannedEvent();
    }
    return -EAGAIN;
}

void AsioOperationProcessor::wait(AsynchronousOperation& operation, std::chrono::milliseconds delay) {
    arm(std::make_unique<Timer>(m_context, operation, m_gate.now() + std::chrono::nanoseconds(delay).count()));
}

/// The timer belongs to its own handler: it goes when it has run, or with the context.
void AsioOperationProcessor::arm(std::unique_ptr<Timer> timer) {
    const std::chrono::milliseconds shortest{m_gate.engaged() ? 10 : 1}; // lab time may stand
    auto left = std::max<std::chrono::nanoseconds>(std::chrono::nanoseconds(timer->due - m_gate.now()), shortest);
    if (m_gate.follows()) {
        left = std::min<std::chrono::nanoseconds>(left, std::chrono::milliseconds(betweenLooks));
    }
    auto& borrowed = timer->timer;
    borrowed.expires_after(left);
    borrowed.async_wait([this, timer = std::move(timer)](const error_code& failure) mutable {
        timerHasRun(std::move(timer), failure);
    });
}

void AsioOperationProcessor::timerHasRun(std::unique_ptr<Timer> timer, const error_code& failure) {
    auto& operation = timer->operation;
    const bool isWanted = m_gate.follows() && m_wanted == operation.id;
    const bool isDue = timer->due <= m_gate.now() && !m_gate.follows();
    if (!failure && !isDue && !isWanted) {
        m_lookedOnly = true;
        arm(std::move(timer));
        return;
    }
    goOn(operation, [this, &operation, failure] { complete(operation, failure ? -failure.value() : 0); });
}

/// The performing thread waits no more.
void AsioOperationProcessor::leaveWait() {
    if (m_waiting != SystemCall::None) {
        LAB_MARK(CallLeft, AsynchronousOperationProcessor, "wait for something to perform", .kind = m_waiting,
                 .value = 1);
        m_waiting = SystemCall::None;
    }
}

void AsioOperationProcessor::perform(SystemCall waiting) {
    LAB_MARK(CallEntered, AsynchronousOperationProcessor, "wait for something to perform", .kind = waiting);
    m_waiting = waiting;
    if (m_gate.follows()) {
        m_context.poll();
        releaseAsPlanned();
        leaveWait();
    } else if (m_parked.empty()) {
        performOne();
        if (m_parked.empty()) {
            leaveWait();
        }
    }
    // In turns, everything is gathered before the first of it is told.
    m_context.poll();
    if (!m_gate.follows()) {
        leaveWait();
        while (!m_parked.empty()) {
            release(0);
        }
    }
}

void AsioOperationProcessor::performOne() {
    do {
        m_lookedOnly = false;
        m_context.run_one();
    } while (m_lookedOnly);
}

void AsioOperationProcessor::release(std::size_t index) {
    const auto proceed = std::move(m_parked[index].proceed);
    m_parked.erase(m_parked.begin() + static_cast<std::ptrdiff_t>(index));
    leaveWait();
    proceed();
}

/// What was performed is told in the schedule's order: what comes earlier than it is wanted stays parked.
void AsioOperationProcessor::releaseAsPlanned() {
    while (releaseNext()) {
    }
    m_wanted = 0;
}

/// False: the schedule wants this thread to do something else, or it wants no more of it.
bool AsioOperationProcessor::releaseNext() {
    const auto wanted = plannedEvent(m_waiting != SystemCall::None ? 1 : 0);
    if (!wanted) {
        if (m_waiting != SystemCall::None && m_parked.empty() && m_gate.follows() && !plannedEvent()) {
            m_context.run_one_for(std::chrono::milliseconds(betweenLooks));
            return true;
        }
        return false;
    }
    if (wanted->type != EventType::OperationCompleted && wanted->type != EventType::CallPerformed) {
        return false;
    }
    const auto found = std::find_if(m_parked.begin(), m_parked.end(), [&](const Parked& parked) {
        return wanted->operation != 0 ? parked.operation == wanted->operation : parked.connection == wanted->connection;
    });
    if (found != m_parked.end()) {
        release(static_cast<std::size_t>(found - m_parked.begin()));
        return true;
    }
    m_wanted = wanted->operation;
    if (m_waiting == SystemCall::None) {
        endTurn();
    }
    m_context.run_one_for(std::chrono::milliseconds(betweenLooks));
    return true;
}

Result<std::unique_ptr<AsynchronousOperationProcessor>>
makeAsioOperationProcessor(CompletionQueue& queue, const Gate& gate, int listeningSocket, bool oneThread) {
    FileDescriptor listening(::fcntl(listeningSocket, F_DUPFD_CLOEXEC, 0));
    if (!listening) {
        return Error::ofSystem("cannot watch the listening socket", errno);
    }
    return std::unique_ptr<AsynchronousOperationProcessor>(
        std::make_unique<AsioOperationProcessor>(queue, gate, std::move(listening), oneThread));
}

} // namespace lab
