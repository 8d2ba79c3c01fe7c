// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/io_uring_accept.h"
#include "engine/dispatch/io_uring_operation_processor.h"
#include "engine/dispatch/io_uring_rings.h"
#include "engine/dispatch/ordered_operation_processor.h"
#include "engine/trace/trace.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace lab {

/// See makeIoUringOperationProcessor().
class IoUringOperationProcessor final : public OrderedOperationProcessor {
public:
    IoUringOperationProcessor(CompletionQueue& queue, const Gate& gate, FileDescriptor listening, FileDescriptor wakeUp,
                              Cork cork, const TransmitLimit& transmits);
    /// Error: the kernel refuses.
    Result<void> open();

    std::unique_ptr<AsynchronousStream> makeStream(FileDescriptor socket) override;
    void accept(AsynchronousOperation& operation) override { m_accept.accept(operation); }
    void cancelAccept() override { cancel(m_accept); }
    bool holdsAccepted() override { return m_accept.holdsAccepted(); }
    bool mayStillAccept() override { return m_accept.mayStillAccept(); }
    void wait(AsynchronousOperation& operation, std::chrono::milliseconds delay) override;
    void interrupt() override;

    /// Submits a part of `operation`, whose owner may be gone when this returns.
    template <typename Prepare>
    void submit(const AsynchronousOperation& operation, RingRequest& request, Prepare prepare) {
        queued(operation, 1);
        m_rings->submit(&request, prepare);
    }
    template <typename Prepare, typename PrepareNext>
    void submitLinked(const AsynchronousOperation& operation, RingRequest& request, Prepare prepare, RingRequest& next,
                      PrepareNext prepareNext) {
        queued(operation, 2);
        m_rings->submitLinked(&request, prepare, &next, prepareNext);
    }
    /// The performing thread's own submissions, which belong to no operation.
    template <typename Prepare>
    void submitQuietly(RingRequest* request, Prepare prepare) {
        m_rings->submit(request, prepare);
    }

    /// Something of an operation has been performed: as goOn(), and says that perform() may return.
    template <typename Function>
    void tell(const AsynchronousOperation& operation, Function proceed) {
        m_told = true;
        goOn(operation, std::move(proceed));
    }

    /// Asks the kernel to give up what it does for `request`, which may have ended meanwhile. Any thread; no mark.
    void cancel(RingRequest& request);
    /// `operation` was never begun, and never will be: any thread. It is told of by the performing one; no mark.
    void giveUp(AsynchronousOperation& operation);

    /// Memory on the way from a file to a socket, of this size; kept for the next one when it is given back.
    static constexpr std::int64_t bufferOctets = 64 * 1024;
    std::unique_ptr<char[]> takeBuffer();
    void giveBack(std::unique_ptr<char[]> buffer);

    bool isSteered() const { return gate().engaged(); }

private:
    class Timer;
    class WakeUp final : public RingRequest {
    public:
        WakeUp(IoUringOperationProcessor& processor, FileDescriptor descriptor)
            : m_processor(processor)
            , m_descriptor(std::move(descriptor)) {}
        void arm();
        void ring();
        void performed(int result, bool more) override;

    private:
        IoUringOperationProcessor& m_processor;
        const FileDescriptor m_descriptor;
        std::uint64_t m_count = 0;
        bool m_armed = false;
    };

    void performOne() override;
    void performReady() override;
    void performWithin(std::chrono::milliseconds limit) override;
    SystemCall callOf(SystemCall) const override { return SystemCall::IoUringEnter; }
    std::int64_t entering() override;
    std::int64_t found() const override { return m_found; }

    void queued(const AsynchronousOperation& operation, unsigned submissions);
    void prepareToEnter();
    void reap();
    void submitCancellations();
    void tellGivenUp();
    void arm(Timer& timer);
    void timerHasRun(Timer& timer, int result);

    const Cork m_cork;
    WakeUp m_wakeUp;
    std::unique_ptr<IoUringRings> m_rings;
    IoUringAccept m_accept;

    std::mutex m_mutex;
    std::vector<RingRequest*> m_toCancel;           ///< guarded by m_mutex
    std::vector<AsynchronousOperation*> m_givenUp;  ///< guarded by m_mutex
    std::vector<std::unique_ptr<Timer>> m_timers;   ///< guarded by m_mutex
    std::vector<std::unique_ptr<char[]>> m_buffers; ///< guarded by m_mutex

    std::atomic<std::int64_t> m_queued{0}; ///< submissions of operations that were not said to be handed over yet

    // The performing thread's own.

    std::int64_t m_found = 0; ///< completions since it entered
    bool m_told = false;
    bool m_interrupted = false;
};

} // namespace lab
