// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/asio_operation_processor.h"

#include "engine/dispatch/asio_processor.h"
#include "engine/dispatch/asio_stream.h"
#include "engine/dispatch/processor_list.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

namespace lab {

using boost::system::error_code;

Result<void> AsioOperationProcessor::listenAt(FileDescriptor listening) {
    error_code failure;
    m_listening.assign(listening.get(), failure);
    if (failure) {
        return Error::ofSystem("cannot watch the listening socket", failure.value());
    }
    listening.release(); // Asio's from now on
    return {};
}

std::unique_ptr<AsynchronousStream> AsioOperationProcessor::makeStream(FileDescriptor socket) {
    return makeAsioStream(*this, m_context, std::move(socket), m_cork);
}

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
        awaitTraffic();
        pollfd arrival{.fd = listening, .events = POLLIN, .revents = 0};
        ::poll(&arrival, 1, static_cast<int>(betweenLooks.count()));
        wanted = plannedEvent();
    }
    return -EAGAIN;
}

void AsioOperationProcessor::wait(AsynchronousOperation& operation, std::chrono::milliseconds delay) {
    arm(std::make_unique<Timer>(m_context, operation, gate().now() + std::chrono::nanoseconds(delay).count()));
}

/// The timer belongs to its own handler: it goes when it has run, or with the context.
void AsioOperationProcessor::arm(std::unique_ptr<Timer> timer) {
    auto& borrowed = timer->timer;
    borrowed.expires_after(kernelTime(timer->due));
    borrowed.async_wait([this, timer = std::move(timer)](const error_code& failure) mutable {
        timerHasRun(std::move(timer), failure);
    });
}

void AsioOperationProcessor::timerHasRun(std::unique_ptr<Timer> timer, const error_code& failure) {
    auto& operation = timer->operation;
    if (!failure && !mayBeTold(operation.id, timer->due)) {
        m_lookedOnly = true;
        arm(std::move(timer));
        return;
    }
    goOn(operation, [this, &operation, failure] { complete(operation, failure ? -failure.value() : 0); });
}

void AsioOperationProcessor::performOne() {
    do {
        m_lookedOnly = false;
        m_context.run_one();
    } while (m_lookedOnly);
}

namespace {

/// Asio throws where the operating system has no descriptor for its epoll, or for what interrupts it.
Result<std::unique_ptr<AsioOperationProcessor>> construct(CompletionQueue& queue, const Gate& gate,
                                                          const AsioProcessorOptions& options) {
    try {
        return std::make_unique<AsioOperationProcessor>(queue, gate, options);
    } catch (const boost::system::system_error& failure) {
        return Error::ofSystem("cannot make what Asio waits with", failure.code().value());
    }
}

} // namespace

Result<std::unique_ptr<AsioOperationProcessor>> makeAsioOperationProcessor(CompletionQueue& queue, const Gate& gate,
                                                                           int listeningSocket,
                                                                           const AsioProcessorOptions& options) {
    FileDescriptor listening(::fcntl(listeningSocket, F_DUPFD_CLOEXEC, 0));
    if (!listening || ::fcntl(listeningSocket, F_SETFL, O_NONBLOCK) < 0) {
        return Error::ofSystem("cannot watch the listening socket", errno);
    }
    auto processor = construct(queue, gate, options);
    if (!processor) {
        return processor;
    }
    if (const auto listens = (*processor)->listenAt(std::move(listening)); !listens) {
        return listens.error();
    }
    return processor;
}

const ProcessorDescription asioProcessor{
    .kind = ProcessorKind::Asio,
    .id = "asio",
    .title = "Asio on epoll",
    .source = "Hu, Pyarali, Schmidt, section 4.6, by other means",
    .summary =
        "A proactor emulated on a reactor: a thread of the server waits in epoll, and then makes the calls itself.",
    .transfers = {FileTransfer::TransmitFile, FileTransfer::ReadWrite, FileTransfer::MmapWritev},
    .unavailable = {},
    .create = [](ServerContext& context, CompletionQueue& queue,
                 bool oneThread) -> Result<std::unique_ptr<AsynchronousOperationProcessor>> {
        auto made = makeAsioOperationProcessor(
            queue, context.gate, context.listeningSocket,
            {.oneThread = oneThread, .cork = context.options.cork, .transmits = TransmitLimit::of(context.options)});
        if (!made) {
            return made.error();
        }
        return std::unique_ptr<AsynchronousOperationProcessor>(std::move(*made));
    },
};

} // namespace lab
