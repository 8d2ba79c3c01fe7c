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

/// The same of one phase: what came while it lasted, whenever it was asked for. Of a phase that comes again and again,
/// all times together.
struct PhaseCounts {
    std::string name;
    double seconds = 0;
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
    void start();                                                ///< the clock runs from now on
    void enterPhase(std::size_t index, const std::string& name); ///< the one before has ended
    void lastPhaseEnded(); ///< what is still under way is waited for, but the waiting counts only up to its answer
    void finish();         ///< the clock stands

    void begun();
    void received(std::size_t octets);
    void answered(bool success, std::int64_t firstByteNanoseconds, std::int64_t lastByteNanoseconds);
    void failed();
    void retried();

    /// The first one is kept: a sentence on what keeps the clients from working.
    void setTrouble(std::string sentence);
    std::string trouble() const;

    TrafficCounts counts() const;
    std::vector<PhaseCounts> phases() const;

private:
    struct Phase {
        PhaseCounts counts;
        LatencyHistogram lastByte;
        std::int64_t nanoseconds = 0; ///< of the times that have ended
    };
    Phase* phase() { return m_phase < m_phases.size() ? &m_phases[m_phase] : nullptr; }
    void leavePhase(std::int64_t now);

    mutable std::mutex m_mutex;
    // Guarded by m_mutex.
    TrafficCounts m_counts;
    LatencyHistogram m_firstByte;
    LatencyHistogram m_lastByte;
    std::vector<Phase> m_phases;
    std::size_t m_phase = 0;       ///< the present one
    std::int64_t m_phaseSince = 0; ///< 0: none is on
    std::int64_t m_startedAt = 0;  ///< CLOCK_MONOTONIC, ns
    std::int64_t m_lastPhaseEndedAt = 0;
    std::int64_t m_lastAnswerAt = 0;
    std::int64_t m_finishedAt = 0; ///< 0: still running
    std::string m_trouble;
};

} // namespace lab
