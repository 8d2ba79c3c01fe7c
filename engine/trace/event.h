// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace lab {

/// Everything that the engine says of itself. One entry, one meaning; `kind` and `value` are as written behind it.
/// X(name, "short name in words")
/// Ids are 0 where an event has none. A negative `value` of a finished call is a negated errno.
#define LAB_EVENT_TYPES(X)                                                                                             \
    /* Threads. */                                                                                                     \
    X(ThreadStarted, "thread started") /* value: name id */                                                            \
    X(ThreadEnded, "thread ended")                                                                                     \
    X(CallEntered, "call entered")     /* kind: SystemCall; may block; connection 0: listening socket or queue */      \
    X(CallLeft, "call left")           /* kind: SystemCall; value: result */                                           \
    X(CallPerformed, "call performed") /* kind: SystemCall that does not block; value: result */                       \
    /* Listening socket and connections. */                                                                            \
    X(ListeningStarted, "listening") /* value: port */                                                                 \
    X(ListeningStopped, "no longer listening")                                                                         \
    X(ConnectionAccepted, "connection accepted") /* kind: Origin; value: the peer's port */                            \
    X(AcceptFailed, "accept failed")             /* kind: errno; value: milliseconds until the next try */             \
    X(ConnectionClosed, "connection closed")     /* kind: CloseReason; value: requests served on it */                 \
    X(DeadlineExpired, "deadline expired")       /* kind: Deadline */                                                  \
    /* Requests. operation 0. */                                                                                       \
    X(RequestParsed, "request parsed")     /* kind: Method; value: octets of request line and header */                \
    X(FileFound, "file found")             /* kind: FileSource; value: name id of the target path */                   \
    X(ResponseStarted, "response started") /* kind: Transfer; value: see responseValue() */                            \
    X(ResponseSent, "response sent")       /* value: octets, header included */                                        \
    /* Reactor. */                                                                                                     \
    X(HandlerRegistered, "handler registered") /* kind: Interest */                                                    \
    X(HandlerRemoved, "handler removed")                                                                               \
    X(InterestChanged, "interest changed") /* kind: Interest */                                                        \
    X(HandleReady, "handle ready")         /* kind: Interest; connection 0: listening socket */                        \
    /* Hooks, reactive and proactive. */                                                                               \
    X(HookEntered, "hook entered") /* kind: Hook; connection 0: the acceptor's */                                      \
    X(HookLeft, "hook left")       /* kind: Hook */                                                                    \
    /* Proactor. operation: the asynchronous operation's id. */                                                        \
    X(OperationInitiated, "operation initiated") /* kind: Operation; value: octets asked for */                        \
    X(OperationCompleted, "operation completed") /* kind: Operation; value: result */                                  \
    /* Queues between threads. */                                                                                      \
    X(QueuePushed, "queued")           /* kind: Queue; value: depth after */                                           \
    X(QueuePopped, "taken from queue") /* kind: Queue; value: depth after */                                           \
    /* Traffic. connection: the client's number, not the server's connection; operation: the request's number. */      \
    X(PhaseStarted, "phase started")         /* value: name id */                                                      \
    X(ClientConnecting, "client connecting") /* value: the client's local port */                                      \
    X(ClientConnected, "client connected")                                                                             \
    X(ClientRequestSent, "client sent request")      /* value: name id of the target path */                           \
    X(ClientFirstByte, "client got first byte")      /* value: nanoseconds since the intended start */                 \
    X(ClientResponseReceived, "client got response") /* kind: 1 success, 0 other status; value: octets */              \
    X(ClientFailed, "client failed")                 /* kind: ClientFailure; value: errno */                           \
    X(ClientClosed, "client closed")                                                                                   \
    /* The lab itself. */                                                                                              \
    X(RunStarted, "run started")     /* value: name id of the model */                                                 \
    X(DrainStarted, "drain started") /* value: connections open */                                                     \
    X(RunEnded, "run ended")                                                                                           \
    X(ResourceSampled, "resource sampled") /* kind: Resource; value: sum of all server threads since the start */      \
    X(ThreadDelaySampled, "processor wait sampled") /* operation: sampled actor; value: ns waited for a processor */   \
    X(EventsLost, "events lost")                    /* value: how many, of this actor, just before this event */       \
    /* The cache. */                                                                                                   \
    X(FileEvicted, "file evicted") /* kind: Eviction; value: name id of the path that goes */                          \
    /* The rings of io_uring. Beside this, calls of io_uring_enter tell of them: entered or performed, value is how */ \
    /* many submissions it hands over; left, how many completions are in the completion ring. */                       \
    X(SubmissionQueued, "submission queued") /* kind: Operation; value: depth of the submission ring after */          \
    /* Several threads at one listening socket, one handle set, one bounded queue. */                                  \
    X(AcceptWokenForNothing,                                                                                           \
      "woken for nothing")              /* the listening socket was reported ready; another took the client */         \
    X(LeadershipTaken, "became leader") /* of the threads that take turns at the handle set */                         \
    X(LeadershipPassed, "promoted a follower")                                                                         \
    X(RequestRejected, "request rejected") /* kind: Queue that is full; value: its depth */                            \
    /* Servers of several processes. A process records as one thread does. */                                          \
    X(ProcessStarted, "process started") /* value: its id at the system; by itself, right after ThreadStarted */       \
    X(ProcessEnded, "process ended")     /* kind: ProcessEnd; value: see processEndValue() */                          \
    /* The Protocol Pipeline and its services. value: name id of the service */                                        \
    X(ServiceLinked, "service linked") /* kind: 1: it begins suspended */                                              \
    X(ServiceUnlinked, "service unlinked")                                                                             \
    X(ServiceSuspended, "service suspended")                                                                           \
    X(ServiceResumed, "service resumed")                                                                               \
    X(ServiceReconfigured, "service reconfigured")                                                                     \
    X(ServiceEntered, "service entered") /* kind: ServiceHook; for a connection's request */                           \
    X(ServiceLeft, "service left")       /* kind: ServiceHook */                                                       \
    /* Outstanding operations. */                                                                                      \
    X(OperationRanked, "operation ranked") /* kind: Rank; value: the lower, the sooner; just before it is queued */    \
    X(CancelRequested, "cancellation asked for") /* operation: that is outstanding; by somebody outside */             \
    /* A running server that changes. */                                                                               \
    X(ChangeStarted, "change started")                /* value: connections open */                                    \
    X(SettingChanged, "setting changed")              /* value: see settingValue(); of the model that comes */         \
    X(ModelChanged, "model changed")                  /* value: name id of the model whose threads start now */        \
    X(ChangeFailed, "change failed")                  /* value: name id of the reason; the former model goes on */     \
    X(ConnectionHandedOver, "connection handed over") /* value: requests served on it; no model has it now */          \
    X(ConnectionTakenOver, "connection taken over")   /* kind: Origin; value: the peer's port */                       \
    /* A server that adapts itself. */                                                                                 \
    X(ServerAdapted, "server adapted") /* kind: Adaptation; value: see adaptationValue() */                            \
    /* Shortages and stalls. */                                                                                        \
    X(WorkerRefused, "no thread to be had") /* kind: Worker; connection: that is closed for it, 0: none; value: */     \
                                            /* milliseconds that the thread rests before it accepts again */           \
    X(OctetsHeldBack, "octets held back")   /* where neither MSG_MORE nor TCP_CORK is used, once an answer with a */   \
                                            /* file is with the kernel. kind: HeldBack; value: octets not sent yet */

