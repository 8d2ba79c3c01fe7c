// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/process_group.h"

#include "engine/base/clock.h"
#include "engine/process/option_octets.h"
#include "engine/process/process_cost.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace lab {

namespace {

constexpr std::chrono::milliseconds patienceAtEnd{3'000}; ///< with processes that were told to end
constexpr std::chrono::milliseconds shortestRest{100};    ///< before a parent that was killed is replaced
constexpr std::chrono::milliseconds longestRest{5'000};
constexpr std::size_t octetsOfRings = 256 << 20; ///< of all places, where so many events ever come

/// Long enough for bursts; many processes get short ones.
std::size_t ringCapacity(std::size_t places) {
    std::size_t capacity = 1 << 16;
    while (capacity > 1 << 12 && capacity * places * sizeof(Event) > octetsOfRings) {
        capacity /= 2;
    }
    return capacity;
}

void clear(int bell) {
    eventfd_t rung = 0;
    ::eventfd_read(bell, &rung);
}

} // namespace

Result<std::shared_ptr<ProcessGroup>> ProcessGroup::start(ServerContext& context, ProcessPlan plan) {
    const auto places = plan.mostProcesses + 1;
    auto memory = ProcessMemory::create(places, ringCapacity(places));
    if (!memory) {
        return memory.error();
    }
    FileDescriptor bell(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    FileDescriptor calls(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!bell || !calls) {
        return Error::ofSystem("cannot make a bell for processes", errno);
    }
    auto channel = ConnectionChannel::create();
    if (!channel) {
        return channel.error();
    }
    std::shared_ptr<ProcessGroup> group(
        new ProcessGroup(context, plan, std::move(*memory), std::move(bell), std::move(calls), std::move(*channel)));
    if (const auto begun = group->begin(); !begun) {
        return begun.error();
    }
    return group;
}

ProcessGroup::ProcessGroup(ServerContext& context, ProcessPlan plan, ProcessMemory memory, FileDescriptor bell,
                           FileDescriptor calls, ConnectionChannel channel)
    : m_context(context)
    , m_plan(plan)
    , m_memory(std::move(memory))
    , m_bell(std::move(bell))
    , m_calls(std::move(calls))
    , m_channel(std::move(channel))
    , m_places(m_memory, context.trace, plan.parentAccepts)
    , m_agents(std::make_unique<GateAgents>(m_memory, context.gate, context.listeningSocket)) {
    m_memory.share().wide.lastConnection.store(context.lastConnection.load());
    m_context.gate.mirrorTo(m_memory.share().gate);
}

ProcessGroup::~ProcessGroup() { stop(); }

Result<void> ProcessGroup::begin() {
    constexpr std::size_t atOnce = 32;
    m_places.prepare(std::min(m_plan.mostProcesses, atOnce) + 1);
    if (const auto started = m_threads.start("processes", [this] { run(); }); !started) {
        return started;
    }
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_begun.has_value(); });
    return *m_begun;
}

void ProcessGroup::announce(Result<void> begun) {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_begun) {
            m_begun = std::move(begun);
        }
    }
    m_changed.notify_all();
}

bool ProcessGroup::isStopping() const {
    const std::lock_guard lock(m_mutex);
    return m_stopping || !m_context.running();
}

/// False: the server is to stop.
bool ProcessGroup::rest(std::chrono::milliseconds time) {
    std::unique_lock lock(m_mutex);
    return !m_changed.wait_for(lock, time, [this] { return m_stopping || !m_context.running(); });
}

void ProcessGroup::run() {
    auto pause = shortestRest;
    do {
        if (auto started = startOne(); started) {
            const auto since = monotonicNanoseconds();
            serve();
            endOne();
            constexpr std::int64_t longLife = 10'000'000'000;
            pause = monotonicNanoseconds() - since > longLife ? shortestRest : pause;
            announce(Error{"the parent of the processes has ended before it could begin"});
        } else {
            announce(started.error());
        }
        pause = std::min(pause * 2, longestRest);
    } while (!isStopping() && rest(pause / 2));
}

