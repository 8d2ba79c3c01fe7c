// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/io_uring_operation_processor.h"

#include "engine/dispatch/io_uring_processor.h"
#include "engine/dispatch/io_uring_stream.h"
#include "engine/dispatch/processor_list.h"
#include "engine/server/server_context.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace lab {

/// A timer operation; given to the kernel again until lab time has come so far.
class IoUringOperationProcessor::Timer final : public RingRequest {
public:
    Timer(IoUringOperationProcessor& owner, AsynchronousOperation& waiting, std::int64_t until)
        : processor(owner)
        , operation(waiting)
        , due(until) {}
    void performed(int result, bool) override { processor.timerHasRun(*this, result); }

    IoUringOperationProcessor& processor;
    AsynchronousOperation& operation;
    const std::int64_t due; ///< lab time, ns
    __kernel_timespec left{};
};

void IoUringOperationProcessor::WakeUp::arm() {
    if (!m_armed) {
        m_armed = true;
        m_processor.submitQuietly(this, [this](io_uring_sqe* entry) {
            ::io_uring_prep_read(entry, m_descriptor.get(), &m_count, sizeof m_count, 0);
        });
    }
}

void IoUringOperationProcessor::WakeUp::ring() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_descriptor.get(), &one, sizeof one); // never full
}

void IoUringOperationProcessor::WakeUp::performed(int, bool) {
    m_armed = false;
    m_processor.m_interrupted = true;
    m_processor.submitCancellations();
    m_processor.tellGivenUp();
}

IoUringOperationProcessor::IoUringOperationProcessor(CompletionQueue& queue, const Gate& gate, FileDescriptor listening,
                                                     FileDescriptor wakeUp, Cork cork, const TransmitLimit& transmits)
    : OrderedOperationProcessor(queue, gate, transmits)
    , m_cork(cork)
    , m_wakeUp(*this, std::move(wakeUp))
    , m_accept(*this, std::move(listening)) {}

Result<void> IoUringOperationProcessor::open() {
    auto rings = IoUringRings::create([this] { m_wakeUp.ring(); });
    if (!rings) {
        return rings.error();
    }
    m_rings = std::move(*rings);
    return {};
}

std::unique_ptr<AsynchronousStream> IoUringOperationProcessor::makeStream(FileDescriptor socket) {
    return makeIoUringStream(*this, std::move(socket), m_cork);
}

void IoUringOperationProcessor::interrupt() { m_wakeUp.ring(); }

void IoUringOperationProcessor::cancel(RingRequest& request) {
    {
        const std::lock_guard lock(m_mutex);
        m_toCancel.push_back(&request);
    }
    m_wakeUp.ring();
}

void IoUringOperationProcessor::giveUp(AsynchronousOperation& operation) {
    {
        const std::lock_guard lock(m_mutex);
        m_givenUp.push_back(&operation);
    }
    m_wakeUp.ring();
}

void IoUringOperationProcessor::tellGivenUp() {
    std::vector<AsynchronousOperation*> operations;
    {
        const std::lock_guard lock(m_mutex);
        operations.swap(m_givenUp);
    }
    for (auto* operation : operations) {
        tell(*operation, [this, operation] { complete(*operation, -ECANCELED); });
    }
}

/// By the performing thread, since with one thread the kernel takes submissions from no other. A request that has
/// ended, or one that took its place in memory, is no harm: who is cancelled looks whether it was meant.
void IoUringOperationProcessor::submitCancellations() {
    std::vector<RingRequest*> requests;
    {
        const std::lock_guard lock(m_mutex);
        requests.swap(m_toCancel);
    }
    for (auto* request : requests) {
        submitQuietly(nullptr, [request](io_uring_sqe* entry) { ::io_uring_prep_cancel(entry, request, 0); });
    }
}

void IoUringOperationProcessor::wait(AsynchronousOperation& operation, std::chrono::milliseconds delay) {
    auto timer = std::make_unique<Timer>(*this, operation, gate().now() + std::chrono::nanoseconds(delay).count());
    auto& borrowed = *timer;
    {
        const std::lock_guard lock(m_mutex);
        m_timers.push_back(std::move(timer));
    }
    queued(operation, 1);
    arm(borrowed);
}

void IoUringOperationProcessor::arm(Timer& timer) {
    const auto left = kernelTime(timer.due).count();
    timer.left.tv_sec = left / 1'000'000'000;
    timer.left.tv_nsec = left % 1'000'000'000;
    submitQuietly(&timer, [&timer](io_uring_sqe* entry) { ::io_uring_prep_timeout(entry, &timer.left, 0, 0); });
}