enum class EventType : std::uint8_t {
#define LAB_ENUMERATOR(name, words) name,
    LAB_EVENT_TYPES(LAB_ENUMERATOR)
#undef LAB_ENUMERATOR
        Count
};

/// System calls and other places where a thread may wait.
enum class SystemCall : std::uint8_t {
    None,
    Accept,
    Read,
    Write,
    Writev,
    Sendfile,
    Open,
    FileRead,
    Select,
    Poll,
    Epoll,
    QueueWait,
    Close,
    Shutdown,
    Splice,
    Mmap,
    Setsockopt,
    IoUringEnter,
    AioSuspend,
    Fork,
    WaitForProcess,
    Sleep,
    Count
};
enum class Origin : std::uint8_t { Traffic, Outside };
enum class CloseReason : std::uint8_t {
    Finished,
    PeerClosed,
    Reset,
    DeadlineExpired,
    ServerStopping,
    Failed,
    ProcessEnded,
    Cancelled, ///< somebody outside has cancelled its operation
    Count
};
enum class Deadline : std::uint8_t { None, Header, Body, Idle, Write, Linger, Count };
enum class Method : std::uint8_t { Unknown, Get, Head, Other };
/// Where a file comes from. Of a small one the cache keeps the content, of others an open descriptor: their octets come
/// from the kernel's page cache, or from the disk, when they are sent.
enum class FileSource : std::uint8_t {
    NotFound,
    CacheHit,       ///< its content is in the cache
    CacheMiss,      ///< it was read into the cache
    Opened,         ///< for this answer alone: the cache has no room for it
    DescriptorHit,  ///< its descriptor is in the cache
    DescriptorMiss, ///< it was opened, and the cache keeps the descriptor
    Uncached,       ///< for this answer alone: there is no cache
    Count
};
constexpr bool isHit(FileSource source) {
    return source == FileSource::CacheHit || source == FileSource::DescriptorHit;
}
enum class Transfer : std::uint8_t {
    None,
    Memory,
    ReadWrite,
    TransmitFile,
    MmapWritev,
    Sendfile,
    Splice,
    AsyncReadWrite,
    Count
};
/// A bit set: what a handle is watched for, or is ready for.
enum class Interest : std::uint8_t { None = 0, Accept = 1, Read = 2, Write = 4, ReadWrite = 6 };
enum class Hook : std::uint8_t {
    None,
    HandleAccept,
    HandleInput,
    HandleOutput,
    HandleRead,
    HandleWrite,
    HandleTimeout,
    HandleFileRead,
    Count
};
enum class Operation : std::uint8_t { None, Accept, Read, Write, Transmit, FileRead, Timer, Count };
enum class Queue : std::uint8_t { None, Completion, Ready, Accept, Returned, Transmit, Count };
/// What stands in it are operations, not connections.
constexpr bool holdsOperations(Queue queue) { return queue == Queue::Completion || queue == Queue::Transmit; }
enum class ClientFailure : std::uint8_t { None, Connect, Reset, Timeout, BadResponse, Count };
/// What ResourceSampled counts, over the server's own threads (not the clients', the window's or the trace's).
enum class Resource : std::uint8_t {
    None,
    ProcessorNanoseconds,
    VoluntarySwitches,
    InvoluntarySwitches,
    Threads,
    Count
};