Result<void> ProcessGroup::startOne() {
    auto parent = startParent();
    if (!parent) {
        return parent.error();
    }
    m_memory.place(0).phase.store(ProcessPlace::Phase::Taken, std::memory_order_relaxed);
    const std::array<int, 4> descriptors{m_memory.file(), m_context.listeningSocket, m_bell.get(),
                                         m_channel.processes.get()};
    m_parent.emplace(std::move(*parent));
    m_parentCost.reset();
    m_stopSince = 0;
    if (auto said = sayFirst(m_parent->socket.get(), toOctets(m_context.options), descriptors); !said) {
        endOne();
        return said;
    }
    return {};
}

/// Until the parent has gone.
void ProcessGroup::serve() {
    bool hasGone = false;
    while (!hasGone) {
        constexpr int betweenLooks = 250; // ms
        std::array<pollfd, 4> watched{{{m_parent->socket.get(), POLLIN, 0},
                                       {m_bell.get(), POLLIN, 0},
                                       {m_calls.get(), POLLIN, 0},
                                       {m_channel.lab.get(), POLLIN, 0}}};
        ::poll(watched.data(), watched.size(), betweenLooks);
        clear(m_bell.get());
        clear(m_calls.get());
        passConnections();
        m_places.answer();
        for (std::size_t place = 0; place < m_memory.share().prepared.load(std::memory_order_acquire); ++place) {
            auto& gate = m_memory.place(place).gate;
            const auto word = static_cast<GateWord>(gate.word.load(std::memory_order_seq_cst));
            const bool waits = word == GateWord::Asks || word == GateWord::Published || word == GateWord::TurnEnds;
            if (waits && !gate.hasAgent.load(std::memory_order_seq_cst)) {
                m_agents->begin(place);
            }
        }
        hear(hasGone);
        settleEnded();
        std::vector<LabWord> words;
        {
            const std::lock_guard lock(m_mutex);
            words.swap(m_words);
            m_stopSince = m_stopping && m_stopSince == 0 ? monotonicNanoseconds() : m_stopSince;
        }
        for (const auto& word : words) {
            tellParent(word);
        }
        if (m_stopSince != 0 &&
            monotonicNanoseconds() - m_stopSince > std::chrono::nanoseconds(patienceAtEnd).count()) {
            ::kill(m_parent->process, SIGKILL); // and the kernel its children
        }
    }
}

/// What the model before has left goes to the processes, as far as they have room for it; what they leave to the next
/// one comes from them.
void ProcessGroup::passConnections() {
    while (auto connection = receiveConnection(m_channel.lab.get())) {
        m_context.transit->push(std::move(*connection));
    }
    auto* transit = dynamic_cast<LocalTransit*>(m_context.transit);
    while (transit != nullptr && m_context.running()) {
        auto connection = transit->take();
        if (!connection) {
            return;
        }
        if (!sendConnection(m_channel.lab.get(), *connection, MSG_DONTWAIT)) {
            transit->putBack(std::move(*connection)); // until a process has taken one
            return;
        }
    }
}

/// No process is left: what they have sent last, and what none of them has taken.
void ProcessGroup::recoverConnections() {
    for (const auto* end : {&m_channel.lab, &m_channel.processes}) {
        while (auto connection = receiveConnection(end->get())) {
            m_context.transit->push(std::move(*connection));
        }
    }
}

/// The next model goes on counting where the processes are.
void ProcessGroup::keepNumbers() {
    const auto last = m_memory.share().wide.lastConnection.load();
    auto known = m_context.lastConnection.load();
    while (known < last && !m_context.lastConnection.compare_exchange_weak(known, last)) {
    }
}

void ProcessGroup::hear(bool& hasGone) {
    while (true) {
        const auto heard = lab::hear<ParentWord>(m_parent->socket.get());
        hasGone = hasGone || heard.isGone;
        if (!heard.word) {
            return;
        }
        const auto& word = *heard.word;
        switch (word.kind) {
        case ParentWord::Kind::Ready: announce({}); break;
        case ParentWord::Kind::Failed: announce(Error{word.text.data()}); break;
        case ParentWord::Kind::WantsPlaces:
            m_places.prepare(m_memory.share().prepared.load());
            tellParent({.kind = LabWord::Kind::Look});
            break;
        case ParentWord::Kind::Ended:
            m_ended.push_back({.place = word.place, .process = word.process, .status = word.status, .cost = word.cost});
            break;
        case ParentWord::Kind::Ends: m_parentCost = word.cost; break;
        }
    }
}

