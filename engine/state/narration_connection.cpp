// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/narrator.h"

#include <algorithm>

namespace lab {

std::string Narrator::connectionAccepted() const {
    const auto port = static_cast<std::uint16_t>(m_event.value());
    std::string peer = "a client on port " + std::to_string(port);
    if (const auto* number = m_before.clientByPort.get(port)) {
        peer = "client " + std::to_string(*number);
    }
    if (m_event.kindAs<Origin>() == Origin::Outside) {
        peer = "somebody from outside the lab, on port " + std::to_string(port);
    }
    const auto acceptor = isProactive() ? std::string("The Async Acceptor") : "The Acceptor, in " + who() + ",";
    const auto handler = isProactive() ? "a Protocol Handler" : "an HTTP Handler";
    return acceptor + " takes in " + peer + " as " + subject() + ", and makes " + handler + " for it.";
}

std::string Narrator::acceptFailed() const {
    auto sentence = "The Acceptor cannot take a client in: " + readableError(m_event.kind()) + ".";
    if (m_event.value() > 0) {
        sentence +=
            " It tries again in " + readableDuration(static_cast<std::uint64_t>(m_event.value()) * 1'000'000) + ".";
    }
    return sentence;
}

std::string Narrator::workerRefused() const {
    if (m_event.kindAs<Worker>() == Worker::Process) {
        return "The system has no process to give: fork has failed, and is tried again after a rest.";
    }
    auto sentence =
        "The system has no thread to give for " + subject() + ": it is accepted, but will be closed unserved.";
    if (m_event.value() > 0) {
        sentence += " The Acceptor takes the next client in after " +
                    readableDuration(static_cast<std::uint64_t>(m_event.value()) * 1'000'000) + ".";
    }
    return sentence;
}

std::string Narrator::connectionClosed() const {
    const auto requests =
        readableCount(static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_event.value())), "request", "requests");
    const auto closes = who() + " closes " + subject() + " after " + requests + ": ";
    switch (m_event.kindAs<CloseReason>()) {
    case CloseReason::Finished: return closes + "all has been said.";
    case CloseReason::PeerClosed: return closes + "the client has closed its side.";
    case CloseReason::Reset: return closes + "the client has broken the connection off.";
    case CloseReason::DeadlineExpired: return closes + "its time was up.";
    case CloseReason::ServerStopping: return closes + "the server is stopping.";
    case CloseReason::Cancelled:
        return closes + "its operation was cancelled from outside, so what is left of its answer stays unsent.";
    case CloseReason::ProcessEnded:
        return "The process that served " + subject() + " is gone, so the kernel has closed the connection after " +
               requests + ": no other connection is lost.";
    case CloseReason::Failed: return closes + "something failed on the way.";
    default: return closes + "nobody says why.";
    }
}

std::string Narrator::deadlineExpired() const {
    switch (m_event.kindAs<Deadline>()) {
    case Deadline::Header: return subject() + " is out of time: its client has not sent a whole request header.";
    case Deadline::Body: return subject() + " is out of time: its client has not sent the rest of its request.";
    case Deadline::Idle: return subject() + " is out of time: its client has asked for nothing more.";
    case Deadline::Write: return subject() + " is out of time: its client does not take its answer.";
    case Deadline::Linger: return subject() + " is out of time: its client does not close its side.";
    default: return subject() + " is out of time.";
    }
}

std::string Narrator::requestParsed() const {
    const auto method = m_event.kindAs<Method>();
    const auto what =
        method == Method::Get || method == Method::Head ? "a " + std::string(words(method)) : std::string("a request");
    return who() + " has parsed the request of " + subject() + ": " + what + ", " + readableOctets(m_event.value()) +
           "." + meanwhile();
}

std::string Narrator::fileFound() const {
    const auto path = text(m_event.value());
    switch (m_event.kindAs<FileSource>()) {
    case FileSource::NotFound: return "There is no " + path + " for " + subject() + ".";
    case FileSource::CacheHit:
        return path + " for " + subject() + " is in the Cached Virtual Filesystem’s memory: no disk is asked.";
    case FileSource::CacheMiss:
        return path + " for " + subject() +
               " was not in memory yet; the Cached Virtual Filesystem has read it and keeps it.";
    case FileSource::Opened:
        return path + " for " + subject() + " is opened for this answer alone: the cache has no room for it.";
    case FileSource::DescriptorHit:
        return path + " for " + subject() +
               " is kept open by the Cached Virtual Filesystem, which has its descriptor and not its octets: they come "
               "from the kernel's page cache, or from the disk, when they are sent.";
    case FileSource::DescriptorMiss:
        return path + " for " + subject() +
               " was not open yet; the Cached Virtual Filesystem has opened it and keeps the descriptor. Its octets "
               "are "
               "not read before they are sent.";
    case FileSource::Uncached:
        return path + " for " + subject() +
               " is opened for this answer alone: the server keeps no file, it has no cache.";
    case FileSource::Count: break;
    }
    return "The file for " + subject() + " is looked for.";
}

