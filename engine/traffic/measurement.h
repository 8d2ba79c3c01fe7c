// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/analysis/latency_histogram.h"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace lab {

/// What the clients have seen so far.
struct TrafficCounts {
    double seconds = 0;      ///< from the first phase's beginning to the last one's end, or the last answer after that
    std::uint64_t begun = 0; ///< requests that were to be asked: answered, failed, or neither yet
    std::uint64_t answered = 0; ///< with any status
    std::uint64_t failed = 0;   ///< without a whole answer
    std::uint64_t retries = 0; ///< asked again on a new connection, since an idle one had been closed (RFC 9112, 9.3.1)
    std::uint64_t otherStatus = 0; ///< answered, but neither with success (200 to 299) nor as its group wants
    std::uint64_t octets = 0;      ///< received, headers included
    LatencySummary firstByte;      ///< of successes, from the intended start
    LatencySummary lastByte;
};

/// The same of a part of the traffic: a phase (what came while it lasted, whenever it was asked for; of one that comes
/// again and again, all times together) or a group of clients.
struct PartCounts {
    std::string name;
    double seconds = 0; ///< of a group: the whole traffic's
    std::uint64_t answered = 0;
    std::uint64_t errors = 0; ///< failed, or answered with another status
    std::uint64_t octets = 0;
    LatencySummary lastByte;
};

/// Counts and latencies of all clients.
///
/// Threads: written by the traffic's, read by any. Owner: the traffic.
class Measurement {
public:
    void setGroups(std::vector<std::string> names);              ///< of clients; before any of them counts
    void start();                                                ///< the clock runs from now on
    void enterPhase(std::size_t index, const std::string& name); ///< the one before has ended
    void lastPhaseEnded(); ///< what is still under way is waited for, but the waiting counts only up to its answer
    void finish();         ///< the clock stands

    void begun();
    // By a client of the group with this index.
    void received(std::size_t group, std::size_t octets);
    void answered(std::size_t group, bool success, std::int64_t firstByteNanoseconds, std::int64_t lastByteNanoseconds);
    void failed(std::size_t group);
    void retried();

    /// The first one is kept: a sentence on what keeps the clients from working.
    void setTrouble(std::string sentence);
    std::string trouble() const;

    TrafficCounts counts() const;
    std::vector<PartCounts> phases() const;
    std::vector<PartCounts> groups() const;

private:
    struct Part {
        PartCounts counts;
        LatencyHistogram lastByte;
        std::int64_t nanoseconds = 0; ///< of a phase: of the times that have ended
    };
    /// The parts that something of this group counts for: the group, and the present phase if there is one.
    template <typename Count>
    void countFor(std::size_t group, Count count);
    double secondsNow() const; ///< with m_mutex
    void leavePhase(std::int64_t now);

    mutable std::mutex m_mutex;
    // Guarded by m_mutex.
    TrafficCounts m_counts;
    LatencyHistogram m_firstByte;
    LatencyHistogram m_lastByte;
    std::vector<Part> m_phases;
    std::vector<Part> m_groups;
    std::size_t m_phase = 0;       ///< the present one
    std::int64_t m_phaseSince = 0; ///< 0: none is on
    std::int64_t m_startedAt = 0;  ///< CLOCK_MONOTONIC, ns
    std::int64_t m_lastPhaseEndedAt = 0;
    std::int64_t m_lastAnswerAt = 0;
    std::int64_t m_finishedAt = 0; ///< 0: still running
    std::string m_trouble;
};

} // namespace lab
