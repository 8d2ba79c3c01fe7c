// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/analysis/latency_summary.h"
#include "engine/traffic/measurement.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lab {

/// What the clients saw in a phase of the scenario.
struct PhaseResult {
    PartCounts counts;
    std::string model; ///< that the scenario wants in it
};

/// What the clients saw and the server cost, of one model under one scenario.
struct RunResult {
    std::string model;
    double seconds = 0;              ///< of traffic
    std::uint64_t requests = 0;      ///< answered
    std::uint64_t errors = 0;        ///< failed, or answered with another status than expected
    std::uint64_t unfinished = 0;    ///< begun, but neither answered nor failed when the run ended
    std::uint64_t retries = 0;       ///< asked again on a new connection, since the server had closed an idle one
    std::uint64_t octets = 0;        ///< received by the clients, headers included
    std::uint64_t warmFiles = 0;     ///< files that the scenario wants cold and that could not be made so
    std::vector<PhaseResult> phases; ///< the same, phase by phase
    std::vector<PartCounts> groups;  ///< and group of clients by group
    double requestsPerSecond = 0;
    double bitsPerSecond = 0;
    LatencySummary firstByte; ///< from the intended start of the request
    LatencySummary lastByte;
    std::size_t peakThreads = 0;
    std::int64_t voluntarySwitches = 0;
    std::int64_t involuntarySwitches = 0;
    double processorSeconds = 0;         ///< of the server's threads
    std::uint64_t acceptWakeUps = 0;     ///< an event loop was told that the listening socket is ready
    std::uint64_t acceptsForNothing = 0; ///< of these: nobody was there any more
    std::uint64_t rejected = 0;          ///< requests that a full queue had no room for
    std::uint64_t cacheHits = 0;         ///< files found in the Cached Virtual Filesystem
    std::uint64_t cacheMisses = 0;       ///< files that had to be opened
    std::uint64_t evictions = 0;         ///< files that had to leave it to make room
    std::uint64_t eventsEmitted = 0;
    std::uint64_t eventsStored = 0;
    std::uint64_t eventsLost = 0;
    bool paced = false;   ///< or stepped: then none of the times is a measurement
    bool stepped = false; ///< held, stepped or led by a schedule
};

} // namespace lab
