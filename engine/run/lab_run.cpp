// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/run/lab_run.h"

#include "engine/base/clock.h"
#include "engine/concurrency/model_info.h"
#include "engine/configuration/service_configurator.h"
#include "engine/run/phase_server.h"
#include "engine/run/resource_sampler.h"
#include "engine/run/server_settings.h"
#include "engine/run/temporary_root.h"
#include "engine/trace/recording_file.h"
#include "engine/trace/trace.h"
#include "engine/traffic/traffic.h"

#include <algorithm>
#include <ctime>
#include <optional>

namespace lab {

namespace {

/// The last turn of a steered run is waited for so long.
constexpr std::chrono::milliseconds longestLastTurn{100};

std::string wallClock() {
    const auto now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

class RunningLab final : public LabRun {
public:
    explicit RunningLab(Options options)
        : m_options(std::move(options))
        , m_recording(std::make_shared<Recording>(m_options.maximumEvents)) {}
    ~RunningLab() override { stop(); }

    Result<void> begin();

    const Options& options() const override { return m_options; }
    std::shared_ptr<Recording> recording() const override { return m_recording; }
    Gate& gate() override { return m_trace ? m_trace->gate() : m_openGate; }
    Stepper* stepper() override { return m_stepper.get(); }
    Server& server() override { return *m_server; }
    bool trafficDone() const override { return !m_traffic || m_traffic->done(); }
    bool waitForTraffic(std::chrono::milliseconds limit) override {
        return !m_traffic || m_traffic->waitUntilDone(limit);
    }
    double progress() const override { return m_traffic ? m_traffic->progress() : 0; }
    RunResult result() const override;
    std::size_t warmFiles() const override { return m_traffic ? m_traffic->warmFiles() : 0; }
    std::string trouble() const override;
    void stop() override;

private:
    Result<void> prepareRoot();
    Result<void> prepareTrace();
    Result<void> startServer();
    Result<void> startWriter();
    Result<void> startSampler();
    Result<void> startTraffic();
    void steer();
    void notePace();
    void finishRecording();
    bool wasPaced() const { return m_trace && m_trace->gate().wasEngaged(); }
    bool wasStepped() const { return m_stepper && m_stepper->hasStepped(); }

    Options m_options;
    std::shared_ptr<Recording> m_recording;
    Gate m_openGate; ///< where nothing is traced
    std::optional<TemporaryRoot> m_root;
    std::unique_ptr<Trace> m_trace;
    std::unique_ptr<Stepper> m_stepper;
    std::unique_ptr<RecordingWriter> m_writer;
    std::unique_ptr<Server> m_server;
    std::unique_ptr<ResourceSampler> m_sampler;
    ServerOptions m_begin; ///< what the phases' servers go out from
    std::unique_ptr<PhaseServer> m_phases;
    std::unique_ptr<Traffic> m_traffic;
    std::string m_writeFailure; ///< of finishing the recording file
    std::int64_t m_startedAt = 0;
    std::int64_t m_endedAt = 0;
    bool m_stopped = false;
};

Result<void> RunningLab::begin() {
    m_startedAt = monotonicNanoseconds();
    if (auto reason = refusalOfTraffic(m_options.scenario, m_options.server); !reason.empty()) {
        return Error{std::move(reason)};
    }
    if (const auto good = checkPhases(m_options.scenario, m_options.server); !good) {
        return good.error();
    }
    m_begin = m_options.server;
    if (!m_options.scenario.phases.empty()) {
        m_options.server = optionsIn(m_options.scenario.phases.front(), m_begin);
    }
    for (const auto step : {&RunningLab::prepareRoot, &RunningLab::prepareTrace, &RunningLab::startServer,
                            &RunningLab::startWriter, &RunningLab::startSampler, &RunningLab::startTraffic}) {
        if (const auto done = (this->*step)(); !done) {
            return done.error();
        }
    }
    return {};
}

Result<void> RunningLab::prepareRoot() {
    if (!m_options.server.root.empty()) {
        return {};
    }
    const auto title = describeRun(m_options.server).modelTitle;
    auto root = TemporaryRoot::create(m_options.scenario, title.empty() ? m_options.server.model : title);
    if (!root) {
        return root.error();
    }
    m_root.emplace(std::move(*root));
    m_options.server.root = m_root->path();
    return {};
}

Result<void> RunningLab::prepareTrace() {
    auto info = describeRun(m_options.server);
    info.scenario = m_options.scenario.id;
    info.seed = m_options.scenario.seed;
    info.startedAt = wallClock();
    m_recording->setInfo(std::move(info));
    if (m_options.trace) {
        m_trace = std::make_unique<Trace>(*m_recording);
        m_stepper = std::make_unique<Stepper>(*m_trace);
        steer();
        notePace();
    }
    return {};
}

/// Before the server's start, so that the first turn can be chosen as well. Its start is not held.
void RunningLab::steer() {
    m_stepper->setPolicy(m_options.policy);
    if (m_options.schedule) {
        const bool holds = m_options.holdAfterSchedule || m_options.startHeld;
        m_stepper->follow(*m_options.schedule, holds, m_options.scheduleTurns);
    } else if (m_options.startHeld) {
        m_stepper->hold();
    } else if (m_options.serialised) {
        m_stepper->goOnInTurns(m_options.pace);
    } else if (m_options.pace > 0) {
        m_stepper->goOn(m_options.pace);
    }
}

/// After the server's start: a run that cannot begin leaves no file. Nothing is missed: the recording keeps all.
Result<void> RunningLab::startWriter() {
    if (!m_trace || m_options.recordingFile.empty()) {
        return {};
    }
    auto writer = RecordingWriter::create(m_options.recordingFile, m_recording);
    if (!writer) {
        return writer.error();
    }
    m_writer = std::move(*writer);
    return {};
}

Result<void> RunningLab::startServer() {
    auto server = Server::start(m_options.server, m_trace.get());
    if (!server) {
        return server.error();
    }
    m_server = std::move(*server);
    auto info = m_recording->info();
    const auto url = m_server->url();
    const auto host = url.find("://") + 3;
    info.address = url.substr(host, url.size() - host - 1);
    m_recording->setInfo(std::move(info));
    return {};
}

Result<void> RunningLab::startSampler() {
    if (!m_trace) {
        return {};
    }
    m_sampler = std::make_unique<ResourceSampler>(*m_server, *m_trace);
    return m_sampler->start([this] { notePace(); });
}

Result<void> RunningLab::startTraffic() {
    if (m_options.scenario.phases.empty()) {
        return {};
    }
    std::function<void(std::size_t)> entered;
    if (changesServer(m_options.scenario)) {
        m_phases = std::make_unique<PhaseServer>(*m_server, m_stepper.get(), m_options.scenario, m_begin);
        if (auto started = m_phases->start(); !started) {
            return started;
        }
        entered = [this](std::size_t phase) { m_phases->entered(phase); };
    }
    auto traffic = Traffic::start({.scenario = m_options.scenario,
                                   .seconds = m_options.seconds,
                                   .repeat = m_options.repeat,
                                   .address = m_server->options().address,
                                   .port = m_server->port(),
                                   .entered = std::move(entered),
                                   .root = m_options.server.root},
                                  m_trace.get(), gate());
    if (!traffic) {
        return traffic.error();
    }
    m_traffic = std::move(*traffic);
    return {};
}

/// A run that was ever paced or stepped says so, from then on.
void RunningLab::notePace() {
    auto info = m_recording->info();
    if (wasPaced() != info.paced || wasStepped() != info.stepped) {
        info.paced = wasPaced();
        info.stepped = wasStepped();
        m_recording->setInfo(std::move(info));
    }
}

RunResult RunningLab::result() const {
    RunResult result;
    result.model = m_options.server.model;
    const auto end = m_endedAt != 0 ? m_endedAt : monotonicNanoseconds();
    result.seconds = static_cast<double>(end - m_startedAt) / 1e9;
    if (m_traffic) {
        const auto counts = m_traffic->counts();
        result.seconds = counts.seconds;
        result.requests = counts.answered;
        result.errors = counts.failed + counts.otherStatus;
        result.unfinished = counts.begun - counts.answered - counts.failed;
        result.retries = counts.retries;
        result.octets = counts.octets;
        result.warmFiles = m_traffic->warmFiles();
        for (auto& seen : m_traffic->phases()) {
            const auto& phase = m_options.scenario.phases[result.phases.size()];
            result.phases.push_back({std::move(seen), optionsIn(phase, m_begin).model});
        }
        result.groups = m_traffic->groups();
        result.firstByte = counts.firstByte;
        result.lastByte = counts.lastByte;
    } else if (m_server) {
        result.requests = m_server->counts().requests;
    }
    if (result.seconds > 0) {
        result.requestsPerSecond = static_cast<double>(result.requests) / result.seconds;
        result.bitsPerSecond = static_cast<double>(result.octets) * 8 / result.seconds;
    }
    if (m_server) {
        const auto usage = m_server->usage();
        result.peakThreads = usage.peakThreads;
        result.voluntarySwitches = usage.voluntarySwitches;
        result.involuntarySwitches = usage.involuntarySwitches;
        const auto cache = m_server->cacheCounts();
        result.cacheHits = cache.hits;
        result.cacheMisses = cache.misses;
        result.evictions = cache.evictions;
        result.processorSeconds = static_cast<double>(usage.processorNanoseconds) / 1e9;
        const auto counts = m_server->counts();
        result.acceptWakeUps = counts.acceptWakeUps;
        result.acceptsForNothing = counts.acceptsForNothing;
        result.rejected = counts.rejected;
    }
    const auto events = m_recording->total();
    result.eventsEmitted = events.emitted;
    result.eventsStored = events.stored;
    result.eventsLost = events.lost;
    result.paced = wasPaced();
    result.stepped = wasStepped();
    return result;
}

std::string RunningLab::trouble() const {
    std::string text = m_writeFailure;
    if (text.empty() && m_writer) {
        text = m_writer->trouble();
    }
    const auto services = m_server ? m_server->configurator().trouble() : std::string();
    const auto phases = m_phases ? m_phases->trouble() : std::string();
    for (const auto& more : {m_traffic ? m_traffic->trouble() : std::string(), phases, services}) {
        text += (text.empty() || more.empty() ? "" : "; ") + more;
    }
    return text;
}

void RunningLab::stop() {
    if (std::exchange(m_stopped, true)) {
        return;
    }
    if (m_phases) {
        m_phases->announceStop();
    }
    // Where one was steered, what comes now is no part of it; then nobody is held any more, so that all come to their
    // end.
    if (m_server && m_stepper && m_stepper->mode() != Stepper::Mode::Free) {
        m_stepper->hold();
        m_stepper->waitUntilHeld(longestLastTurn);
        m_server->announceStop();
    }
    gate().open();
    if (m_traffic) {
        m_traffic->stop();
    }
    m_endedAt = monotonicNanoseconds();
    if (m_server) {
        m_server->stop();
    }
    if (m_phases) {
        m_phases->stop();
    }
    // After the server, so that the last sample is the whole cost of its threads.
    if (m_sampler) {
        m_sampler->stop();
    }
    finishRecording();
    m_root.reset();
}

void RunningLab::finishRecording() {
    if (m_trace) {
        m_trace->stop();
        notePace();
    }
    if (m_writer) {
        if (const auto finished = m_writer->finish(); !finished) {
            m_writeFailure = finished.error().message;
        }
    }
}

} // namespace

Result<std::unique_ptr<LabRun>> LabRun::start(Options options) {
    auto run = std::make_unique<RunningLab>(std::move(options));
    if (const auto begun = run->begin(); !begun) {
        return begun.error();
    }
    return run;
}

} // namespace lab
