// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <liburing.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace lab {

/// What the kernel is asked for by submissions, and who is told of their completions. Stays until the last of them.
class RingRequest {
public:
    /// `result` as the system call's, errors negated. `more`: further completions of the same submission follow.
    virtual void performed(int result, bool more) = 0;

protected:
    ~RingRequest() = default;
};

/// The two rings that a program shares with the kernel: submissions go there, completions come back.
///
/// Role: beneath the io_uring Asynchronous Operation Processor. Decides: when io_uring_enter is called: once a turn of
/// the performing thread, which hands over everything that was queued since and waits by the same call. So the kernel
/// knows one thread only, and completes operations when that one comes to look, instead of interrupting others. What
/// other threads submit is handed to the performing one.
/// Threads: submit() by any, wake() is called by those that are not the performing one; the rest by the performing one.
/// Owner: the processor. No mark is made here.
class IoUringRings {
public:
    struct Completion {
        RingRequest* request; ///< null: nobody wants to know
        int result;
        bool more;
    };

    /// `wake` makes a wait of the performing thread end. Error: the kernel refuses.
    static Result<std::unique_ptr<IoUringRings>> create(std::function<void()> wake);
    ~IoUringRings();
    IoUringRings(const IoUringRings&) = delete;
    IoUringRings& operator=(const IoUringRings&) = delete;

    /// Queues a submission: `prepare` fills in what is asked for.
    template <typename Prepare>
    void submit(RingRequest* request, Prepare prepare) {
        io_uring_sqe entry{};
        prepare(&entry);
        ::io_uring_sqe_set_data(&entry, request);
        queue({&entry, 1});
    }

    /// The same with two: the second is performed when the first has been, wholly. Only one of them completes: the
    /// second, or the first if that fails or does less than it was asked for.
    template <typename Prepare, typename PrepareNext>
    void submitLinked(RingRequest* request, Prepare prepare, RingRequest* next, PrepareNext prepareNext) {
        std::array<io_uring_sqe, 2> entries{};
        prepare(&entries[0]);
        entries[0].flags |= IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
        ::io_uring_sqe_set_data(&entries[0], request);
        prepareNext(&entries[1]);
        ::io_uring_sqe_set_data(&entries[1], next);
        queue(entries);
    }

    /// Hands over what is queued and waits until there is at least one completion; not longer than `limit`, if given.
    void enterAndWait(std::optional<std::chrono::milliseconds> limit);
    /// The same without waiting.
    void enter();

    /// Takes all completions out of the ring. Valid until the next call.
    std::span<const Completion> reap();

private:
    explicit IoUringRings(std::function<void()> wake)
        : m_wake(std::move(wake)) {}
    int open();
    void becomePerformer();
    bool isPerformer() const { return m_performer.load(std::memory_order_relaxed) == std::this_thread::get_id(); }
    void queue(std::span<const io_uring_sqe> entries);
    void put(std::span<const io_uring_sqe> entries);
    void takeOver(bool sleeps);

    const std::function<void()> m_wake;
    bool m_enabled = true; ///< while not, the ring waits for the thread that will use it
    std::atomic<std::thread::id> m_performer{};
    io_uring m_ring{};
    std::vector<Completion> m_found;

    std::mutex m_mutex;
    std::vector<io_uring_sqe> m_ofOthers; ///< guarded by m_mutex: submissions of other threads
    bool m_sleeps = false;                ///< guarded by m_mutex: the performing thread has not seen what comes now
};

/// Why io_uring cannot be used here; empty: it can.
std::string ioUringUnavailable();

} // namespace lab
