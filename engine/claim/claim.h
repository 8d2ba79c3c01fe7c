// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/run/run_result.h"
#include "engine/server/server_setting.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// What of a run is compared.
enum class Figure : std::uint8_t {
    RequestsPerSecond,
    BitsPerSecond,
    FirstByte,       ///< median, µs
    LastByte,        ///< median, µs
    MeanLastByte,    ///< µs
    LateLastByte,    ///< what nine of ten are not above, µs
    WokenForNothing, ///< share of all times that an event loop was woken to accept
    Errors,          ///< requests that clients lost
    Overtaken,       ///< share of completions that came before one of an operation that was started earlier
    OtherThread,     ///< share of completions whose hook ran in another thread than the one that had started them
    Count
};
std::string_view words(Figure figure);

/// A server under a scenario that takes part in the test of a claim.
struct Contender {
    std::string_view label; ///< "pool, many clients"
    std::string_view model;
    std::string_view scenario;            ///< in the scenarios' folder, without ".json": "claims/few"
    std::vector<SettingValue> settings{}; ///< of the server, beside the scenario's
    bool traced = false;                  ///< for figures that only the recording tells
    bool loses = false;                   ///< one of its processes is killed on the way
};

/// What a claim says of figures: a quotient of contenders' figures, and where it has to lie.
struct Expectation {
    std::string_view words; ///< "the pool's rate, against the thread per request's"
    Figure figure = Figure::RequestsPerSecond;
    std::vector<std::size_t> over{};  ///< contenders whose figures are multiplied
    std::vector<std::size_t> under{}; ///< and those by which that is divided
    double least = 0;
    double most = std::numeric_limits<double>::infinity();
    std::string_view group{}; ///< of clients, whose figures count; empty: all clients'. For times and rates of requests
};

/// A claim of the source documents, and the test that it is put to.
struct Claim {
    std::string_view id;
    std::string_view title;  ///< the claim, in our words
    std::string_view source; ///< where it is made
    std::vector<Contender> contenders;
    std::vector<Expectation> expectations;
    bool oneIsEnough = false; ///< what is claimed is that one of them comes true, not that all do
    std::string_view note{};  ///< what of the claim is not put to the test, and why
};

/// All claims, in the documents' order. The one list: command, tests and documentation follow from it.
std::span<const Claim> claims();
const Claim* findClaim(std::string_view id); ///< null where there is none

/// One contender's figures in one round.
struct ContenderRun {
    RunResult result;
    double overtaken = 0;
    double otherThread = 0;
};
double valueOf(const ContenderRun& run, Figure figure, std::string_view group = {});

/// What an expectation came to: the median of the rounds, and the least and greatest.
struct Finding {
    double median = 0;
    double least = 0;
    double greatest = 0;
    bool isTold = false;    ///< each round gave a quotient: there was something to divide by
    bool asClaimed = false; ///< the median lies where the claim has it
};
Finding judge(const Expectation& expectation, const std::vector<std::vector<ContenderRun>>& rounds);

/// What all findings of a claim come to.
enum class Verdict : std::uint8_t { Seen, SeenInPart, NotSeen, CannotBeSaid };
Verdict verdictOf(const Claim& claim, const std::vector<std::vector<ContenderRun>>& rounds);
std::string_view words(Verdict verdict); ///< "seen here"

struct ClaimTest {
    double seconds = 2; ///< of traffic, each contender and round
    unsigned rounds = 3;
    std::string scenarios; ///< the scenarios' folder
    std::function<void(std::string_view contender, unsigned round)> progress{};
};

/// Runs all contenders in turns, round by round: rounds of [contender]. Errors: of the scenario, or of the server.
Result<std::vector<std::vector<ContenderRun>>> putToTest(const Claim& claim, const ClaimTest& test);

} // namespace lab
