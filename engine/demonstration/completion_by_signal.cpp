// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/file_descriptor.h"
#include "engine/demonstration/borrowed_signal.h"
#include "engine/demonstration/demonstration.h"

#include <aio.h>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <ostream>
#include <poll.h>
#include <set>
#include <string>
#include <unistd.h>

namespace lab {

namespace {

constexpr std::size_t operations = 3;
constexpr std::size_t pieceOctets = 4096;

/// What the signal handler passes on: it may do next to nothing else.
struct Notice {
    void* token;
    pid_t thread;
    int code;
};

// A signal handler has no object of its own to reach.
int noticeWriter = -1;

/// The Completion Dispatcher of this demonstration. Runs on whichever thread the kernel interrupts, in the middle of
/// whatever that does; only calls that are safe then are made.
void dispatch(int, siginfo_t* info, void*) {
    const int before = errno;
    const Notice notice{info->si_value.sival_ptr, ::gettid(), info->si_code};
    [[maybe_unused]] const auto written = ::write(noticeWriter, &notice, sizeof notice);
    errno = before;
}

std::set<std::string> threadsOfThisProcess() {
    std::set<std::string> threads;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task", ignored)) {
        threads.insert(entry.path().filename());
    }
    return threads;
}

class SignalledReads {
public:
    Result<void> prepare() {
        m_file.reset(::fileno(m_temporary) >= 0 ? ::dup(::fileno(m_temporary)) : -1);
        const std::string content(operations * pieceOctets, 'x');
        if (!m_file || ::pwrite(m_file.get(), content.data(), content.size(), 0) < 0 ||
            ::pipe2(m_pipe.data(), O_CLOEXEC) < 0) {
            return Error::ofSystem("cannot make a temporary file", errno);
        }
        m_reader.reset(m_pipe[0]);
        m_writer.reset(m_pipe[1]);
        return {};
    }

    ~SignalledReads() {
        for (auto& control : m_controls) {
            const aiocb* only = &control;
            while (m_started && ::aio_error(only) == EINPROGRESS) {
                ::aio_suspend(&only, 1, nullptr); // until then the C library writes into our buffer
            }
        }
        if (m_temporary != nullptr) {
            std::fclose(m_temporary);
        }
    }

    /// Each read with a signal number of its own from `firstSignal` on: who handles signals for a program in between,
    /// as sanitizers do, may keep but one of a number.
    Result<void> start(int firstSignal) {
        noticeWriter = m_writer.get();
        for (std::size_t index = 0; index < operations; ++index) {
            auto& control = m_controls[index];
            control.aio_fildes = m_file.get();
            control.aio_offset = static_cast<off_t>(index * pieceOctets);
            control.aio_buf = m_buffers[index].data();
            control.aio_nbytes = pieceOctets;
            control.aio_sigevent.sigev_notify = SIGEV_SIGNAL;
            control.aio_sigevent.sigev_signo = firstSignal + static_cast<int>(index);
            control.aio_sigevent.sigev_value.sival_ptr = &control;
            if (::aio_read(&control) < 0) {
                return Error::ofSystem("aio_read", errno);
            }
            m_started = true;
        }
        return {};
    }

    /// The next notice; nothing after ten seconds.
    bool await(Notice& notice) {
        pollfd arrival{.fd = m_reader.get(), .events = POLLIN, .revents = 0};
        constexpr int patience = 10'000; // ms
        int ready = 0;
        do {
            ready = ::poll(&arrival, 1, patience);
        } while (ready < 0 && errno == EINTR);
        return ready > 0 && ::read(m_reader.get(), &notice, sizeof notice) == sizeof notice;
    }

    std::size_t numberOf(const void* token) const {
        return static_cast<std::size_t>(static_cast<const aiocb*>(token) - m_controls.data()) + 1;
    }

private:
    std::FILE* m_temporary = std::tmpfile();
    FileDescriptor m_file;
    std::array<int, 2> m_pipe{};
    FileDescriptor m_reader;
    FileDescriptor m_writer;
    std::array<aiocb, operations> m_controls{};
    std::array<std::array<char, pieceOctets>, operations> m_buffers{};
    bool m_started = false;
};

Result<void> completeBySignal(std::ostream& out) {
    SignalledReads reads;
    if (auto prepared = reads.prepare(); !prepared) {
        return prepared;
    }
    const int firstSignal = SIGRTMIN + 4;
    const auto before = threadsOfThisProcess();
    const std::array<BorrowedSignal, operations> dispatchers{BorrowedSignal(firstSignal, dispatch),
                                                             BorrowedSignal(firstSignal + 1, dispatch),
                                                             BorrowedSignal(firstSignal + 2, dispatch)};
    out << "Thread " << ::gettid() << " initiates " << operations
        << " reads of a file by aio_read, each with a signal (" << firstSignal << " to "
        << firstSignal + static_cast<int>(operations) - 1 << ") for its completion and its own address as the token.\n";
    if (auto started = reads.start(firstSignal); !started) {
        return started;
    }
    std::string library;
    for (const auto& thread : threadsOfThisProcess()) {
        library += before.contains(thread) ? "" : " " + thread;
    }
    out << (library.empty()
                ? "The C library's threads have done the reads already, and gone.\n"
                : "The C library has started a thread for them, which makes blocking reads:" + library + "\n");
    for (std::size_t count = 0; count < operations; ++count) {
        Notice notice{};
        if (!reads.await(notice)) {
            return Error{"a read has not been signalled within ten seconds"};
        }
        auto* control = static_cast<aiocb*>(notice.token);
        const int error = ::aio_error(control);
        out << "The signal has interrupted thread " << notice.thread
            << (notice.code == SI_ASYNCIO ? ", sent for asynchronous I/O" : "") << "; its token leads to read "
            << reads.numberOf(notice.token) << ": "
            << (error == 0 ? std::to_string(::aio_return(control)) + " octets" : "error " + std::to_string(error))
            << ".\n";
    }
    out << "The handler ran between two instructions of that thread, so all it did was to write the token into a "
           "pipe:\n"
           "a Completion Handler called there could take no lock and allocate no memory.\n";
    return {};
}

} // namespace

const Demonstration completionBySignal{
    .id = "signals",
    .title = "Completion by signal",
    .source = "Hu, Pyarali, Schmidt, section 4.6",
    .about =
        "A signal as Completion Dispatcher: truly asynchronous, since it interrupts whatever a thread does. For the "
        "same reason next to nothing may be done in it, so that servers wait for completions instead.",
    .run = completeBySignal,
};

} // namespace lab
