// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/claim/claim.h"

#include "engine/run/lab_run.h"
#include "engine/run/server_settings.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <unordered_map>

namespace lab {

namespace {

double share(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// Operations are numbered as they are started: one that is performed before a lower one has overtaken it.
void countOrder(const Recording& recording, ContenderRun& run) {
    std::unordered_map<std::uint32_t, std::uint16_t> startedBy;
    std::vector<std::uint32_t> outstanding; // in the order in which they were started
    std::uint64_t completions = 0;
    std::uint64_t overtaken = 0;
    std::uint64_t hooks = 0;
    std::uint64_t elsewhere = 0;
    const auto view = recording.view();
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto& event = view[index];
        // An accept is outstanding nearly always: whatever completes would overtake it.
        const bool counts =
            event.kindAs<Operation>() != Operation::Accept && event.kindAs<Operation>() != Operation::Timer;
        if (event.type() == EventType::OperationInitiated && counts) {
            startedBy[event.operation] = event.actor;
            outstanding.push_back(event.operation);
        } else if (event.type() == EventType::OperationCompleted) {
            const auto own = std::find(outstanding.begin(), outstanding.end(), event.operation);
            if (own != outstanding.end()) {
                ++completions;
                overtaken += own == outstanding.begin() ? 0 : 1;
                outstanding.erase(own);
            }
        } else if (event.type() == EventType::HookEntered && startedBy.contains(event.operation)) {
            ++hooks;
            elsewhere += startedBy[event.operation] == event.actor ? 0 : 1;
        }
    }
    run.overtaken = share(overtaken, completions);
    run.otherThread = share(elsewhere, hooks);
}

Result<ContenderRun> runOf(const Contender& contender, const ClaimTest& test) {
    auto scenario = readScenario(test.scenarios + "/" + std::string(contender.scenario) + ".json");
    if (!scenario) {
        return scenario.error();
    }
    LabRun::Options options;
    applyWanted(scenario->server, options.server);
    options.server.model = contender.model;
    if (auto set = applySettings(contender.settings, options.server); !set) {
        return set.error();
    }
    options.scenario = std::move(*scenario);
    options.seconds = test.seconds;
    options.trace = contender.traced;
    auto started = LabRun::start(std::move(options));
    if (!started) {
        return started.error();
    }
    auto& run = **started;
    if (contender.loses) {
        run.waitForTraffic(std::chrono::milliseconds(static_cast<std::int64_t>(test.seconds * 500)));
        const auto workers = run.server().workers();
        const auto busy = std::find_if(workers.begin(), workers.end(), [](auto& one) { return one.connection != 0; });
        if (workers.empty()) {
            return Error{std::string(contender.model) + " has no process that could be killed"};
        }
        if (auto killed = run.server().killWorker((busy != workers.end() ? *busy : workers.front()).process); !killed) {
            return killed.error();
        }
    }
    while (!run.waitForTraffic(std::chrono::milliseconds(100))) {
    }
    run.stop();
    ContenderRun seen{.result = run.result()};
    if (contender.traced) {
        countOrder(*run.recording(), seen);
    }
    return seen;
}

double valueOfPart(const PartCounts& part, Figure figure) {
    switch (figure) {
    case Figure::RequestsPerSecond: return part.seconds > 0 ? static_cast<double>(part.answered) / part.seconds : 0;
    case Figure::LastByte: return part.lastByte.p50;
    case Figure::MeanLastByte: return part.lastByte.mean;
    case Figure::LateLastByte: return part.lastByte.p90;
    case Figure::Errors: return static_cast<double>(part.errors);
    default: return 0;
    }
}

} // namespace

std::string_view words(Figure figure) {
    static constexpr std::array<std::string_view, static_cast<std::size_t>(Figure::Count)> texts{
        "requests/s",        "Mbit/s", "first byte, µs", "last byte, µs", "mean last byte, µs", "last byte p90, µs",
        "woken for nothing", "errors", "overtaken",      "other thread"};
    return texts[static_cast<std::size_t>(figure)];
}

double valueOf(const ContenderRun& run, Figure figure, std::string_view group) {
    if (!group.empty()) {
        const auto& groups = run.result.groups;
        const auto found = std::find_if(groups.begin(), groups.end(), [&](auto& one) { return one.name == group; });
        return found == groups.end() ? 0 : valueOfPart(*found, figure);
    }
    switch (figure) {
    case Figure::RequestsPerSecond: return run.result.requestsPerSecond;
    case Figure::BitsPerSecond: return run.result.bitsPerSecond / 1e6;
    case Figure::FirstByte: return run.result.firstByte.p50;
    case Figure::LastByte: return run.result.lastByte.p50;
    case Figure::MeanLastByte: return run.result.lastByte.mean;
    case Figure::LateLastByte: return run.result.lastByte.p90;
    case Figure::WokenForNothing: return share(run.result.acceptsForNothing, run.result.acceptWakeUps);
    case Figure::Errors: return static_cast<double>(run.result.errors);
    case Figure::Overtaken: return run.overtaken;
    default: return run.otherThread;
    }
}

const Claim* findClaim(std::string_view id) {
    const auto all = claims();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Claim& one) { return one.id == id; });
    return found == all.end() ? nullptr : &*found;
}

