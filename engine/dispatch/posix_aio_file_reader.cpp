// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/posix_aio_file_reader.h"

#include "engine/base/file_descriptor.h"
#include "engine/base/thread_group.h"
#include "engine/trace/trace.h"

#include <aio.h>
#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <mutex>
#include <sys/eventfd.h>
#include <utility>
#include <vector>

namespace lab {

namespace {

aiocb request(int file, std::int64_t offset, std::span<char> buffer) {
    aiocb control{};
    control.aio_fildes = file;
    control.aio_offset = offset;
    control.aio_buf = buffer.data();
    control.aio_nbytes = buffer.size();
    control.aio_sigevent.sigev_notify = SIGEV_NONE;
    return control;
}

class PosixAioFileReader final : public AsynchronousFileReader {
public:
    PosixAioFileReader(Trace* trace, std::function<void(AsynchronousOperation&, std::int64_t)> finished)
        : m_finished(std::move(finished))
        , m_wakeUp(::eventfd(0, EFD_CLOEXEC))
        , m_threads(trace, Gated::No) {} // it tells of nothing that a schedule could order

    ~PosixAioFileReader() override {
        {
            const std::lock_guard lock(m_mutex);
            m_ending = true;
        }
        wake();
        m_threads.join();
    }

    Result<void> start() {
        if (!m_wakeUp) {
            return Error::ofSystem("cannot wake the thread that collects file reads", errno);
        }
        return m_threads.start("aio collector", [this] { collect(); });
    }

    void read(AsynchronousOperation& operation, int file, std::int64_t offset, std::span<char> buffer) override {
        int failure = 0;
        {
            const std::lock_guard lock(m_mutex);
            auto& read = m_reads.emplace_back(Read{&operation, std::make_unique<aiocb>(request(file, offset, buffer))});
            if (::aio_read(read.control.get()) < 0) {
                failure = errno; // EAGAIN: as many as the C library takes
                m_reads.pop_back();
            }
        }
        if (failure != 0) {
            m_finished(operation, -failure);
        } else {
            wake();
        }
    }

    /// The C library leaves alone what one of its threads is at already.
    void cancel(const AsynchronousOperation& operation) override {
        const std::lock_guard lock(m_mutex);
        const auto found = std::find_if(m_reads.begin(), m_reads.end(),
                                        [&](const Read& read) { return read.operation == &operation; });
        if (found != m_reads.end()) {
            ::aio_cancel(found->control->aio_fildes, found->control.get());
        }
    }

private:
    struct Read {
        AsynchronousOperation* operation;
        std::unique_ptr<aiocb> control; ///< the C library knows it by its address
    };
    struct Finished {
        AsynchronousOperation* operation;
        std::int64_t result;
    };

    void wake() {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(m_wakeUp.get(), &one, sizeof one);
    }

    /// aio_suspend() cannot be told of further requests. So one of those that it waits for is a read of what wake()
    /// writes.
    void collect() {
        std::uint64_t count = 0;
        const std::span<char> place(reinterpret_cast<char*>(&count), sizeof count);
        aiocb wakeUp = request(m_wakeUp.get(), 0, place);
        bool armed = ::aio_read(&wakeUp) == 0;
        while (armed) {
            const auto waitedFor = underWay(&wakeUp);
            LAB_MARK(CallEntered, AsynchronousOperationProcessor, "aio_suspend", .kind = SystemCall::AioSuspend,
                     .value = static_cast<std::int64_t>(waitedFor.size()) - 1);
            ::aio_suspend(waitedFor.data(), static_cast<int>(waitedFor.size()), nullptr);
            const auto finished = takeFinished();
            LAB_MARK(CallLeft, AsynchronousOperationProcessor, "aio_suspend", .kind = SystemCall::AioSuspend,
                     .value = static_cast<std::int64_t>(finished.size()));
            for (const auto& each : finished) {
                m_finished(*each.operation, each.result);
            }
            if (::aio_error(&wakeUp) != EINPROGRESS) {
                ::aio_return(&wakeUp);
                armed = !hasEnded();
                if (armed) {
                    wakeUp = request(m_wakeUp.get(), 0, place);
                    armed = ::aio_read(&wakeUp) == 0;
                }
            }
        }
        awaitRest();
    }

    std::vector<const aiocb*> underWay(const aiocb* wakeUp) {
        std::vector<const aiocb*> all{wakeUp};
        const std::lock_guard lock(m_mutex);
        for (const auto& read : m_reads) {
            all.push_back(read.control.get());
        }
        return all;
    }

    std::vector<Finished> takeFinished() {
        std::vector<Finished> all;
        const std::lock_guard lock(m_mutex);
        for (auto read = m_reads.begin(); read != m_reads.end();) {
            const int error = ::aio_error(read->control.get());
            if (error == EINPROGRESS) {
                ++read;
                continue;
            }
            const auto octets = ::aio_return(read->control.get());
            all.push_back({read->operation, error != 0 ? -error : octets});
            read = m_reads.erase(read);
        }
        return all;
    }

    bool hasEnded() {
        const std::lock_guard lock(m_mutex);
        return m_ending;
    }

    /// Nobody wants to know any more; but until then the C library writes into buffers of ours.
    void awaitRest() {
        const std::lock_guard lock(m_mutex);
        for (const auto& read : m_reads) {
            const aiocb* only = read.control.get();
            while (::aio_error(only) == EINPROGRESS) {
                ::aio_suspend(&only, 1, nullptr);
            }
        }
    }

    const std::function<void(AsynchronousOperation&, std::int64_t)> m_finished;
    const FileDescriptor m_wakeUp;
    std::mutex m_mutex;
    std::vector<Read> m_reads; ///< guarded by m_mutex: under way, or done and not told yet
    bool m_ending = false;     ///< guarded by m_mutex
    ThreadGroup m_threads;     ///< the collector alone
};

} // namespace

Result<std::unique_ptr<AsynchronousFileReader>>
makePosixAioFileReader(Trace* trace, std::function<void(AsynchronousOperation&, std::int64_t)> finished) {
    auto reader = std::make_unique<PosixAioFileReader>(trace, std::move(finished));
    if (auto started = reader->start(); !started) {
        return started.error();
    }
    return std::unique_ptr<AsynchronousFileReader>(std::move(reader));
}

} // namespace lab