/// Why just this file had to leave the cache: how the policy chose it.
enum class Eviction : std::uint8_t { None, LeastRecentlyUsed, LeastFrequentlyUsed, NotPinned, WithDirectory, Count };

/// By what operations that wait in one queue are ordered, where it is not by their arrival.
enum class Rank : std::uint8_t { None, Priority, OctetsLeft, Count };

/// How a process of the server came to its end: by itself, or by a signal.
enum class ProcessEnd : std::uint8_t { Exited, Killed, Count };

/// Where on a request's way a service of the Protocol Pipeline is asked.
enum class ServiceHook : std::uint8_t { None, Authorize, ChooseFile, ErrorContent, FilterAnswer, Finished, Count };

/// What the system had none of to give.
enum class Worker : std::uint8_t { Thread, Process, Count };

/// Why the kernel has not sent the end of an answer yet.
enum class HeldBack : std::uint8_t {
    Nothing, ///< it has
    Nagle,   ///< it fills no segment, and waits until what was sent before is acknowledged (RFC 896)
    Window,  ///< more than a segment: the peer or the network takes no more just now
    Count
};

/// What a server that adapts itself has decided.
enum class Adaptation : std::uint8_t {
    None, ///< large files go as they did at first
    ToProcessor,
    ToPool,
    ToMmapWritev,
    ToSendfile,
    ToBySize,
    ToTransmitFile,
    Count
};

