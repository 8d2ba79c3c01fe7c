// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/narrator.h"

#include <algorithm>
#include <cerrno>

namespace lab {

std::string Narrator::callEntered() const {
    const auto call = m_event.kindAs<SystemCall>();
    const auto name = std::string(words(call));
    switch (call) {
    case SystemCall::Accept: return who() + " calls accept and waits in the kernel until a client connects.";
    case SystemCall::Read:
        return who() + " calls read on " + subject() + " and waits in the kernel until the client's octets come.";
    case SystemCall::Write:
    case SystemCall::Writev:
        return who() + " calls " + name + " on " + subject() +
               " and waits in the kernel until the socket has taken its octets.";
    case SystemCall::Sendfile:
        return who() + " calls sendfile on " + subject() +
               " and waits in the kernel, which sends the file without a copy through the server.";
    case SystemCall::Splice:
        return who() + " calls splice on " + subject() +
               " and waits in the kernel until the file's pages in the pipe have gone on to the socket.";
    case SystemCall::Mmap: return who() + " maps a stretch of the file for " + subject() + " into memory.";
    case SystemCall::Setsockopt: return who() + " sets an option of the socket of " + subject() + ".";
    case SystemCall::Open:
        return who() + " opens the file for " + subject() + " and waits where the disk has to be asked.";
    case SystemCall::FileRead:
        return who() + " reads a piece of the file for " + subject() + " and waits where it must come from the disk.";
    case SystemCall::Select:
    case SystemCall::Poll:
    case SystemCall::Epoll: return demultiplexingEntered();
    case SystemCall::QueueWait: return queueWaitEntered();
    case SystemCall::IoUringEnter: return ringEntered();
    case SystemCall::AioSuspend:
        return who() + " waits in aio_suspend until a thread of the C library has read its piece of a file; " +
               readableCount(static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_event.value())), "read is",
                             "reads are") +
               " under way.";
    case SystemCall::Sleep:
        return who() + " sleeps for " + std::to_string(m_event.value()) + " ms over " + subject() +
               ": a handler that takes its time.";
    case SystemCall::WaitForProcess: return who() + " waits in the kernel until one of its child processes ends.";
    case SystemCall::Close: return who() + " closes the socket of " + subject() + ".";
    case SystemCall::Shutdown: return who() + " tells the client of " + subject() + " that nothing more will come.";
    default: return who() + " enters a system call.";
    }
}

std::string Narrator::demultiplexingEntered() const {
    const auto waits = who() + " waits in " + std::string(words(m_event.kindAs<SystemCall>()));
    if (m_event.value() > 0) {
        return waits + ": for whichever of " +
               readableCount(static_cast<std::uint64_t>(m_event.value()), "handle", "handles") +
               " becomes ready first.";
    }
    if (!isProactive()) {
        return waits + " with no handle to watch, until another thread wakes it.";
    }
    // Beneath an emulated processor, which handles are watched is Asio's affair.
    const auto operations = operationsInKernel();
    return waits + (operations == 0   ? ", with no operation under way."
                    : operations == 1 ? " until the one operation under way can be performed."
                                      : " until one of " + readableCount(operations, "operation", "operations") +
                                            " under way can be performed.");
}

std::string Narrator::demultiplexingLeft() const {
    if (m_event.value() == 0) {
        return " with nothing ready: time limits are due, or somebody woke it.";
    }
    const auto count = static_cast<std::uint64_t>(m_event.value());
    return isProactive() ? ": " + readableCount(count, "operation has been", "operations have been") + " performed."
                         : ": " + readableCount(count, "handle is", "handles are") + " ready.";
}

std::string Narrator::ringEntered() const {
    const auto handedOver = static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_event.value()));
    const auto inKernel = operationsInKernel();
    const auto start = handedOver == 0 ? who() + " enters io_uring_enter"
                                       : who() + " hands " + readableCount(handedOver, "submission", "submissions") +
                                             " over to the kernel by one io_uring_enter";
    return start + ", and waits until something is in the completion ring; " +
           readableCount(inKernel, "operation is", "operations are") + " under way.";
}

