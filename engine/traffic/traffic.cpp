// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/traffic.h"

#include "engine/analysis/text_table.h"
#include "engine/base/thread_group.h"
#include "engine/trace/trace.h"
#include "engine/traffic/client_reactor.h"
#include "engine/traffic/closed_loop.h"
#include "engine/traffic/descriptor_limit.h"
#include "engine/traffic/open_loop.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <limits>
#include <map>
#include <mutex>

namespace lab {

namespace {

constexpr std::int64_t graceAfterLastPhase = 2'000'000'000; // ns of lab time for requests under way
constexpr std::int64_t timeoutCheckInterval = 500'000'000;  // ns of lab time
/// Descriptors beside the connections: files being served, the recording, threads' own.
constexpr std::size_t otherDescriptors = 200;

/// Clients of the same name and kind of loop are the same clients in all phases.
using GroupKey = std::pair<std::string, bool>;
GroupKey keyOf(const ClientGroup& group) { return {group.name, group.arrivals == Arrivals::Closed}; }

/// Each group with its largest number of clients, in the order of the scenario.
std::vector<std::pair<GroupKey, unsigned>> groupsOf(const Scenario& scenario) {
    std::vector<std::pair<GroupKey, unsigned>> groups;
    for (const auto& phase : scenario.phases) {
        for (const auto& group : phase.groups) {
            const auto found = std::find_if(groups.begin(), groups.end(),
                                            [&](const auto& entry) { return entry.first == keyOf(group); });
            if (found == groups.end()) {
                groups.emplace_back(keyOf(group), group.clients);
            } else {
                found->second = std::max(found->second, group.clients);
            }
        }
    }
    return groups;
}

class TrafficThread final : public Traffic {
public:
    TrafficThread(Options options, Trace* trace)
        : m_options(std::move(options))
        , m_trace(trace)
        , m_threads(trace, Gated::AsClient) {}
    ~TrafficThread() override { stop(); }

    Result<void> prepare(const Gate& gate);
    Result<void> go() {
        return m_threads.start("clients", [this] { run(); });
    }

    bool done() const override {
        const std::lock_guard lock(m_mutex);
        return m_done;
    }
    bool waitUntilDone(std::chrono::milliseconds limit) const override {
        std::unique_lock lock(m_mutex);
        return m_finished.wait_for(lock, limit, [this] { return m_done; });
    }
    double progress() const override { return m_progress.load(std::memory_order_relaxed); }
    TrafficCounts counts() const override { return m_measurement.counts(); }
    std::vector<PartCounts> phases() const override { return m_measurement.phases(); }
    std::vector<PartCounts> groups() const override { return m_measurement.groups(); }
    std::size_t warmFiles() const override { return m_warmFiles; }
    std::string trouble() const override { return m_measurement.trouble(); }
    void stop() override {
        m_stopping.store(true, std::memory_order_relaxed);
        if (m_reactor) {
            m_reactor->wake();
        }
        m_threads.join();
    }

private:
    /// A phase made ready: mixes by group.
    struct PreparedPhase {
        const Phase* phase;
        std::int64_t nanoseconds;
        NameId name;
        std::vector<std::pair<ArrivalProcess*, RequestMix>> mixes; ///< in the order of the phase's groups
    };

    void prepareColdFiles();
    void prepareProcesses();
    void preparePhases(std::string_view host);
    void run();
    void enterPhase(std::size_t index, std::int64_t now);
    void advance(std::int64_t now);
    bool finished(std::int64_t now) const;
    void checkTimeouts(std::int64_t now);
    std::int64_t nextMoment() const;
    void noteProgress(std::int64_t now);

    const Options m_options;
    Trace* m_trace;
    Measurement m_measurement;
    std::unique_ptr<ClientReactor> m_reactor;
    std::map<GroupKey, std::unique_ptr<ArrivalProcess>> m_processes;
    std::vector<PreparedPhase> m_phases;
    ColdFiles m_coldFiles;
    std::size_t m_warmFiles = 0;

