// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/file_descriptor.h"
#include "engine/base/thread_group.h"
#include "engine/demonstration/borrowed_signal.h"
#include "engine/demonstration/demonstration.h"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <ostream>
#include <poll.h>
#include <pthread.h>
#include <string>
#include <unistd.h>

namespace lab {

namespace {

/// A procedure that is queued to a thread, with what it needs: what the signal's value points to.
struct QueuedCall {
    void (*procedure)(QueuedCall& call) = nullptr;
    std::int64_t octets = 0;
    volatile std::sig_atomic_t wasCalled = 0;
    pid_t calledOn = 0;
};

void carryOut(int, siginfo_t* info, void*) {
    auto& call = *static_cast<QueuedCall*>(info->si_value.sival_ptr);
    call.procedure(call);
}

void readHasCompleted(QueuedCall& call) {
    call.calledOn = ::gettid();
    call.wasCalled = 1;
}

bool isPending(int signal) {
    sigset_t pending;
    sigemptyset(&pending);
    ::sigpending(&pending);
    return sigismember(&pending, signal) == 1;
}

/// Blocks a signal for the calling thread, and gives the former mask back.
class Blocked {
public:
    explicit Blocked(int signal) {
        sigset_t one;
        sigemptyset(&one);
        sigaddset(&one, signal);
        ::pthread_sigmask(SIG_BLOCK, &one, &m_before);
        m_alertable = m_before;
        sigdelset(&m_alertable, signal);
    }
    ~Blocked() { ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr); }
    Blocked(const Blocked&) = delete;
    Blocked& operator=(const Blocked&) = delete;
    const sigset_t& alertable() const { return m_alertable; }

private:
    sigset_t m_before{};
    sigset_t m_alertable{};
};

/// Another thread performs the read and queues the call to `initiator`.
Result<void> performElsewhere(int file, pthread_t initiator, int signal, QueuedCall& call, pid_t& performer) {
    ThreadGroup threads(nullptr);
    auto started = threads.start("performer", [&, file, initiator, signal] {
        performer = ::gettid();
        char buffer[512];
        call.octets = ::pread(file, buffer, sizeof buffer, 0);
        sigval value{};
        value.sival_ptr = &call;
        ::pthread_sigqueue(initiator, signal, value);
    });
    threads.join();
    return started;
}

/// ppoll() with the signal let in, for that wait only: the nearest thing to SleepEx(..., alertable).
bool waitAlertably(const sigset_t& mask, const QueuedCall& call) {
    const timespec patience{.tv_sec = 10, .tv_nsec = 0};
    int result = 0;
    do {
        result = ::ppoll(nullptr, 0, &patience, &mask);
    } while (result < 0 && errno == EINTR && call.wasCalled == 0);
    return call.wasCalled != 0;
}

Result<void> callProcedure(std::ostream& out) {
    std::FILE* temporary = std::tmpfile();
    if (temporary == nullptr) {
        return Error::ofSystem("cannot make a temporary file", errno);
    }
    const FileDescriptor file(::dup(::fileno(temporary)));
    std::fclose(temporary);
    const std::string content(300, 'x');
    if (::pwrite(file.get(), content.data(), content.size(), 0) < 0) {
        return Error::ofSystem("cannot write a temporary file", errno);
    }
    const int signal = SIGRTMIN + 5;
    const BorrowedSignal handler(signal, carryOut);
    const Blocked blocked(signal);
    QueuedCall call{.procedure = readHasCompleted};
    pid_t performer = 0;
    out << "Thread " << ::gettid() << " initiates a read and names the procedure to be called on itself.\n";
    if (auto performed = performElsewhere(file.get(), ::pthread_self(), signal, call, performer); !performed) {
        return performed;
    }
    out << "Thread " << performer << " has read " << call.octets << " octets, and queued the call to thread "
        << ::gettid() << " by pthread_sigqueue, with the operation's address.\n";
    out << (isPending(signal) && call.wasCalled == 0
                ? "The call is queued and not carried out: thread " + std::to_string(::gettid()) +
                      " runs on and has not asked to be interrupted.\n"
                : std::string("The call was carried out at once.\n"));
    if (!waitAlertably(blocked.alertable(), call)) {
        return Error{"the queued call was not carried out within ten seconds"};
    }
    out << "In ppoll, which lets the signal in while it waits, the procedure was called on thread " << call.calledOn
        << (call.calledOn == ::gettid() ? ": the one that initiated the read.\n" : ".\n")
        << "Windows NT has this built in, and nothing that its procedure may not do: it is called only in waits that\n"
           "are alertable, so never between two instructions. Here the wait gives the same, but only by care.\n";
    return {};
}

} // namespace

const Demonstration procedureCall{
    .id = "apc",
    .title = "An asynchronous procedure call, by other means",
    .source = "Hu, Pyarali, Schmidt, section 4.6",
    .about =
        "Windows NT queues a procedure to the thread that initiated an operation, and calls it when that thread waits "
        "alertably. Linux has no such queue; a signal sent to one thread, blocked but in ppoll, comes nearest.",
    .run = callProcedure,
};

} // namespace lab