std::string Narrator::callLeft() const {
    const auto call = m_event.kindAs<SystemCall>();
    const auto name = std::string(words(call));
    const auto value = m_event.value();
    const auto returns = who() + "’s " + name + (m_event.connection != 0 ? " on " + subject() : std::string{}) +
                         " returns" + timeInCall();
    if (value == -EAGAIN) {
        return returns + ": its time was up before anything came of it.";
    }
    if (value < 0) {
        return returns + " without success: " + failure() + ".";
    }
    switch (call) {
    case SystemCall::Accept: return returns + ": a client has connected.";
    case SystemCall::Read:
        return value == 0 ? returns + " with nothing: the client will send no more."
                          : returns + " with " + readableOctets(value) + " of a request.";
    case SystemCall::Write:
    case SystemCall::Writev:
    case SystemCall::Sendfile:
    case SystemCall::Splice: return returns + ": the socket has taken " + readableOctets(value) + "." + headApart();
    case SystemCall::FileRead: return returns + " with " + readableOctets(value) + " of the file.";
    case SystemCall::Select:
    case SystemCall::Poll:
    case SystemCall::Epoll: return returns + demultiplexingLeft();
    case SystemCall::IoUringEnter:
        return value == 0
                   ? returns + ": the completion ring is empty; somebody woke it."
                   : returns + ": " + readableCount(static_cast<std::uint64_t>(value), "completion", "completions") +
                         " in the completion ring, which the kernel has put there.";
    case SystemCall::AioSuspend:
        return returns + ": " + readableCount(static_cast<std::uint64_t>(value), "read has", "reads have") +
               " been done, each by a blocking pread in a thread that the C library keeps.";
    case SystemCall::QueueWait: return queueWaitLeft();
    default: return returns + ".";
    }
}

std::string Narrator::callPerformed() const {
    const auto call = m_event.kindAs<SystemCall>();
    const auto name = std::string(words(call));
    const auto value = m_event.value();
    if (value == -EAGAIN) {
        return who() + " tries " + name + " on " + handlerOwner(m_event.connection) +
               ", but the kernel has nothing to give or no room now. It does not wait: it goes back to its handle set.";
    }
    if (value < 0) {
        return who() + " calls " + name + " for " + handlerOwner(m_event.connection) + ", which fails: " + failure() +
               ".";
    }
    switch (call) {
    case SystemCall::Fork:
        return who() + " calls fork: process " + std::to_string(value) +
               " begins as a copy of it, with the listening socket and no connection of others.";
    case SystemCall::Accept:
        return who() + " accepts a connection that was waiting in the backlog; the call does not block.";
    case SystemCall::Read:
        return value == 0 ? who() + " reads from " + subject() + " that the client will send no more."
                          : who() + " reads " + readableOctets(value) + " from " + subject() +
                                ": they were there already, so the call does not block.";
    case SystemCall::Write:
    case SystemCall::Writev:
        return who() + " writes " + readableOctets(value) + " to " + subject() + ": the socket takes them at once." +
               headApart();
    case SystemCall::Sendfile:
        return who() + " lets the kernel send " + readableOctets(value) + " of the file to " + subject() +
               ", without a copy through the server.";
    case SystemCall::Splice:
        return who() + " splices " + readableOctets(value) + " of the file through a pipe to " + subject() +
               ", without a copy through the server.";
    case SystemCall::Mmap:
        return who() + " maps " + readableOctets(value) + " of the file for " + subject() +
               " into memory: pages come when they are touched.";
    case SystemCall::Setsockopt:
        return value != 0 ? who() + " corks " + subject() + ": part-filled packets wait for more."
                          : who() + " takes the cork out of " + subject() + ": what is left goes now.";
    case SystemCall::Open: return who() + " opens the file for " + subject() + ".";
    case SystemCall::FileRead:
        return who() + " reads " + readableOctets(value) + " of the file for " + subject() + " into memory.";
    case SystemCall::Close: return who() + " closes the socket of " + subject() + ".";
    case SystemCall::Shutdown: return who() + " tells the client of " + subject() + " that nothing more will come.";
    case SystemCall::IoUringEnter:
        return who() + " hands " + readableCount(static_cast<std::uint64_t>(value), "submission", "submissions") +
               " over to the kernel by io_uring_enter, and does not wait.";
    case SystemCall::QueueWait:
        return who() + " looks into the completion queue: " +
               readableCount(static_cast<std::uint64_t>(value), "completion is", "completions are") + " there.";
    default: return who() + " makes a system call that does not block.";
    }
}

} // namespace lab
