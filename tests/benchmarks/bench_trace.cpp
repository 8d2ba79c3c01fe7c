// SPDX-License-Identifier: GPL-3.0-or-later
// What LAB_MARK costs the thread that calls it, while a collector drains.
#include "engine/base/clock.h"
#include "engine/base/thread_group.h"
#include "engine/trace/recording.h"
#include "engine/trace/trace.h"
#include "tests/benchmarks/benchmark.h"

#include <algorithm>
#include <cstdint>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

using namespace lab;
using namespace lab::benchmark;

namespace {

constexpr int eventsPerRequest = 10;
constexpr int requestsPerBatch = 20;
constexpr int eventsPerBatch = eventsPerRequest * requestsPerBatch;

/// The events of one small GET on a kept connection under a reactor, nothing else.
[[gnu::noinline]] void recordRequest(std::uint32_t connection) {
    LAB_MARK(HandleReady, InitiationDispatcher, "handle ready", .connection = connection, .kind = Interest::Read);
    LAB_MARK(HookEntered, EventHandler, "handle_input", .connection = connection, .kind = Hook::HandleInput);
    LAB_MARK(CallPerformed, EventHandler, "read", .connection = connection, .kind = SystemCall::Read, .value = 120);
    LAB_MARK(RequestParsed, HttpHandler, "parse", .connection = connection, .kind = Method::Get, .value = 120);
    LAB_MARK(FileFound, Filesystem, "find", .connection = connection, .kind = FileSource::CacheHit, .value = 3);
    LAB_MARK(ResponseStarted, HttpHandler, "respond", .connection = connection, .kind = Transfer::Memory,
             .value = responseValue(200, 740));
    LAB_MARK(CallPerformed, EventHandler, "writev", .connection = connection, .kind = SystemCall::Writev, .value = 740);
    LAB_MARK(ResponseSent, HttpHandler, "sent", .connection = connection, .value = 740);
    LAB_MARK(InterestChanged, InitiationDispatcher, "interest", .connection = connection, .kind = Interest::Read);
    LAB_MARK(HookLeft, EventHandler, "handle_input", .connection = connection, .kind = Hook::HandleInput);
}

struct Setup {
    std::string name;
    bool traced = true;
    int threads = 1;
    double eventsPerSecond = 0; ///< over all threads; 0: as fast as it goes
    int batches = 0;            ///< a thread
};

struct Outcome {
    Setup setup;
    Distribution nanoseconds; ///< an event
    double perSecond = 0;     ///< events in all, by the wall clock
    ActorCount count;
};

/// The body of one thread: nanoseconds an event, for each batch.
std::vector<double> measure(const Setup& setup) {
    const TickClock clock;
    // Between batches the thread spins, as a busy server would do other work.
    const double period = setup.eventsPerSecond > 0 ? 1e9 * eventsPerBatch * setup.threads / setup.eventsPerSecond : 0;
    std::vector<double> samples;
    samples.reserve(static_cast<std::size_t>(setup.batches));
    double next = static_cast<double>(clock.sinceStart(TickClock::now()));
    for (int batch = 0; batch < setup.batches; ++batch) {
        while (static_cast<double>(clock.sinceStart(TickClock::now())) < next) {
        }
        const auto begin = TickClock::now();
        for (std::uint32_t request = 1; request <= requestsPerBatch; ++request) {
            recordRequest(request);
        }
        const auto end = TickClock::now();
        const auto now = static_cast<double>(clock.sinceStart(end));
        samples.push_back((now - static_cast<double>(clock.sinceStart(begin))) / eventsPerBatch);
        // After a pause that was not ours the pace goes on from now: no burst to catch up.
        next = std::max(next + period, now);
    }
    return samples;
}

Result<Outcome> run(const Setup& setup) {
    Recording recording;
    Trace trace(recording);
    std::vector<std::vector<double>> samples(static_cast<std::size_t>(setup.threads));
    const auto begin = monotonicNanoseconds();
    {
        ThreadGroup threads(setup.traced ? &trace : nullptr);
        for (auto& mine : samples) {
            auto started = threads.start("producer", [&setup, &mine] { mine = measure(setup); });
            if (!started) {
                return started.error();
            }
        }
    }
    const auto nanoseconds = static_cast<double>(monotonicNanoseconds() - begin);
    trace.stop();
    std::vector<double> all;
    for (const auto& mine : samples) {
        all.insert(all.end(), mine.begin(), mine.end());
    }
    const double events = 1e9 * eventsPerBatch * static_cast<double>(all.size());
    return Outcome{setup, distributionOf(std::move(all)), events / nanoseconds, recording.total()};
}

void print(const Outcome& outcome) {
    std::cout << std::left << std::setw(28) << outcome.setup.name << std::right << std::fixed << std::setprecision(1)
              << std::setw(9) << outcome.nanoseconds.median << std::setw(9) << outcome.nanoseconds.p10 << std::setw(9)
              << outcome.nanoseconds.p90 << std::setw(9) << outcome.nanoseconds.mean << std::setprecision(2)
              << std::setw(12) << outcome.perSecond / 1e6 << std::setw(12) << outcome.count.stored << std::setw(12)
              << outcome.count.lost << '\n';
}

boost::json::object toJson(const Outcome& outcome) {
    return {{"name", outcome.setup.name},
            {"threads", outcome.setup.threads},
            {"nanosecondsPerEvent", benchmark::toJson(outcome.nanoseconds)},
            {"eventsPerSecond", outcome.perSecond},
            {"emitted", outcome.count.emitted},
            {"stored", outcome.count.stored},
            {"lost", outcome.count.lost}};
}

} // namespace

int main(int argc, char** argv) {
    const auto options = parseOptions(argc, argv,
                                      "Measures what recording an event costs the thread that records it, while a "
                                      "collector drains.\nA million events a second is what a server records at "
                                      "100,000 requests a second. Exit code 1 if a paced run lost events.");
    const int share = options.quick ? 10 : 1;
    const std::vector<Setup> setups{{"tracing off", false, 1, 0, 20'000 / share},
                                    {"1 thread, 1 million/s", true, 1, 1e6, 20'000 / share},
                                    {"2 threads, 1 million/s", true, 2, 1e6, 10'000 / share},
                                    {"1 thread, flat out", true, 1, 0, 100'000 / share},
                                    {"2 threads, flat out", true, 2, 0, 50'000 / share}};
    std::cout << "Nanoseconds an event, by batches of " << eventsPerBatch << " events\n"
              << std::left << std::setw(28) << "" << std::right << std::setw(9) << "median" << std::setw(9) << "p10"
              << std::setw(9) << "p90" << std::setw(9) << "mean" << std::setw(12) << "million/s" << std::setw(12)
              << "stored" << std::setw(12) << "lost" << '\n';
    boost::json::array runs;
    bool lost = false;
    for (const auto& setup : setups) {
        const auto outcome = run(setup);
        if (!outcome) {
            std::cerr << "bench_trace: " << outcome.error().message << '\n';
            return 1;
        }
        print(*outcome);
        runs.push_back(toJson(*outcome));
        lost = lost || (setup.eventsPerSecond > 0 && outcome->count.lost > 0);
    }
    if (lost) {
        std::cerr << "bench_trace: a paced run has lost events\n";
    }
    return writeFigures(options, {{"benchmark", "trace"}, {"runs", std::move(runs)}}) && !lost ? 0 : 1;
}