void IoUringOperationProcessor::timerHasRun(Timer& timer, int result) {
    auto& operation = timer.operation;
    const bool hasEnded = result != -ETIME;
    if (!hasEnded && !mayBeTold(operation.id, timer.due)) {
        arm(timer);
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_timers, [&timer](const auto& each) { return each.get() == &timer; });
    }
    tell(operation, [this, &operation, hasEnded, result] { complete(operation, hasEnded ? result : 0); });
}

void IoUringOperationProcessor::queued(const AsynchronousOperation& operation, unsigned submissions) {
    [[maybe_unused]] const auto depth = m_queued.fetch_add(submissions, std::memory_order_relaxed) + submissions;
    LAB_MARK_WITH(SubmissionQueued, AsynchronousOperationProcessor, "queue submission",
                  .connection = operation.connection, .operation = operation.id, .kind = operation.kind,
                  .value = depth);
}

std::unique_ptr<char[]> IoUringOperationProcessor::takeBuffer() {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_buffers.empty()) {
            auto buffer = std::move(m_buffers.back());
            m_buffers.pop_back();
            return buffer;
        }
    }
    return std::make_unique_for_overwrite<char[]>(bufferOctets);
}

void IoUringOperationProcessor::giveBack(std::unique_ptr<char[]> buffer) {
    constexpr std::size_t kept = 64;
    const std::lock_guard lock(m_mutex);
    if (m_buffers.size() < kept) {
        m_buffers.push_back(std::move(buffer));
    }
}

void IoUringOperationProcessor::prepareToEnter() {
    m_told = false;
    m_interrupted = false;
    m_wakeUp.arm();
    m_accept.offer();
}

std::int64_t IoUringOperationProcessor::entering() {
    m_found = 0;
    return m_queued.exchange(0, std::memory_order_relaxed);
}

void IoUringOperationProcessor::performOne() {
    do {
        prepareToEnter();
        if (m_told) {
            m_rings->enter();
        } else {
            m_rings->enterAndWait(std::nullopt);
        }
        reap();
    } while (!m_told && !m_interrupted);
}

/// With the gate open everything that was there has been taken already.
void IoUringOperationProcessor::performReady() {
    if (isSteered()) {
        prepareToEnter();
        m_rings->enter();
        reap();
    }
}

void IoUringOperationProcessor::performWithin(std::chrono::milliseconds limit) {
    prepareToEnter();
    if (!m_told) {
        m_rings->enterAndWait(limit);
        reap();
    }
}

void IoUringOperationProcessor::reap() {
    const auto completions = m_rings->reap();
    m_found += static_cast<std::int64_t>(completions.size());
    for (const auto& completion : completions) {
        if (completion.request != nullptr) {
            completion.request->performed(completion.result, completion.more);
        }
    }
}

Result<std::unique_ptr<AsynchronousOperationProcessor>> makeIoUringOperationProcessor(CompletionQueue& queue,
                                                                                      const Gate& gate,
                                                                                      int listeningSocket, Cork cork,
                                                                                      const TransmitLimit& transmits) {
    FileDescriptor listening(::fcntl(listeningSocket, F_DUPFD_CLOEXEC, 0));
    FileDescriptor wakeUp(::eventfd(0, EFD_CLOEXEC));
    if (!listening || !wakeUp || ::fcntl(listeningSocket, F_SETFL, 0) < 0) {
        return Error::ofSystem("cannot watch the listening socket", errno);
    }
    auto processor = std::make_unique<IoUringOperationProcessor>(queue, gate, std::move(listening), std::move(wakeUp),
                                                                 cork, transmits);
    if (auto opened = processor->open(); !opened) {
        return opened.error();
    }
    return std::unique_ptr<AsynchronousOperationProcessor>(std::move(processor));
}

const ProcessorDescription ioUringProcessor{
    .kind = ProcessorKind::IoUring,
    .id = "io_uring",
    .title = "io_uring",
    .source = "beyond the papers; what their section 4.6 says of Windows NT's completion ports",
    .summary =
        "The kernel performs the operations: submissions and completions travel in two rings that it shares with "
        "the server.",
    .transfers = {FileTransfer::TransmitFile, FileTransfer::ReadWrite, FileTransfer::AsyncReadWrite,
                  FileTransfer::MmapWritev},
    .unavailable = ioUringUnavailable,
    .create =
        [](ServerContext& context, CompletionQueue& queue, bool /*oneThread: the rings have one in any case*/) {
            return makeIoUringOperationProcessor(queue, context.gate, context.listeningSocket, context.options.cork,
                                                 TransmitLimit::of(context.options));
        },
};

} // namespace lab
