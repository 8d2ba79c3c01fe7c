// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/event.h"

#include <array>
#include <cstddef>

namespace lab {

namespace {

/// Recordings come from files, so an index may be anything.
template <typename Enum, std::size_t size>
std::string_view at(const std::array<std::string_view, size>& texts, Enum value) {
    const auto index = static_cast<std::size_t>(value);
    return index < size ? texts[index] : std::string_view{"unknown"};
}

} // namespace

std::string_view words(EventType type) {
    static constexpr std::array texts{
#define LAB_WORDS(name, text) std::string_view{text},
        LAB_EVENT_TYPES(LAB_WORDS)
#undef LAB_WORDS
    };
    static_assert(texts.size() == static_cast<std::size_t>(EventType::Count));
    return at(texts, type);
}

std::string_view words(SystemCall call) {
    static constexpr auto texts = std::to_array<std::string_view>(
        {"none",       "accept",         "read",        "write",      "writev", "sendfile",       "open",   "file read",
         "select",     "poll",           "epoll_wait",  "queue wait", "close",  "shutdown",       "splice", "mmap",
         "setsockopt", "io_uring_enter", "aio_suspend", "fork",       "wait",   "clock_nanosleep"});
    static_assert(texts.size() == static_cast<std::size_t>(SystemCall::Count));
    return at(texts, call);
}

std::string_view words(CloseReason reason) {
    static constexpr auto texts =
        std::to_array<std::string_view>({"finished", "closed by the peer", "reset by the peer", "out of time",
                                         "server stopping", "failed", "process ended", "cancelled"});
    static_assert(texts.size() == static_cast<std::size_t>(CloseReason::Count));
    return at(texts, reason);
}

std::string_view words(Deadline deadline) {
    static constexpr auto texts =
        std::to_array<std::string_view>({"none", "request header", "request body", "idle", "write", "linger"});
    static_assert(texts.size() == static_cast<std::size_t>(Deadline::Count));
    return at(texts, deadline);
}

std::string_view words(Method method) {
    static constexpr auto texts = std::to_array<std::string_view>({"unknown", "GET", "HEAD", "other"});
    return at(texts, method);
}

std::string_view words(FileSource source) {
    static constexpr auto texts = std::to_array<std::string_view>(
        {"not found", "cache hit", "cache miss", "opened", "descriptor hit", "descriptor miss", "no cache"});
    static_assert(texts.size() == static_cast<std::size_t>(FileSource::Count));
    return at(texts, source);
}

std::string_view words(Transfer transfer) {
    static constexpr auto texts =
        std::to_array<std::string_view>({"none", "from memory", "read and write", "TransmitFile", "mmap and writev",
                                         "sendfile", "splice", "asynchronous read and write"});
    static_assert(texts.size() == static_cast<std::size_t>(Transfer::Count));
    return at(texts, transfer);
}

std::string_view words(Interest interest) {
    static constexpr auto texts =
        std::to_array<std::string_view>({"nothing", "accept", "readable", "accept and readable", "writable",
                                         "accept and writable", "readable and writable"});
    return at(texts, interest);
}

std::string_view words(Hook hook) {
    static constexpr auto texts =
        std::to_array<std::string_view>({"none", "handle_accept", "handle_input", "handle_output", "handle_read",
                                         "handle_write", "handle_timeout", "handle_file_read"});
    static_assert(texts.size() == static_cast<std::size_t>(Hook::Count));
    return at(texts, hook);
}

std::string_view words(Operation operation) {
    static constexpr auto texts =
        std::to_array<std::string_view>({"none", "accept", "read", "write", "transmit", "file read", "timer"});
    static_assert(texts.size() == static_cast<std::size_t>(Operation::Count));
    return at(texts, operation);
}

std::string_view words(Queue queue) {
    static constexpr auto texts = std::to_array<std::string_view>(
        {"none", "completion queue", "ready queue", "accept queue", "return queue", "transmit queue"});
    static_assert(texts.size() == static_cast<std::size_t>(Queue::Count));
    return at(texts, queue);
}

std::string_view words(ClientFailure failure) {
    static constexpr auto texts =
        std::to_array<std::string_view>({"none", "could not connect", "connection reset", "timed out", "bad response"});
    static_assert(texts.size() == static_cast<std::size_t>(ClientFailure::Count));
    return at(texts, failure);
}

std::string_view words(Resource resource) {
    static constexpr auto texts = std::to_array<std::string_view>(
        {"none", "processor ns", "voluntary switches", "involuntary switches", "threads"});
    static_assert(texts.size() == static_cast<std::size_t>(Resource::Count));
    return at(texts, resource);
}

std::string_view words(Eviction eviction) {
    static constexpr auto texts = std::to_array<std::string_view>(
        {"none", "least recently used", "least frequently used", "not pinned", "with its directory"});
    static_assert(texts.size() == static_cast<std::size_t>(Eviction::Count));
    return at(texts, eviction);
}

std::string_view words(ProcessEnd end) {
    static constexpr auto texts = std::to_array<std::string_view>({"exited", "killed"});
    static_assert(texts.size() == static_cast<std::size_t>(ProcessEnd::Count));
    return at(texts, end);
}

std::string_view words(ServiceHook hook) {
    static constexpr auto texts = std::to_array<std::string_view>(
        {"none", "authorize", "choose file", "error content", "filter answer", "finished"});
    static_assert(texts.size() == static_cast<std::size_t>(ServiceHook::Count));
    return at(texts, hook);
}

std::string_view words(Rank rank) {
    static constexpr auto texts = std::to_array<std::string_view>({"none", "priority", "octets left"});
    static_assert(texts.size() == static_cast<std::size_t>(Rank::Count));
    return at(texts, rank);
}

std::string_view words(Adaptation adaptation) {
    static constexpr auto texts =
        std::to_array<std::string_view>({"none", "the processor sends all", "a pool sends the large", "mmap and writev",
                                         "sendfile", "transfer by size", "transmit file"});
    static_assert(texts.size() == static_cast<std::size_t>(Adaptation::Count));
    return at(texts, adaptation);
}

std::string_view words(Worker worker) {
    static constexpr auto texts = std::to_array<std::string_view>({"thread", "process"});
    static_assert(texts.size() == static_cast<std::size_t>(Worker::Count));
    return at(texts, worker);
}

std::string_view words(HeldBack heldBack) {
    static constexpr auto texts =
        std::to_array<std::string_view>({"nothing", "until what went before is acknowledged", "no room to send"});
    static_assert(texts.size() == static_cast<std::size_t>(HeldBack::Count));
    return at(texts, heldBack);
}

} // namespace lab
