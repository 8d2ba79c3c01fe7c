// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/process_parent.h"

#include "engine/base/clock.h"
#include "engine/base/futex.h"
#include "engine/process/option_octets.h"
#include "engine/process/process_cost.h"
#include "engine/process/process_words.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lab {

Result<std::unique_ptr<ProcessParent>> ProcessParent::join(FileDescriptor socket) {
    auto first = hearFirst(socket.get());
    if (!first) {
        return first.error();
    }
    constexpr std::size_t wanted = 4;
    if (first->descriptors.size() != wanted) {
        return Error{"the lab has not handed over memory, listening socket, bell and channel"};
    }
    auto options = optionsFrom(first->octets);
    if (!options) {
        return options.error();
    }
    auto memory = ProcessMemory::open(std::move(first->descriptors[0]));
    if (!memory) {
        return memory.error();
    }
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &children, nullptr);
    FileDescriptor signals(::signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals) {
        return Error::ofSystem("cannot hear of children that end", errno);
    }
    std::unique_ptr<ProcessParent> parent(
        new ProcessParent(std::move(socket), std::move(*memory), std::move(*options), std::move(first->descriptors[1]),
                          std::move(first->descriptors[2]), std::move(first->descriptors[3]), std::move(signals)));
    if (const auto opened = parent->openFiles(); !opened) {
        return opened.error();
    }
    parent->begin();
    return parent;
}

ProcessParent::ProcessParent(FileDescriptor socket, ProcessMemory memory, ServerOptions options,
                             FileDescriptor listening, FileDescriptor bell, FileDescriptor channel,
                             FileDescriptor signals)
    : m_socket(std::move(socket))
    , m_memory(std::move(memory))
    , m_options(std::move(options))
    , m_listening(std::move(listening))
    , m_bell(std::move(bell))
    , m_channel(std::move(channel))
    , m_signals(std::move(signals))
    , m_gate(m_memory.share().gate)
    , m_link(std::make_unique<ProcessLink>(m_memory, 0, m_bell.get(), m_listening.get())) {
    m_link->setMeanwhile([this] { lookAround(); });
    m_names.setNumbering([this](std::string_view name) { return m_link->intern(name); });
}

Result<void> ProcessParent::openFiles() {
    auto* names = m_memory.share().isTraced ? &m_names : nullptr;
    auto files = CachedFilesystem::open(m_options.root, names, m_options.files);
    if (!files) {
        return files.error();
    }
    m_files = std::move(*files);
    auto services = makeServices(
        m_options.services,
        {.recording = names, .state = &m_memory.share().wide.state, .root = m_options.root, .isOfProcess = true});
    if (!services) {
        return services.error();
    }
    m_services = std::move(*services);
    m_pipeline.exchange(pipelineOf(m_services));
    return {};
}

void ProcessParent::begin() {
    auto& share = m_memory.share();
    m_memory.place(0).process.store(::getpid(), std::memory_order_release);
    share.started.fetch_add(1, std::memory_order_relaxed);
    countLiving();
    // First of all, since whoever started the server waits for it and the gate may hold what comes.
    static_cast<void>(say(m_socket.get(), ParentWord{.kind = ParentWord::Kind::Ready}));
    m_traced.emplace(m_memory, 0, *m_link, "parent");
}

ProcessParent::~ProcessParent() {
    while (m_traced && !m_children.empty()) {
        await(-1, std::chrono::milliseconds{-1});
    }
    m_traced.reset();
    static_cast<void>(say(m_socket.get(), ParentWord{.kind = ParentWord::Kind::Ends, .cost = costOfThisProcess()}));
}

void ProcessParent::countLiving() {
    auto& share = m_memory.share();
    const auto living = static_cast<std::uint32_t>(m_children.size()) + 1;
    share.living.store(living, std::memory_order_relaxed);
    share.peak.store(std::max(share.peak.load(std::memory_order_relaxed), living), std::memory_order_relaxed);
}

std::unique_ptr<ServerContext> ProcessParent::contextOf(std::size_t place) {
    auto& own = m_memory.place(place);
    return std::unique_ptr<ServerContext>(new ServerContext{.options = m_options,
                                                            .listeningSocket = m_listening.get(),
                                                            .trace = nullptr,
                                                            .gate = m_gate,
                                                            .files = *m_files,
                                                            .threads = m_noThreads,
                                                            .pipeline = m_pipeline,
                                                            .transit = &m_transit,
                                                            .wide = m_memory.share().wide,
                                                            .counts = own.counts,
                                                            .served = &own.served,
                                                            .tellTrouble = [this, place] { tellTrouble(place); }});
}

