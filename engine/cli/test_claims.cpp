// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/text_table.h"
#include "engine/claim/claim.h"
#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/cli/scenario_folder.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ostream>
#include <string>
#include <unistd.h>

namespace lab {

namespace {

namespace json = boost::json;

/// Three digits that count: "0.873", "12.3", "45,600".
std::string figureText(double value) {
    if (value >= 1000) {
        return withSeparators(static_cast<std::uint64_t>(std::llround(value)));
    }
    std::array<char, 32> text{};
    const int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
    std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
    return text.data();
}

std::string claimedText(const Expectation& expectation) {
    if (std::isinf(expectation.most)) {
        return "at least " + figureText(expectation.least);
    }
    if (expectation.least > 0) {
        return figureText(expectation.least) + " to " + figureText(expectation.most);
    }
    return "at most " + figureText(expectation.most);
}

/// The median of the rounds.
double medianOf(const std::vector<std::vector<ContenderRun>>& rounds, std::size_t contender, Figure figure) {
    return judge({.words = {}, .figure = figure, .over = {contender}, .under = {}}, rounds).median;
}

/// Files of a run that were to be cold and were not.
std::uint64_t warmFilesIn(const std::vector<std::vector<ContenderRun>>& rounds) {
    std::uint64_t most = 0;
    for (const auto& round : rounds) {
        for (const auto& run : round) {
            most = std::max(most, run.result.warmFiles);
        }
    }
    return most;
}

void list(std::ostream& out) {
    for (const auto& claim : claims()) {
        out << claim.id << ": " << claim.title << " (" << claim.source << ")\n";
    }
}

void print(std::ostream& out, const Claim& claim, const std::vector<std::vector<ContenderRun>>& rounds) {
    out << claim.id << ": " << claim.title << " (" << claim.source << ")\n\n";
    TextTable contenders;
    contenders.addColumn("contender", TextTable::Align::Left);
    contenders.addColumn("scenario", TextTable::Align::Left);
    constexpr std::array shown{Figure::RequestsPerSecond, Figure::BitsPerSecond, Figure::FirstByte, Figure::LastByte,
                               Figure::Errors};
    for (const auto figure : shown) {
        contenders.addColumn(std::string(words(figure)));
    }
    for (std::size_t index = 0; index < claim.contenders.size(); ++index) {
        const auto& contender = claim.contenders[index];
        std::vector<std::string> row{std::string(contender.label), std::string(contender.scenario)};
        for (const auto figure : shown) {
            row.push_back(figureText(medianOf(rounds, index, figure)));
        }
        contenders.addRow(std::move(row));
    }
    contenders.print(out);
    out << '\n';
    for (const auto& expectation : claim.expectations) {
        const auto finding = judge(expectation, rounds);
        out << expectation.words << ": ";
        if (finding.isTold) {
            out << figureText(finding.median) << " (" << figureText(finding.least) << " to "
                << figureText(finding.greatest) << "); claimed: " << claimedText(expectation) << "; "
                << (finding.asClaimed ? "seen here" : "not seen here") << '\n';
        } else {
            out << words(Verdict::CannotBeSaid) << '\n';
        }
    }
    out << "The claim" << (claim.oneIsEnough ? ", for which one of these is enough" : "") << ": "
        << words(verdictOf(claim, rounds)) << ".\n";
    if (!claim.note.empty()) {
        out << claim.note << '\n';
    }
    if (const auto warm = warmFilesIn(rounds); warm > 0) {
        out << "This says little here: " << withSeparators(warm)
            << " files were to come from a disk, and their folder is in memory. TMPDIR can name one on a disk.\n";
    }
    out << '\n';
}

json::object describe(const Claim& claim, const std::vector<std::vector<ContenderRun>>& rounds) {
    json::array contenders;
    for (std::size_t index = 0; index < claim.contenders.size(); ++index) {
        const auto& contender = claim.contenders[index];
        json::object figures;
        for (std::size_t figure = 0; figure < static_cast<std::size_t>(Figure::Count); ++figure) {
            const auto kind = static_cast<Figure>(figure);
            figures[std::string(words(kind))] = medianOf(rounds, index, kind);
        }
        contenders.push_back(json::object{{"label", std::string(contender.label)},
                                          {"model", std::string(contender.model)},
                                          {"scenario", std::string(contender.scenario)},
                                          {"medians", std::move(figures)}});
    }
    json::array findings;
    for (const auto& expectation : claim.expectations) {
        const auto finding = judge(expectation, rounds);
        findings.push_back(json::object{{"what", std::string(expectation.words)},
                                        {"figure", std::string(words(expectation.figure))},
                                        {"median", finding.median},
                                        {"least", finding.least},
                                        {"greatest", finding.greatest},
                                        {"claimed", claimedText(expectation)},
                                        {"clients", std::string(expectation.group)},
                                        {"told", finding.isTold},
                                        {"asClaimed", finding.asClaimed}});
    }
    return {{"id", std::string(claim.id)},
            {"title", std::string(claim.title)},
            {"source", std::string(claim.source)},
            {"warmFiles", warmFilesIn(rounds)},
            {"contenders", std::move(contenders)},
            {"findings", std::move(findings)},
            {"verdict", std::string(words(verdictOf(claim, rounds)))},
            {"note", std::string(claim.note)}};
}

Result<std::vector<const Claim*>> choose(const Arguments& command) {
    std::vector<const Claim*> chosen;
    for (const auto& id : command.texts("claim")) {
        if (id == "all") {
            for (const auto& claim : claims()) {
                chosen.push_back(&claim);
            }
        } else if (const auto* claim = findClaim(id)) {
            chosen.push_back(claim);
        } else {
            return Error{"there is no claim \"" + id + "\"; proactor-lab claims lists them"};
        }
    }
    return chosen;
}

} // namespace

int testClaims(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    Arguments command("claims", "[CLAIM... | all] [--rounds N] [--seconds S] [--json]",
                      "Puts what the source documents claim of servers to the test on this machine, and says what was\n"
                      "seen, whichever way it comes out. Without a claim: lists them.");
    command.addPositional("claim", true);
    command.addOption("rounds", "N", "so often each contender runs, in turns (3)");
    command.addOption("seconds", "S", "of traffic for each contender and round (2)");
    command.addSwitch("json", "the figures as JSON");
    command.addNote("Nothing is recorded meanwhile, but where the claim is about the order of events. Quotients are\n"
                    "taken within each round; the median counts. The traffic is in scenarios/claims.");
    if (const auto code = command.read(arguments, out, err)) {
        return *code;
    }
    const auto chosen = choose(command);
    const auto rounds = command.whole("rounds", 3, 1, 100);
    const auto seconds = command.number("seconds", 2, 0.05, 3600);
    if (!chosen || !rounds || !seconds) {
        const auto mistake = !chosen ? chosen.error() : !rounds ? rounds.error() : seconds.error();
        return command.complain(err, mistake.message, exitUsage);
    }
    if (chosen->empty()) {
        list(out);
        return exitDone;
    }
    ClaimTest test{.seconds = *seconds, .rounds = static_cast<unsigned>(*rounds), .scenarios = scenarioFolder()};
    const bool shows = ::isatty(STDERR_FILENO) == 1;
    json::array documents;
    for (const auto* claim : *chosen) {
        if (shows) {
            test.progress = [&err, claim](std::string_view contender, unsigned round) {
                err << "\r\033[K" << claim->id << ", round " << round << ": " << contender << std::flush;
            };
        }
        const auto seen = putToTest(*claim, test);
        if (shows) {
            err << "\r\033[K" << std::flush;
        }
        if (!seen) {
            return command.complain(err, seen.error().message, exitFailed);
        }
        if (command.has("json")) {
            documents.push_back(describe(*claim, *seen));
        } else {
            print(out, *claim, *seen);
        }
    }
    if (command.has("json")) {
        out << json::serialize(documents) << '\n';
    }
    return exitDone;
}

} // namespace lab