std::string Narrator::fileEvicted() const {
    const auto path = text(m_event.value());
    switch (m_event.kindAs<Eviction>()) {
    case Eviction::LeastRecentlyUsed:
        return "The cache is full: " + path + " goes, which nobody has asked for the longest.";
    case Eviction::LeastFrequentlyUsed: return "The cache is full: " + path + " goes, which was asked for least often.";
    case Eviction::NotPinned:
        return "The cache is full: " + path +
               " goes, which nobody has asked for the longest of those that the hints do not pin.";
    case Eviction::WithDirectory: return "The cache is full: " + path + " goes, with all the files of its directory.";
    default: return "The cache is full: " + path + " goes.";
    }
}

std::string Narrator::responseStarted() const {
    if (responseStatus(m_event.value()) == 0) {
        return "What " + subject() +
               " was sent goes back as it came: " + readableOctets(responseOctets(m_event.value())) + ".";
    }
    const auto start = "The answer to " + subject() + " is ready to go: status " +
                       std::to_string(responseStatus(m_event.value())) + ", " +
                       readableOctets(responseOctets(m_event.value()));
    switch (m_event.kindAs<Transfer>()) {
    case Transfer::None: return start + ", without a body.";
    case Transfer::Memory: return start + ", all from memory.";
    case Transfer::ReadWrite: return start + ", the file read and written piece by piece.";
    case Transfer::TransmitFile: return start + ", the file by TransmitFile: " + transmitFile();
    case Transfer::MmapWritev: return start + ", the file mapped into memory and written from there.";
    case Transfer::Sendfile: return start + ", the file by sendfile: no copy passes through the server.";
    case Transfer::Splice: return start + ", the file by splice: its pages go through a pipe to the socket.";
    case Transfer::AsyncReadWrite: return start + ", the file read asynchronously and then written asynchronously.";
    case Transfer::Count: break;
    }
    return start + ".";
}

std::string Narrator::transmitFile() const {
    const auto processor = processorAt(m_before, m_glossary);
    const std::string back = " The handler is called when all is sent.";
    if (processor.find("epoll") != std::string::npos) {
        return "a thread of the server calls sendfile each time the socket has room." + back;
    }
    if (processor.find("io_uring") != std::string::npos) {
        return "the processor submits a read and a send, linked, for each 64 KiB." + back;
    }
    return "the Asynchronous Operation Processor sends it." + back;
}

std::string Narrator::headApart() const {
    const auto* connection = m_before.connections.get(m_event.connection);
    if (connection == nullptr || m_event.kindAs<SystemCall>() != SystemCall::Writev || connection->octetsSent != 0 ||
        m_event.value() >= connection->octetsToSend || settingAt(m_before, m_glossary, "cork") != "none") {
        return {};
    }
    switch (connection->transfer) {
    case Transfer::ReadWrite:
    case Transfer::TransmitFile:
    case Transfer::Sendfile:
    case Transfer::Splice:
        return " With neither cork nor MSG_MORE the head leaves in a segment of its own, and without TCP_NODELAY what "
               "follows may wait for its acknowledgement (Nagle, RFC 896).";
    default: return {};
    }
}

std::string Narrator::octetsHeldBack() const {
    const auto octets = readableOctets(m_event.value());
    switch (m_event.kindAs<HeldBack>()) {
    case HeldBack::Nagle:
        return "The kernel holds the last " + octets + " for " + subject() +
               " back: they fill no segment, and the client has not acknowledged the one before, which it may put off "
               "(Nagle, RFC 896; delayed acknowledgement, RFC 1122).";
    case HeldBack::Window:
        return "The kernel has not sent the last " + octets + " for " + subject() +
               " yet: the client, or the network, takes no more just now.";
    default:
        return "The kernel holds nothing back of the answer to " + subject() + ", although head and file came apart.";
    }
}

std::string Narrator::responseSent() const {
    auto sentence = "The whole answer to " + subject() + " is with the kernel: " + readableOctets(m_event.value());
    const auto* connection = m_before.connections.get(m_event.connection);
    if (connection != nullptr && connection->requestSince != 0 && m_event.time >= connection->requestSince) {
        sentence +=
            ", " + readableDuration(m_event.time - connection->requestSince) + " after the request’s first octets";
    }
    return sentence + ".";
}

} // namespace lab