/// What has gone wrong once stays told, also when the process has ended.
void ProcessParent::tellTrouble(std::size_t place) {
    std::string lines;
    for (const auto& linked : m_services) {
        if (const auto trouble = linked.service->trouble(); !trouble.empty()) {
            lines += linked.spec.name + ": " + trouble + "\n";
        }
    }
    if (!lines.empty() && lines != m_troubleTold) {
        m_memory.place(place).trouble.write(lines);
        m_troubleTold = std::move(lines);
    }
}

std::optional<std::size_t> ProcessParent::freePlace() {
    using Phase = ProcessPlace::Phase;
    const auto prepared = m_memory.share().prepared.load(std::memory_order_acquire);
    for (std::size_t index = 1; index < prepared; ++index) {
        auto& place = m_memory.place(index);
        const auto phase = place.phase.load(std::memory_order_acquire);
        // Of a former process everything has been told, and drained.
        if (phase == Phase::Free || (phase == Phase::Told && !place.ring.ended.load(std::memory_order_acquire))) {
            place.phase.store(Phase::Taken, std::memory_order_relaxed);
            return index;
        }
    }
    return std::nullopt;
}

void ProcessParent::giveBack(std::size_t place) {
    m_memory.place(place).phase.store(ProcessPlace::Phase::Free, std::memory_order_release);
}

std::optional<std::size_t> ProcessParent::awaitPlace() {
    auto& share = m_memory.share();
    if (const auto place = freePlace(); place || !running()) {
        return place;
    }
    LAB_MARK(CallEntered, Thread, "wait for a place", .kind = SystemCall::WaitForProcess);
    share.parentWaits.store(true, std::memory_order_seq_cst);
    static_cast<void>(say(m_socket.get(), ParentWord{.kind = ParentWord::Kind::WantsPlaces}));
    auto place = freePlace();
    while (!place && running()) {
        constexpr std::chrono::milliseconds patience{250}; // a place can be told of just before it is looked for
        await(-1, patience);
        place = freePlace();
    }
    share.parentWaits.store(false, std::memory_order_relaxed);
    LAB_MARK(CallLeft, Thread, "wait for a place", .kind = SystemCall::WaitForProcess,
             .value = static_cast<std::int64_t>(m_ended.size()));
    return place;
}

