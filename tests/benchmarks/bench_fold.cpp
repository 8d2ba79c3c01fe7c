// SPDX-License-Identifier: GPL-3.0-or-later
// What it costs to fold events into the state, and to go to any event of a recording.
#include "engine/base/clock.h"
#include "engine/concurrency/model.h"
#include "engine/run/lab_run.h"
#include "engine/state/lab_state.h"
#include "engine/state/state_history.h"
#include "tests/benchmarks/benchmark.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iomanip>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace lab;
using namespace lab::benchmark;

namespace {

double microsecondsSince(std::int64_t begin) { return static_cast<double>(monotonicNanoseconds() - begin) / 1e3; }

/// Sixteen clients on kept connections, small files: many events in a short time.
Scenario busyScenario() {
    Scenario scenario;
    scenario.id = scenario.title = "benchmark";
    scenario.files = {{.path = "500.bin", .octets = 500, .share = 3},
                      {.path = "100k.bin", .octets = 100'000, .share = 1}};
    Phase phase{.name = "busy", .seconds = 60, .groups = {}};
    phase.groups.push_back({.name = "clients", .clients = 16, .mix = {}});
    scenario.phases.push_back(std::move(phase));
    return scenario;
}

/// A recording of a real server under real traffic, with `events` events or a few more.
Result<std::shared_ptr<Recording>> record(std::string_view model, std::size_t events) {
    LabRun::Options options;
    options.server.model = model;
    options.scenario = busyScenario();
    auto run = LabRun::start(std::move(options));
    if (!run) {
        return run.error();
    }
    const auto recording = (*run)->recording();
    // Nobody tells when a recording has grown so far: look again every few milliseconds until the traffic ends.
    while (recording->end() < events && !(*run)->waitForTraffic(std::chrono::milliseconds(5))) {
    }
    (*run)->stop();
    if (recording->end() < events) {
        return Error{"the traffic ended after " + std::to_string(recording->end()) + " events"};
    }
    return recording;
}

/// Folds the first `events` again and again; nanoseconds an event, a sample a pass.
Distribution measureFold(const RecordingView& view, std::size_t events, int passes) {
    std::vector<double> samples;
    for (int pass = 0; pass < passes; ++pass) {
        LabState state;
        const auto begin = monotonicNanoseconds();
        for (std::size_t index = 0; index < events;) {
            const auto run = view.run(index).first(std::min(view.run(index).size(), events - index));
            for (const auto& event : run) {
                state.apply(event);
            }
            index += run.size();
        }
        samples.push_back(static_cast<double>(monotonicNanoseconds() - begin) / static_cast<double>(events));
        if (state.next != events) {
            std::cerr << "bench_fold: the fold has lost count\n";
            std::exit(1);
        }
    }
    return distributionOf(std::move(samples));
}

/// Microseconds of each at(), for the given places in their order.
Distribution measureSeeks(StateHistory& history, const std::vector<std::size_t>& places) {
    std::vector<double> samples;
    for (const auto place : places) {
        const auto begin = monotonicNanoseconds();
        const auto& state = history.at(place);
        samples.push_back(microsecondsSince(begin));
        if (state.next != place) {
            std::cerr << "bench_fold: asked for event " << place << ", got " << state.next << '\n';
            std::exit(1);
        }
    }
    return distributionOf(std::move(samples));
}

void print(std::string_view name, std::string_view unit, const Distribution& distribution) {
    std::cout << "  " << std::left << std::setw(34) << name << std::right << std::fixed << std::setprecision(1)
              << std::setw(10) << distribution.median << std::setw(10) << distribution.p99 << std::setw(10)
              << distribution.maximum << "  " << unit << '\n';
}

Result<boost::json::object> measure(std::string_view model, std::size_t events, int seeks) {
    const auto recording = record(model, events);
    if (!recording) {
        return recording.error();
    }
    StateHistory history(*recording);
    const auto begin = monotonicNanoseconds();
    history.follow();
    const double follow = 1e3 * microsecondsSince(begin) / static_cast<double>(history.newest().next);
    std::cout << model << ", " << events << " events" << std::setw(25) << "median" << std::setw(10) << "p99"
              << std::setw(10) << "maximum" << '\n';
    const auto fold = measureFold(history.view(), events, 5);
    print("fold an event", "ns", fold);
    print("follow: fold with checkpoints", "ns", distributionOf({follow}));

    std::mt19937_64 random(1);
    std::uniform_int_distribution<std::size_t> anywhere(history.first(), events);
    std::vector<std::size_t> places(static_cast<std::size_t>(seeks));
    std::generate(places.begin(), places.end(), [&] { return anywhere(random); });
    const auto jumps = measureSeeks(history, places);
    print("go to a random event", "µs", jumps);
    const std::size_t middle = events / 2 + eventsPerBlock / 2;
    for (std::size_t step = 0; step < places.size(); ++step) {
        places[step] = middle + step;
    }
    const auto forward = measureSeeks(history, places);
    print("step forward", "µs", forward);
    std::reverse(places.begin(), places.end());
    const auto back = measureSeeks(history, places);
    print("step back", "µs", back);
    return boost::json::object{{"model", model},
                               {"events", events},
                               {"foldNanoseconds", benchmark::toJson(fold)},
                               {"followNanoseconds", follow},
                               {"randomSeekMicroseconds", benchmark::toJson(jumps)},
                               {"stepForwardMicroseconds", benchmark::toJson(forward)},
                               {"stepBackMicroseconds", benchmark::toJson(back)}};
}

} // namespace

int main(int argc, char** argv) {
    const auto options = parseOptions(argc, argv,
                                      "Records a million events of real servers, then measures folding them into the "
                                      "state\nand going to any of them, forwards and backwards.");
    const std::size_t events = options.quick ? 100'000 : 1'000'000;
    const int seeks = options.quick ? 30 : 300;
    boost::json::array runs;
    for (const std::string_view model : {"thread-pool", "reactor", "proactor-pool"}) {
        auto figures = measure(model, events, seeks);
        if (!figures) {
            std::cerr << "bench_fold: " << model << ": " << figures.error().message << '\n';
            return 1;
        }
        runs.push_back(std::move(*figures));
    }
    return writeFigures(options, {{"benchmark", "fold"}, {"runs", std::move(runs)}}) ? 0 : 1;
}