/// One thing that happened: 32 octets, the same in a ring, in memory and in a file.
struct Event {
    std::uint64_t time;            ///< In a ring: ticks. In a recording: nanoseconds since the trace began.
    std::uint64_t kindAndValue;    ///< kind in the low 8 bits, value (signed) in the upper 56
    std::uint32_t connection;      ///< The server's connection, or the client for traffic events; 0: none
    std::uint32_t operation;       ///< Asynchronous Completion Token: ties initiate, complete, queue, dispatch
    std::uint32_t typeAndSequence; ///< type in the low 8 bits; the actor's own count, modulo 2^24, in the upper 24
    std::uint16_t actor;           ///< Which ring, that is thread, it comes from; used again when a thread has ended
    std::uint16_t site;            ///< Index into the recording's site table: role, name, file and line

    EventType type() const { return static_cast<EventType>(typeAndSequence & 0xff); }
    std::uint32_t sequence() const { return typeAndSequence >> 8; }
    std::uint8_t kind() const { return static_cast<std::uint8_t>(kindAndValue & 0xff); }
    std::int64_t value() const { return static_cast<std::int64_t>(kindAndValue) >> 8; }

    template <typename Enum>
    Enum kindAs() const {
        return static_cast<Enum>(kind());
    }

    static std::uint64_t pack(std::uint8_t kind, std::int64_t value) {
        return static_cast<std::uint64_t>(value) << 8 | kind;
    }

    friend bool operator==(const Event&, const Event&) = default;
};
static_assert(sizeof(Event) == 32);

/// The value of ResponseStarted: a status code and how many octets will be sent, header included. Status 0: of a
/// protocol that has none, octets go back as they came.
constexpr std::int64_t responseValue(unsigned status, std::int64_t octets) { return octets << 10 | status; }
constexpr unsigned responseStatus(std::int64_t value) { return static_cast<unsigned>(value & 0x3ff); }
constexpr std::int64_t responseOctets(std::int64_t value) { return value >> 10; }

/// The value of ProcessEnded: the process's id at the system, and its exit code or the signal that ended it.
constexpr std::int64_t processEndValue(int process, int code) { return std::int64_t{process} << 8 | (code & 0xff); }
constexpr std::int64_t endedProcess(std::int64_t value) { return value >> 8; }
constexpr int processEndCode(std::int64_t value) { return static_cast<int>(value & 0xff); }

/// The value of SettingChanged: name ids of the setting's name and of what it is from now on.
constexpr std::int64_t settingValue(std::uint32_t setting, std::uint32_t text) {
    return std::int64_t{setting} << 20 | (text & 0xfffff);
}
constexpr std::uint32_t changedSetting(std::int64_t value) { return static_cast<std::uint32_t>(value >> 20); }
constexpr std::uint32_t settingText(std::int64_t value) { return static_cast<std::uint32_t>(value & 0xfffff); }

/// The value of ServerAdapted: what was measured, over the last interval. `busy`: of the dispatcher's time in percent,
/// in which it had a processor; `octets` of the mean answer; `figure`: the share of octets in large files in percent,
/// or as LoadJudge::trying and LoadJudge::compared say.
constexpr std::int64_t adaptationValue(unsigned busy, unsigned figure, std::int64_t octets) {
    return octets << 20 | static_cast<std::int64_t>(figure & 0xfff) << 8 | (busy & 0xff);
}
constexpr unsigned adaptationBusy(std::int64_t value) { return static_cast<unsigned>(value & 0xff); }
constexpr unsigned adaptationFigure(std::int64_t value) { return static_cast<unsigned>(value >> 8 & 0xfff); }
constexpr std::int64_t adaptationOctets(std::int64_t value) { return value >> 20; }

/// Words for people: "call entered", "epoll_wait", "read".
std::string_view words(EventType type);
std::string_view words(SystemCall call);
std::string_view words(CloseReason reason);
std::string_view words(Deadline deadline);
std::string_view words(Method method);
std::string_view words(FileSource source);
std::string_view words(Transfer transfer);
std::string_view words(Interest interest);
std::string_view words(Hook hook); ///< As the papers write it: "handle_input"
std::string_view words(Operation operation);
std::string_view words(Queue queue);
std::string_view words(ClientFailure failure);
std::string_view words(Resource resource);
std::string_view words(Eviction eviction);
std::string_view words(ProcessEnd end);
std::string_view words(ServiceHook hook);
std::string_view words(Rank rank);
std::string_view words(Adaptation adaptation);
std::string_view words(Worker worker);
std::string_view words(HeldBack heldBack);

} // namespace lab
