// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/result_report.h"

#include "engine/analysis/text_table.h"

#include <boost/json/value_from.hpp>

#include <cmath>
#include <ostream>

namespace lab {

namespace {

namespace json = boost::json;

std::string rounded(double number) { return withSeparators(static_cast<std::int64_t>(std::llround(number))); }

json::object toJson(const LatencySummary& latency) {
    return {{"minimum", latency.minimum}, {"mean", latency.mean}, {"p50", latency.p50},        {"p90", latency.p90},
            {"p99", latency.p99},         {"p999", latency.p999}, {"maximum", latency.maximum}};
}

/// What came of parts of the traffic, a row each.
class PartTable {
public:
    explicit PartTable(const std::string& part) {
        m_table.addColumn("model", TextTable::Align::Left);
        m_table.addColumn(part, TextTable::Align::Left);
        for (const auto* heading :
             {"seconds", "requests", "errors", "requests/s", "Mbit/s", "last byte p50", "p90", "p99"}) {
            m_table.addColumn(heading);
        }
    }
    void add(const std::string& model, const PartCounts& part) {
        const auto perSecond = [&](std::uint64_t count) {
            return part.seconds > 0 ? static_cast<double>(count) / part.seconds : 0;
        };
        m_table.addRow({model, part.name, withDecimals(part.seconds, 1), withSeparators(part.answered),
                        withSeparators(part.errors), rounded(perSecond(part.answered)),
                        withDecimals(perSecond(part.octets) * 8 / 1e6, 1), rounded(part.lastByte.p50),
                        rounded(part.lastByte.p90), rounded(part.lastByte.p99)});
        m_any = true;
    }
    void print(std::ostream& out, std::string_view heading) const {
        if (m_any) {
            out << '\n' << heading << '\n';
            m_table.print(out);
            out << '\n';
        }
    }

private:
    TextTable m_table;
    bool m_any = false;
};

/// Of runs whose traffic changes.
void printPhases(std::ostream& out, std::span<const ReportedRun> runs) {
    PartTable table("phase");
    for (const auto& [info, result, trouble] : runs) {
        for (const auto& [phase, model] : result.phases) {
            if (result.phases.size() > 1) {
                table.add(model, phase);
            }
        }
    }
    table.print(out, "Phase by phase: what came while it lasted.");
}

/// Of runs with clients that behave differently.
void printGroups(std::ostream& out, std::span<const ReportedRun> runs) {
    PartTable table("clients");
    for (const auto& [info, result, trouble] : runs) {
        for (const auto& group : result.groups) {
            if (result.groups.size() > 1) {
                table.add(result.model, group);
            }
        }
    }
    table.print(out, "Group of clients by group.");
}

json::object toJson(const PartCounts& part) {
    return {{"name", part.name},     {"seconds", part.seconds}, {"requests", part.answered},
            {"errors", part.errors}, {"bytes", part.octets},    {"lastByteMicroseconds", toJson(part.lastByte)}};
}

json::array toJson(const std::vector<PhaseResult>& phases) {
    json::array list;
    for (const auto& [phase, model] : phases) {
        auto entry = toJson(phase);
        entry["model"] = model;
        list.push_back(std::move(entry));
    }
    return list;
}

json::array toJson(const std::vector<PartCounts>& groups) {
    json::array list;
    for (const auto& group : groups) {
        list.push_back(toJson(group));
    }
    return list;
}

} // namespace

void printResults(std::ostream& out, std::span<const ReportedRun> runs) {
    TextTable table;
    table.addColumn("model", TextTable::Align::Left);
    for (const auto* heading :
         {"requests", "errors", "requests/s", "Mbit/s", "first byte p50", "p99", "last byte p50", "p99", "p99.9", "max",
          "threads", "switches", "forced", "processor s", "hits", "misses", "evicted", "events", "lost"}) {
        table.addColumn(heading);
    }
    bool paced = false;
    bool stepped = false;
    for (const auto& [info, result, trouble] : runs) {
        paced = paced || result.paced;
        stepped = stepped || result.stepped;
        table.addRow({result.model,
                      withSeparators(result.requests),
                      withSeparators(result.errors),
                      rounded(result.requestsPerSecond),
                      withDecimals(result.bitsPerSecond / 1e6, 1),
                      rounded(result.firstByte.p50),
                      rounded(result.firstByte.p99),
                      rounded(result.lastByte.p50),
                      rounded(result.lastByte.p99),
                      rounded(result.lastByte.p999),
                      rounded(result.lastByte.maximum),
                      withSeparators(std::uint64_t{result.peakThreads}),
                      withSeparators(result.voluntarySwitches),
                      withSeparators(result.involuntarySwitches),
                      withDecimals(result.processorSeconds, 2),
                      withSeparators(result.cacheHits),
                      withSeparators(result.cacheMisses),
                      withSeparators(result.evictions),
                      withSeparators(result.eventsEmitted),
                      withSeparators(result.eventsLost)});
    }
    table.print(out);
    out << "First and last byte in microseconds from the intended start of a request. Switches: of the server's "
           "threads, voluntary and forced. Hits, misses, evicted: files of the cache.\n";
    printPhases(out, runs);
    printGroups(out, runs);
    for (const auto& run : runs) {
        if (run.result.unfinished > 0) {
            out << run.result.model << ": " << withSeparators(run.result.unfinished)
                << " requests were not answered when the run ended.\n";
        }
    }
    for (const auto& run : runs) {
        if (run.result.warmFiles > 0) {
            out << run.result.model << ": " << withSeparators(run.result.warmFiles)
                << " files were to be cold, and were not: their folder is in memory. TMPDIR can name one on a disk.\n";
            break;
        }
    }
    for (const auto& run : runs) {
        if (run.result.acceptsForNothing > 0) {
            out << run.result.model << ": event loops were woken " << withSeparators(run.result.acceptWakeUps)
                << " times to accept, " << withSeparators(run.result.acceptsForNothing)
                << " times for nothing: another one had been faster.\n";
        }
        if (run.result.rejected > 0) {
            out << run.result.model << ": " << withSeparators(run.result.rejected)
                << " requests were rejected with status 503, since the queue was full.\n";
        }
    }
    if (paced) {
        out << "The run was " << (stepped ? "stepped" : "paced") << ": its times are no measurement.\n";
    }
}

json::object toJson(const ReportedRun& run) {
    const auto& [info, result, trouble] = run;
    return {{"model", result.model},
            {"title", info.modelTitle},
            {"family", info.family},
            {"threads", info.threads},
            {"demultiplexer", info.demultiplexer},
            {"processor", info.processor},
            {"transfer", info.transfer},
            {"settings", json::value_from(info.settings)},
            {"startedAt", info.startedAt},
            {"seconds", result.seconds},
            {"requests", result.requests},
            {"errors", result.errors},
            {"unfinished", result.unfinished},
            {"retries", result.retries},
            {"bytes", result.octets},
            {"warmFiles", result.warmFiles},
            {"phases", toJson(result.phases)},
            {"groups", toJson(result.groups)},
            {"requestsPerSecond", result.requestsPerSecond},
            {"bitsPerSecond", result.bitsPerSecond},
            {"firstByteMicroseconds", toJson(result.firstByte)},
            {"lastByteMicroseconds", toJson(result.lastByte)},
            {"peakThreads", result.peakThreads},
            {"voluntarySwitches", result.voluntarySwitches},
            {"involuntarySwitches", result.involuntarySwitches},
            {"processorSeconds", result.processorSeconds},
            {"acceptWakeUps", result.acceptWakeUps},
            {"acceptsForNothing", result.acceptsForNothing},
            {"rejected", result.rejected},
            {"cacheHits", result.cacheHits},
            {"cacheMisses", result.cacheMisses},
            {"evictions", result.evictions},
            {"eventsEmitted", result.eventsEmitted},
            {"eventsStored", result.eventsStored},
            {"eventsLost", result.eventsLost},
            {"paced", result.paced},
            {"stepped", result.stepped},
            {"trouble", trouble}};
}

const char* resultFieldsHelp() {
    return "JSON: an object with scenario, title, seed and runs; runs has an object for each model, with\n"
           "  model, title, family, threads, demultiplexer, processor, transfer, startedAt;\n"
           "  settings            all options that the model takes, as the command line writes them\n"
           "  seconds             of traffic\n"
           "  requests, errors    answered; failed or answered with another status than 2xx\n"
           "  unfinished          neither answered nor failed when the run ended\n"
           "  retries             asked again on a new connection: the server had closed an idle one\n"
           "  bytes               received by the clients, headers included\n"
           "  warmFiles           files that the scenario wants cold, and that stayed in memory\n"
           "  phases              a list: name, model, seconds, requests, errors, bytes, lastByteMicroseconds\n"
           "                      of what came while the phase lasted\n"
           "  groups              the same of each group of clients, without model\n"
           "  requestsPerSecond, bitsPerSecond\n"
           "  firstByteMicroseconds, lastByteMicroseconds\n"
           "                      minimum, mean, p50, p90, p99, p999, maximum, of successes,\n"
           "                      from the intended start of the request\n"
           "  peakThreads, voluntarySwitches, involuntarySwitches, processorSeconds\n"
           "                      of the server's threads\n"
           "  acceptWakeUps, acceptsForNothing\n"
           "                      how often an event loop was woken to accept, and how often nobody was there any "
           "more\n"
           "  rejected            requests answered with 503, since a queue was full\n"
           "  cacheHits, cacheMisses, evictions\n"
           "                      files found in the server's cache; opened; gone from it to make room\n"
           "  eventsEmitted, eventsStored, eventsLost\n"
           "  paced               true: the times are no measurement\n"
           "  stepped             true: a schedule, a hold or single steps decided who went next; then paced is true, "
           "too\n"
           "  trouble             a sentence when something went wrong on the way, else empty";
}

} // namespace lab
