// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/id_map.h"
#include "engine/trace/event.h"
#include "engine/trace/recording.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <utility>
#include <vector>

namespace lab {

/// What a thread does, as far as its events tell.
enum class Activity : std::uint8_t {
    Ended,
    Running, ///< upstairs, in the server's own code
    InCall   ///< in a system call that may block: hangs in the kernel
};

/// The kind of work, for the colour: what all views show by the same one.
enum class Work : std::uint8_t { None, Accept, Read, Parse, File, Write, Wait, Count };
std::string_view words(Work work);

struct ThreadState {
    std::uint16_t actor = 0;
    NameId name = 0;
    Activity activity = Activity::Ended;
    SystemCall call = SystemCall::None; ///< while InCall
    Hook hook = Hook::None;             ///< the innermost hook it is in
    Work work = Work::None;
    std::uint32_t connection = 0;    ///< that it works for, or waits for; 0: none, or the listening socket
    std::uint32_t operation = 0;     ///< that it carries to its handler
    std::uint64_t since = 0;         ///< ns: when it began what it does
    std::uint64_t busy = 0;          ///< ns running in all, before `since`
    std::uint64_t blocked = 0;       ///< ns in calls in all, before `since`
    int process = 0;                 ///< its id at the system, where it is a process of its own; 0: of the server's
    std::uint64_t processorWait = 0; ///< ns runnable without a processor, as last sampled
    bool demultiplexes = false;      ///< has waited for many handles at once: it runs an event loop
    bool dispatches = false;         ///< has initiated operations or taken completions: it is none of a pool
    bool isClient = false;           ///< belongs to the traffic or the laboratory, not to the server
    bool isServer = false;           ///< has done the server's work; both are false for one that has done nothing yet
    std::size_t lastEvent = 0;       ///< index

    friend bool operator==(const ThreadState&, const ThreadState&) = default;
};

enum class ConnectionPhase : std::uint8_t { Idle, Receiving, Serving, Sending, Closed };

struct ConnectionState {
    std::uint32_t id = 0;
    std::uint32_t client = 0; ///< of the traffic; 0: unknown or from outside
    bool fromOutside = false; ///< somebody's own browser or curl
    std::uint16_t peerPort = 0;
    ConnectionPhase phase = ConnectionPhase::Idle;
    Interest watchedFor = Interest::None; ///< in the handle set (reactive)
    Interest ready = Interest::None;      ///< reported ready and not yet dispatched
    std::uint16_t readyBy = 0;            ///< actor that reported it ready
    bool registered = false;              ///< in a handle set
    std::uint16_t registeredBy = 0xffff;  ///< actor that put it there: in most models, whose handle set it is
    Hook hook = Hook::None;               ///< a thread is in this hook of its handler
    std::uint16_t thread = 0xffff;        ///< actor that works or waits for it now; 0xffff: none
    NameId path = 0;                      ///< of the request under way, or the last one
    FileSource fileSource = FileSource::NotFound;
    Transfer transfer = Transfer::None;
    unsigned status = 0;           ///< of the response under way, or the last one
    std::int64_t octetsToSend = 0; ///< of the response under way
    std::int64_t octetsSent = 0;   ///< of the response under way, as far as events tell
    /// Octets at the end of its last answer that were not sent when the kernel had all of it, and why; until more is
    /// known: that the client has them, or asks for more.
    std::int64_t octetsHeldBack = 0;
    HeldBack heldBack = HeldBack::Nothing;
    std::uint64_t heldBackSince = 0; ///< ns
    std::uint32_t requests = 0;      ///< answered
    std::uint64_t openedAt = 0;      ///< ns
    std::uint64_t requestSince = 0;  ///< ns: first octets of the request under way; 0: none
    std::size_t lastEvent = 0;

    friend bool operator==(const ConnectionState&, const ConnectionState&) = default;
};

enum class OperationPhase : std::uint8_t { InKernel, Queued, Dispatched };

struct OperationState {
    std::uint32_t id = 0;
    Operation kind = Operation::None;
    std::uint32_t connection = 0; ///< 0: the listening socket
    OperationPhase phase = OperationPhase::InKernel;
    std::int64_t asked = 0;       ///< octets
    std::int64_t result = 0;      ///< octets, or a negated errno, when completed
    Rank rankedBy = Rank::None;   ///< None: its arrival decides alone
    std::int64_t rank = 0;        ///< the lower, the sooner it is taken from a queue
    bool cancelAskedFor = false;  ///< by somebody outside
    bool waitsToTransmit = false; ///< in the transmit queue: no octet of it goes meanwhile
    bool isOfPool = false;        ///< a thread of a pool performs it in the processor's stead, or it waits for one
    std::uint16_t initiatedBy = 0;
    std::uint16_t performedBy = 0xffff; ///< the thread of the pool
    std::uint16_t completedBy = 0xffff;
    std::uint16_t dispatchedBy = 0xffff;
    std::uint64_t initiatedAt = 0;
    std::uint64_t completedAt = 0;
    std::size_t initiatedEvent = 0;