void ProcessGroup::settleEnded() {
    if (m_ended.empty()) {
        return;
    }
    for (const auto& end : m_ended) {
        m_agents->end(end.place);
    }
    m_places.settle(m_ended);
    m_ended.clear();
    if (m_memory.share().parentWaits.load(std::memory_order_seq_cst)) {
        tellParent({.kind = LabWord::Kind::Look});
    }
}

/// The parent has gone, or has to: its children go with it.
void ProcessGroup::endOne() {
    auto parent = std::move(*m_parent);
    m_parent.reset();
    auto last = costOf(parent.process);
    parent.socket.reset(); // whoever has not gone yet goes when it sees this
    int status = 0;
    while (::waitpid(parent.process, &status, 0) < 0 && errno == EINTR) {
    }
    awaitOrphans();
    for (const auto& one : m_places.living()) {
        if (one.place != 0) {
            m_ended.push_back({.place = one.place, .process = 0, .status = 0, .cost = {}});
        }
    }
    auto& share = m_memory.share();
    if (m_memory.place(0).process.load() != 0) {
        m_ended.push_back(
            {.place = 0, .process = parent.process, .status = status, .cost = m_parentCost.value_or(last)});
    }
    settleEnded();
    // A place that was taken for a child that was never made.
    for (std::size_t place = 1; place < share.prepared.load(); ++place) {
        auto& own = m_memory.place(place);
        if (own.phase.load() == ProcessPlace::Phase::Taken) {
            own.counts.closed.fetch_add(own.counts.open());
            own.phase.store(ProcessPlace::Phase::Free, std::memory_order_release);
        }
    }
    share.living.store(0, std::memory_order_relaxed);
}

/// Until the children of a parent that was killed are gone as well. They are not the lab's children: it can only see
/// that they have ended.
void ProcessGroup::awaitOrphans() {
    constexpr int patience = 1'000; // ms
    for (const auto& one : m_places.living()) {
        if (one.place == 0) {
            continue;
        }
        const FileDescriptor process(static_cast<int>(::syscall(SYS_pidfd_open, one.process, 0)));
        if (process) {
            pollfd watched{.fd = process.get(), .events = POLLIN, .revents = 0};
            ::poll(&watched, 1, patience);
        }
    }
}

void ProcessGroup::tellParent(const LabWord& word) {
    // One that does not listen is held at the gate or about to end; its state it finds in the shared memory.
    static_cast<void>(say(m_parent->socket.get(), word, MSG_DONTWAIT));
}

void ProcessGroup::wake() {
    const auto state = m_context.state.load(std::memory_order_acquire);
    if (m_context.hasArrivals()) {
        ::eventfd_write(m_calls.get(), 1);
    }
    {
        const std::lock_guard lock(m_mutex);
        if (m_isClosed) {
            return;
        }
        if (state != ServerState::Running) {
            keepNumbers();
        }
        m_memory.share().wide.handsOver.store(m_context.handsOver(), std::memory_order_release);
        if (m_memory.share().wide.state.exchange(state, std::memory_order_acq_rel) == state) {
            return;
        }
        m_words.push_back({.kind = LabWord::Kind::Look});
    }
    m_changed.notify_all();
    ::eventfd_write(m_calls.get(), 1);
}

Result<void> ProcessGroup::kill(int process) {
    const auto all = workers();
    if (std::none_of(all.begin(), all.end(), [&](const auto& worker) { return worker.process == process; })) {
        return Error{"this server has no process " + std::to_string(process) + " that serves connections"};
    }
    {
        const std::lock_guard lock(m_mutex);
        m_words.push_back({.kind = LabWord::Kind::Kill, .process = process});
    }
    ::eventfd_write(m_calls.get(), 1);
    return {};
}

void ProcessGroup::stop() {
    {
        const std::lock_guard lock(m_mutex);
        if (std::exchange(m_stopping, true)) {
            return;
        }
        m_memory.share().wide.state.store(ServerState::Stopping, std::memory_order_release);
        m_words.push_back({.kind = LabWord::Kind::Look});
    }
    m_changed.notify_all();
    ::eventfd_write(m_calls.get(), 1);
    m_threads.join();
    if (m_context.transit != nullptr) {
        recoverConnections();
    }
    const std::lock_guard lock(m_mutex);
    keepNumbers();
    m_agents.reset();
    m_places.close();
    m_context.gate.endMirror(m_memory.share().gate);
    m_memory.closeFile();
    m_isClosed = true;
}

} // namespace lab