    // The traffic thread's own.
    std::size_t m_phase = 0;
    std::int64_t m_phaseEnd = 0;
    std::int64_t m_roundBegan = 0;
    std::int64_t m_roundLength = 0;
    std::int64_t m_nextTimeoutCheck = 0;
    bool m_lastPhaseEnded = false;

    std::atomic<bool> m_stopping{false};
    std::atomic<double> m_progress{0};
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_finished;
    bool m_done = false; ///< guarded by m_mutex

    ThreadGroup m_threads; ///< last: joined before the rest goes
};

Result<void> TrafficThread::prepare(const Gate& gate) {
    auto endpoint = ServerEndpoint::of(m_options.address, m_options.port);
    if (!endpoint) {
        return endpoint.error();
    }
    const auto host = endpoint->host();
    const bool many = clientsOf(m_options.scenario) > ServerEndpoint::clientsPerAddress;
    auto reactor = ClientReactor::create(std::move(*endpoint), m_measurement, gate, many);
    if (!reactor) {
        return reactor.error();
    }
    m_reactor = std::move(*reactor);
    m_reactor->setLink(m_options.scenario.linkOctetsPerSecond);
    prepareColdFiles();
    prepareProcesses();
    preparePhases(host);
    return {};
}

/// One that cannot be made cold is counted, and asked for as it is.
void TrafficThread::prepareColdFiles() {
    for (const auto& file : m_options.scenario.files) {
        if (!file.isCold) {
            continue;
        }
        ++m_warmFiles;
        if (m_options.root.empty()) {
            continue;
        }
        if (auto cold = ColdFile::open(m_options.root + "/" + file.path)) {
            (*cold)->cool();
            if ((*cold)->isCold()) {
                --m_warmFiles;
                m_coldFiles.emplace(file.path, std::move(*cold));
            }
        }
    }
}

void TrafficThread::prepareProcesses() {
    std::uint32_t number = 1;
    std::vector<Client*> clients;
    std::vector<std::string> names;
    for (const auto& [key, count] : groupsOf(m_options.scenario)) {
        auto& process = m_processes[key];
        if (key.second) {
            process = std::make_unique<ClosedLoop>(number, count, m_options.scenario.seed, *m_reactor);
        } else {
            process = std::make_unique<OpenLoop>(number, count, m_options.scenario.seed, *m_reactor);
        }
        for (auto& client : process->clients()) {
            client.countFor(names.size());
            clients.push_back(&client);
        }
        names.push_back(key.first);
        number += count;
    }
    m_reactor->setClients(std::move(clients));
    m_measurement.setGroups(std::move(names));
}

void TrafficThread::preparePhases(std::string_view host) {
    const auto& scenario = m_options.scenario;
    const double stretch = m_options.seconds > 0 ? m_options.seconds / scenario.seconds() : 1;
    for (const auto& phase : scenario.phases) {
        auto& prepared = m_phases.emplace_back();
        prepared.phase = &phase;
        prepared.nanoseconds = std::max<std::int64_t>(1, static_cast<std::int64_t>(phase.seconds * stretch * 1e9));
        prepared.name = m_trace != nullptr ? m_trace->recording().intern(phase.name) : 0;
        for (const auto& group : phase.groups) {
            prepared.mixes.emplace_back(m_processes.at(keyOf(group)).get(),
                                        RequestMix(scenario, group, host, m_coldFiles, m_trace));
        }
        m_roundLength += prepared.nanoseconds;
    }
}

void TrafficThread::enterPhase(std::size_t index, std::int64_t now) {
    m_phase = index;
    if (index == 0) {
        m_roundBegan = now;
    }
    const auto& prepared = m_phases[index];
    m_phaseEnd = now + prepared.nanoseconds;
    m_measurement.enterPhase(index, prepared.phase->name);
    if (m_options.entered) {
        m_options.entered(index);
    }
    LAB_MARK(PhaseStarted, Client, "phase", .value = prepared.name);
    for (const auto& entry : m_processes) {
        const auto* process = entry.second.get();
        const bool goesOn = std::any_of(prepared.mixes.begin(), prepared.mixes.end(),
                                        [&](const auto& mix) { return mix.first == process; });
        if (!goesOn) {
            entry.second->leave();
        }
    }
    for (std::size_t group = 0; group < prepared.mixes.size(); ++group) {
        const auto& [process, mix] = prepared.mixes[group];
        process->enter(prepared.phase->groups[group], mix, now);
    }
}

void TrafficThread::advance(std::int64_t now) {
    // One phase after the other at its appointed time, even when the thread was held for longer than one.
    while (!m_lastPhaseEnded && now >= m_phaseEnd) {
        for (auto& entry : m_processes) {
            entry.second->arrive(m_phaseEnd); // what belongs to the old phase
        }
        if (m_phase + 1 < m_phases.size()) {
            enterPhase(m_phase + 1, m_phaseEnd);
        } else if (m_options.repeat) {
            enterPhase(0, m_phaseEnd);
        } else {
            m_lastPhaseEnded = true;
            m_measurement.lastPhaseEnded();
            for (auto& entry : m_processes) {
                entry.second->leave();
            }
        }
    }
}

bool TrafficThread::finished(std::int64_t now) const {
    if (!m_lastPhaseEnded) {
        return false;
    }
    return now >= m_phaseEnd + graceAfterLastPhase ||
           std::all_of(m_processes.begin(), m_processes.end(), [](const auto& entry) { return entry.second->quiet(); });
}

void TrafficThread::checkTimeouts(std::int64_t now) {
    if (now < m_nextTimeoutCheck) {
        return;
    }
    m_nextTimeoutCheck = now + timeoutCheckInterval;
    for (auto& entry : m_processes) {
        for (auto& client : entry.second->clients()) {
            client.checkTimeout(now);
        }
    }
}

std::int64_t TrafficThread::nextMoment() const {
    auto moment = m_lastPhaseEnded ? m_phaseEnd + graceAfterLastPhase : m_phaseEnd;
    for (const auto& entry : m_processes) {
        moment = std::min(moment, entry.second->nextArrival());
    }
    return moment;
}

void TrafficThread::noteProgress(std::int64_t now) {
    const auto share = static_cast<double>(now - m_roundBegan) / static_cast<double>(m_roundLength);
    m_progress.store(std::clamp(share, 0.0, 1.0), std::memory_order_relaxed);
}

void TrafficThread::run() {
    m_measurement.start();
    enterPhase(0, m_reactor->now());
    while (!m_stopping.load(std::memory_order_relaxed)) {
        const auto now = m_reactor->now();
        advance(now);
        if (finished(now)) {
            break;
        }
        noteProgress(now);
        for (auto& entry : m_processes) {
            entry.second->arrive(now);
        }
        m_reactor->runTimers(now);
        checkTimeouts(now);
        m_reactor->poll(nextMoment());
    }
    m_measurement.finish();
    for (auto& entry : m_processes) {
        for (auto& client : entry.second->clients()) {
            client.abandon();
        }
    }
    const std::lock_guard lock(m_mutex);
    m_done = true;
    m_finished.notify_all();
}

} // namespace

std::size_t clientsOf(const Scenario& scenario) {
    std::size_t sum = 0;
    for (const auto& [key, count] : groupsOf(scenario)) {
        sum += count;
    }
    return sum;
}

Result<std::unique_ptr<Traffic>> Traffic::start(Options options, Trace* trace, const Gate& gate) {
    // Both ends of each connection are in this process.
    const auto clients = clientsOf(options.scenario);
    // A file that is to be cold is open here, too.
    const auto& files = options.scenario.files;
    const auto cold = std::count_if(files.begin(), files.end(), [](const ScenarioFile& file) { return file.isCold; });
    const auto needed = 2 * clients + files.size() + static_cast<std::size_t>(cold) + otherDescriptors;
    if (const auto enough = ensureDescriptors(needed, withSeparators(std::uint64_t{clients}) + " clients"); !enough) {
        return enough.error();
    }
    auto traffic = std::make_unique<TrafficThread>(std::move(options), trace);
    if (const auto ready = traffic->prepare(gate); !ready) {
        return ready.error();
    }
    if (const auto going = traffic->go(); !going) {
        return going.error();
    }
    return traffic;
}

} // namespace lab