    friend bool operator==(const OperationState&, const OperationState&) = default;
};

enum class ClientPhase : std::uint8_t { Idle, Connecting, Sent, Receiving, Failed };

struct ClientState {
    std::uint32_t id = 0;
    ClientPhase phase = ClientPhase::Idle;
    bool connected = false;
    bool accepted = false; ///< the server has taken its connection; else, connected, it is in the backlog
    std::uint16_t port = 0;
    std::uint32_t connection = 0; ///< the server's, while it is open
    NameId path = 0;
    std::uint64_t since = 0;
    std::uint64_t askedAt = 0; ///< ns: of the request under way, or the last one; 0: never
    std::uint32_t requests = 0;
    std::uint32_t failures = 0;

    friend bool operator==(const ClientState&, const ClientState&) = default;
};

struct QueueState {
    std::deque<std::uint32_t> items; ///< operation ids (completion and transmit queue) or connections, oldest first
    std::size_t highWater = 0;
    std::uint64_t pushed = 0;
    std::uint64_t popped = 0;

    friend bool operator==(const QueueState&, const QueueState&) = default;
};

/// A file that was asked for, or has left the cache, lately.
struct FileState {
    NameId path = 0;
    FileSource source = FileSource::NotFound; ///< of its last answer
    bool evicted = false;                     ///< since then

    friend bool operator==(const FileState&, const FileState&) = default;
};

/// A ring that io_uring shares between processor and kernel.
struct RingState {
    std::uint64_t depth = 0; ///< entries in it that the other side has not taken yet
    std::uint64_t highWater = 0;
    std::uint64_t passed = 0; ///< entries that were put into it so far

    friend bool operator==(const RingState&, const RingState&) = default;
};

/// A service of the Protocol Pipeline.
struct ServiceState {
    NameId name = 0;
    bool suspended = false;
    std::uint64_t asked = 0; ///< how often one of its hooks was called

    friend bool operator==(const ServiceState&, const ServiceState&) = default;
};

/// Totals since the recording began.
struct Totals {
    std::uint64_t events = 0;
    std::uint64_t lost = 0;
    std::uint64_t accepted = 0;
    std::uint64_t closed = 0;
    std::uint64_t acceptFailures = 0;
    std::uint64_t workersRefused = 0;    ///< threads or processes that the system had none of to give
    std::uint64_t acceptWakeUps = 0;     ///< a thread was told that the listening socket is ready
    std::uint64_t acceptsForNothing = 0; ///< of these: another one had taken the client
    std::uint64_t promotions = 0;        ///< a thread became the leader at the handle set
    std::uint64_t rejected = 0;          ///< requests for which a queue had no room
    std::uint64_t requests = 0;          ///< ResponseSent
    std::uint64_t octetsSent = 0;
    std::uint64_t systemCalls = 0; ///< entered or performed, by server threads
    std::uint64_t hooks = 0;
    std::uint64_t operations = 0;     ///< initiated
    std::uint64_t clientRequests = 0; ///< ClientRequestSent
    std::uint64_t clientResponses = 0;
    std::uint64_t clientFailures = 0;
    std::int64_t processorNanoseconds = 0; ///< the last sample of each resource
    std::int64_t voluntarySwitches = 0;
    std::int64_t involuntarySwitches = 0;
    std::int64_t threadsSampled = 0;
    std::uint64_t threadsStarted = 0; ///< of the server
    std::uint64_t threadsAlive = 0;   ///< of the server
    std::uint64_t threadsPeak = 0;    ///< of the server
    std::uint64_t connectionsPeak = 0;
    std::uint64_t processesEnded = 0;  ///< of a server of several processes
    std::uint64_t processesKilled = 0; ///< of these, by a signal
    std::uint64_t cacheHits = 0;       ///< files found in the Cached Virtual Filesystem
    std::uint64_t cacheMisses = 0;     ///< files that had to be opened
    std::uint64_t cancelRequests = 0;  ///< of outstanding operations, from outside
    std::uint64_t cancelled = 0;       ///< operations that were completed as cancelled for it
    std::uint64_t evictions = 0;       ///< files that left the cache to make room
    std::uint64_t heldBack = 0;        ///< answers whose end waited in the kernel for an acknowledgement (Nagle)
    std::uint64_t changes = 0;         ///< a model was changed while the server ran, or its options were
    std::uint64_t handedOver = 0;      ///< connections that have gone from a model to the next one
    std::uint64_t adaptations = 0;     ///< decisions of a server that adapts itself
    /// For flows: how often each has happened so far. Index: the enumeration's value.
    std::array<std::uint64_t, static_cast<std::size_t>(SystemCall::Count)> calls{}; ///< by server threads
    std::array<std::uint64_t, static_cast<std::size_t>(Hook::Count)> hooksEntered{};
    std::array<std::uint64_t, static_cast<std::size_t>(Operation::Count)> operationsCompleted{};