/// Waits by poll, so that it also hears of children that end and of the lab's word: with nobody else at the listening
/// socket, the accept that follows does not block, and takes in the client that was waited for.
std::optional<AcceptedConnection> ProcessParent::accept(std::size_t place) {
    const auto context = contextOf(place);
    if (auto former = takeOverConnection(*context, 0)) {
        return former;
    }
    LAB_MARK(CallEntered, Acceptor, "accept", .kind = SystemCall::Accept);
    FileDescriptor socket;
    int failure = EAGAIN;
    while (!socket && running() && !context->hasArrivals() &&
           (failure == EAGAIN || failure == EINTR || failure == ECONNABORTED)) {
        if (await(m_listening.get(), std::chrono::milliseconds{-1}, m_channel.get())) {
            socket.reset(::accept4(m_listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
            failure = socket ? 0 : errno;
        }
    }
    LAB_MARK(CallLeft, Acceptor, "accept", .kind = SystemCall::Accept, .value = -failure);
    if (socket) {
        return admitConnection(*context, std::move(socket));
    }
    if (const auto rest = acceptFailed(failure); rest.count() > 0) {
        endTurn();
        await(-1, rest);
    }
    return std::nullopt;
}

void ProcessParent::refuse(std::size_t place, AcceptedConnection connection) {
    const auto context = contextOf(place);
    closeConnection(*context, connection, CloseReason::Failed, connection.requests);
}

bool ProcessParent::fork(std::size_t place, const std::string& name,
                         const std::function<void(ServerContext& context)>& work) {
    auto& own = m_memory.place(place);
    own.begun.store(0, std::memory_order_relaxed);
    const auto servedBefore = own.counts.accepted.load() + own.counts.takenOver.load();
    const int parent = ::getpid();
    const int process = ::fork();
    if (process == 0) {
        beChild(place, name, work, parent);
    }
    if (process < 0) {
        LAB_MARK(WorkerRefused, Acceptor, "fork", .kind = Worker::Process);
        return false;
    }
    own.process.store(process, std::memory_order_release);
    m_children[process] = {place, monotonicNanoseconds(), servedBefore};
    m_memory.share().started.fetch_add(1, std::memory_order_relaxed);
    countLiving();
    LAB_MARK(CallPerformed, Thread, "fork", .kind = SystemCall::Fork, .value = process);
    own.begun.store(1, std::memory_order_release);
    wakeAll(own.begun);
    return true;
}

void ProcessParent::beChild(std::size_t place, const std::string& name,
                            const std::function<void(ServerContext& context)>& work, int parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
        ::_exit(1); // the parent went before the kernel was asked to tell of it
    }
    m_socket.reset();
    m_signals.reset();
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    auto& own = m_memory.place(place);
    while (own.begun.load(std::memory_order_acquire) == 0) {
        waitForChange(own.begun, 0);
    }
    m_link = std::make_unique<ProcessLink>(m_memory, place, m_bell.get(), m_listening.get());
    {
        const TracedProcess traced(m_memory, place, *m_link, name);
        const auto context = contextOf(place);
        work(*context);
        for (const auto& linked : m_services) {
            linked.service->serverStopped();
        }
        tellTrouble(place);
    }
    ::_exit(0); // what the parent has to clean up is none of the child's business
}

/// True: `descriptor` is readable. `other`: ends the wait as well.
bool ProcessParent::await(int descriptor, std::chrono::milliseconds limit, int other) {
    pollfd watched[]{
        {m_signals.get(), POLLIN, 0}, {m_socket.get(), POLLIN, 0}, {descriptor, POLLIN, 0}, {other, POLLIN, 0}};
    const auto ready = ::poll(watched, std::size(watched), static_cast<int>(limit.count()));
    if (ready > 0 && (watched[0].revents != 0 || watched[1].revents != 0)) {
        lookAround();
    }
    return ready > 0 && watched[2].revents != 0;
}

void ProcessParent::wait(std::chrono::milliseconds limit) {
    LAB_MARK(CallEntered, Thread, "wait", .kind = SystemCall::WaitForProcess);
    if (m_ended.empty() && running()) {
        await(-1, limit);
    }
    LAB_MARK(CallLeft, Thread, "wait", .kind = SystemCall::WaitForProcess,
             .value = static_cast<std::int64_t>(m_ended.size()));
}

void ProcessParent::lookAround() {
    reap();
    hear();
}

void ProcessParent::hear() {
    while (true) {
        const auto heard = lab::hear<LabWord>(m_socket.get());
        if (heard.isGone) {
            ::_exit(1); // the lab has gone; the children go with their parent
        }
        if (!heard.word) {
            return;
        }
        // Only what was not waited for yet can be meant: the number cannot be another process's.
        if (heard.word->kind == LabWord::Kind::Kill && m_children.contains(heard.word->process)) {
            ::kill(heard.word->process, SIGKILL);
        }
    }
}

void ProcessParent::reap() {
    signalfd_siginfo told{};
    while (::read(m_signals.get(), &told, sizeof told) > 0) {
    }
    int status = 0;
    rusage used{};
    for (int process = 0; (process = ::wait4(-1, &status, WNOHANG, &used)) > 0;) {
        const auto child = m_children.find(process);
        if (child == m_children.end()) {
            continue;
        }
        const auto [place, begunAt, servedBefore] = child->second;
        m_children.erase(child);
        const auto& counts = m_memory.place(place).counts;
        m_ended.push_back({.place = place,
                           .hasServed = counts.accepted.load() + counts.takenOver.load() > servedBefore,
                           .age = std::chrono::nanoseconds(monotonicNanoseconds() - begunAt)});
        countLiving();
        static_cast<void>(say(m_socket.get(), ParentWord{.kind = ParentWord::Kind::Ended,
                                                         .place = static_cast<std::uint32_t>(place),
                                                         .process = process,
                                                         .status = status,
                                                         .cost = costOf(used)}));
    }
}

std::vector<EndedChild> ProcessParent::takeEnded() { return std::exchange(m_ended, {}); }

} // namespace lab