Finding judge(const Expectation& expectation, const std::vector<std::vector<ContenderRun>>& rounds) {
    std::vector<double> values;
    bool isTold = !rounds.empty();
    for (const auto& round : rounds) {
        double value = 1;
        for (const auto contender : expectation.over) {
            value *= valueOf(round[contender], expectation.figure, expectation.group);
        }
        // Nobody was answered, on either side: no quotient, and no claim is borne out by it.
        isTold = isTold && (value > 0 || expectation.under.empty());
        for (const auto contender : expectation.under) {
            const auto divisor = valueOf(round[contender], expectation.figure, expectation.group);
            isTold = isTold && divisor > 0;
            value = divisor > 0 ? value / divisor : 0;
        }
        values.push_back(value);
    }
    Finding finding{.isTold = isTold};
    if (values.empty()) {
        return finding;
    }
    std::sort(values.begin(), values.end());
    finding.median = values[values.size() / 2];
    finding.least = values.front();
    finding.greatest = values.back();
    finding.asClaimed = isTold && finding.median >= expectation.least && finding.median <= expectation.most;
    return finding;
}

Verdict verdictOf(const Claim& claim, const std::vector<std::vector<ContenderRun>>& rounds) {
    std::size_t seen = 0;
    for (const auto& expectation : claim.expectations) {
        const auto finding = judge(expectation, rounds);
        if (!finding.isTold) {
            return Verdict::CannotBeSaid;
        }
        seen += finding.asClaimed ? 1 : 0;
    }
    const auto wanted = claim.oneIsEnough ? 1 : claim.expectations.size();
    return seen >= wanted ? Verdict::Seen : seen > 0 ? Verdict::SeenInPart : Verdict::NotSeen;
}

std::string_view words(Verdict verdict) {
    static constexpr std::array<std::string_view, 4> texts{"seen here", "seen here in part", "not seen here",
                                                           "cannot be said: a server answered nothing"};
    return texts[static_cast<std::size_t>(verdict)];
}

Result<std::vector<std::vector<ContenderRun>>> putToTest(const Claim& claim, const ClaimTest& test) {
    std::vector<std::vector<ContenderRun>> rounds;
    for (unsigned round = 0; round < test.rounds; ++round) {
        auto& runs = rounds.emplace_back();
        for (const auto& contender : claim.contenders) {
            if (test.progress) {
                test.progress(contender.label, round + 1);
            }
            auto run = runOf(contender, test);
            if (!run) {
                return run.error();
            }
            runs.push_back(std::move(*run));
        }
    }
    return rounds;
}

} // namespace lab