    friend bool operator==(const Totals&, const Totals&) = default;
};

/// More of each kind than any real run has; what a damaged recording names beyond is left out.
inline constexpr std::size_t maximumConnectionsShown = 1 << 15;
inline constexpr std::size_t maximumClientsShown = 1 << 15;
inline constexpr std::size_t maximumOperationsShown = 1 << 16;
inline constexpr std::size_t maximumServicesShown = 256;

/// Everything that can be seen at one event of a recording: the fold of events 0 to index.
///
/// A value: equal folds compare equal, however they were reached. No thread of its own; copy it to share it.
struct LabState {
    std::size_t next = 0;   ///< index of the event that comes next: so many were folded
    std::uint64_t time = 0; ///< ns, of the last event folded
    Event last{};           ///< the last event folded; meaningless while next == 0

    IdMap<std::uint16_t, ThreadState> threads;            ///< by actor; ended ones are left out
    IdMap<std::uint32_t, ConnectionState> connections;    ///< open ones, by id
    IdMap<std::uint32_t, OperationState> operations;      ///< outstanding ones, by id
    IdMap<std::uint32_t, ClientState> clients;            ///< by number
    IdMap<std::uint16_t, std::uint32_t> clientByPort;     ///< connected clients
    IdMap<std::uint16_t, std::uint32_t> connectionByPort; ///< open connections
    std::deque<std::uint32_t> ready; ///< reactive: connections reported ready, not yet dispatched; 0: the acceptor
    std::deque<FileState> files;     ///< the last few different ones asked for or evicted, newest first (at most 8)
    QueueState completionQueue;
    QueueState acceptQueue;
    QueueState readyQueue;
    QueueState transmitQueue;           ///< operation ids: answers that wait while others are being sent
    QueueState returnQueue;             ///< connections on their way back into an event loop
    RingState submissionRing;           ///< io_uring: on their way to the kernel
    RingState completionRing;           ///< io_uring: on their way to the processor
    std::vector<ServiceState> services; ///< linked ones, in the order in which that was told

    bool listening = false;
    std::uint32_t listeningSockets = 0; ///< at its port: more than one where each loop has its own
    bool draining = false;
    bool ended = false;
    bool fromStart = false; ///< the beginning was seen: then nothing exists of which no event has told
    std::uint16_t port = 0;
    NameId model = 0;
    bool changing = false; ///< the model's end has begun, and the next one's threads have not started yet
    /// Names and values of what was changed while the server ran; what is not named is as the RunInfo says.
    std::vector<std::pair<NameId, NameId>> settings;
    Adaptation adaptedConcurrency = Adaptation::None; ///< of a server that adapts itself: what it has decided last
    Adaptation adaptedTransfer = Adaptation::None;
    NameId phase = 0;
    std::int64_t handleSet = 0;     ///< reactive: handlers registered
    Hook acceptorHook = Hook::None; ///< a thread is in the acceptor's hook
    Interest acceptorReady = Interest::None;
    std::uint16_t acceptorReadyBy = 0;         ///< actor that reported it ready
    bool acceptorRegistered = false;           ///< in a handle set
    std::vector<std::uint16_t> acceptorHeldBy; ///< actors that have the listening socket in their handle sets
    std::vector<std::uint16_t> acceptorsReady; ///< actors that were told that it is ready, and have not looked yet
    std::uint16_t leader = 0xffff;     ///< actor that waits, or may wait, at the handle set for all; 0xffff: none
    std::uint64_t backlogArrivals = 0; ///< clients connected and not yet accepted, as far as the traffic tells
    Totals totals;

    /// Folds one more event. Takes any event in any state: damaged recordings, and such as begin in the middle.
    void apply(const Event& event);

    /// About how much memory it takes.
    std::size_t octets() const;
    /// Makes it as small as it can be, for keeping. The state stays the same.
    void compact();

    friend bool operator==(const LabState&, const LabState&) = default;
};

} // namespace lab
