// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"
#include "gui/model/chunked_list.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace lab {

/// A stretch of time of a thread (what it did) or of an operation (in the kernel). 32 octets.
struct LaneSpan {
    std::uint64_t begin = 0;      ///< ns
    std::uint64_t end = 0;        ///< ns
    std::uint64_t event : 33 = 0; ///< index of the event that names it; an operation: its initiation
    std::uint64_t workValue : 3 = 0;
    std::uint64_t blocked : 1 = 0; ///< in a system call that may block, or an operation in the kernel
    std::uint64_t callValue : 5 = 0;
    std::uint64_t hookValue : 3 = 0;
    std::uint64_t kindValue : 3 = 0;
    std::uint64_t actor : 16 = 0; ///< the thread; an operation: who initiated it
    std::uint32_t connection = 0;
    std::uint32_t operation = 0; ///< a thread: that it carries; an operation: its own number

    Work work() const { return static_cast<Work>(workValue); }
    SystemCall call() const { return static_cast<SystemCall>(callValue); }
    Hook hook() const { return static_cast<Hook>(hookValue); }
    Operation kind() const { return static_cast<Operation>(kindValue); }
    std::uint64_t length() const { return end - begin; }
    /// Does the same for the same: two neighbours can be one.
    bool continues(const LaneSpan& earlier) const;
};
static_assert(sizeof(LaneSpan) == 32);
static_assert(static_cast<int>(SystemCall::Count) <= 32 && static_cast<int>(Hook::Count) <= 8 &&
              static_cast<int>(Operation::Count) <= 8 && static_cast<int>(Work::Count) <= 8);

/// Nanoseconds by kind of work in some stretch of time, running and waiting in the kernel.
struct LaneTotals {
    std::array<std::uint64_t, static_cast<std::size_t>(Work::Count)> running{};
    std::array<std::uint64_t, static_cast<std::size_t>(Work::Count)> blocked{};

    std::uint64_t allRunning() const;
    std::uint64_t allBlocked() const;
    void add(const LaneSpan& span, std::uint64_t nanoseconds);
    LaneTotals& operator+=(const LaneTotals& other);
    LaneTotals& operator-=(const LaneTotals& other);

    friend bool operator==(const LaneTotals&, const LaneTotals&) = default;
};

/// The spans of one lane in the order of time, none over another, with a pyramid above them: for every 16, 256 and
/// 4096 spans the longest one, and the totals of everything before every 16. What a painter asks for costs by the
/// pixel, not by the span. Threads: one. Owner: a LaneIndex.
class SpanLane {
public:
    static constexpr std::size_t fan = 16;

    /// `span` begins where the last one ended, or later. Joins it to the last one where it continues that.
    void append(const LaneSpan& span);

    /// Forgets whole groups of spans that ended before `nanoseconds`.
    void dropBefore(std::uint64_t nanoseconds);

    std::size_t size() const { return m_spans.size(); }
    bool empty() const { return m_spans.empty(); }
    const LaneSpan& operator[](std::size_t index) const { return m_spans[index]; }
    const LaneSpan& back() const { return m_spans.back(); }

    /// First span that ends after `nanoseconds`; size() where there is none.
    std::size_t atTime(std::uint64_t nanoseconds) const;
    /// Last span named by an event at or before `event`; nothing where all are later.
    std::optional<std::size_t> atEvent(std::size_t event) const;

    /// Exact, for [begin, end), with spans cut at both.
    LaneTotals totals(std::uint64_t begin, std::uint64_t end) const;

    /// Exact, of all time before `nanoseconds`. `hint`: where to begin to look; left where the next, later, look
    /// begins.
    LaneTotals totalsBefore(std::uint64_t nanoseconds, std::size_t& hint) const;

    /// The same up to the beginning of the group of 16 spans there: for when a pixel holds many of them.
    LaneTotals groupsBefore(std::uint64_t nanoseconds, std::size_t& hint) const;

    /// From `index` on: how many spans in a row are shorter than `nanoseconds`, as far as whole groups tell
    /// quickly. 0: the span at `index` is not shorter.
    std::size_t shortRun(std::size_t index, std::uint64_t nanoseconds) const;

    std::size_t memory() const; ///< octets, about

private:
    void noteLength(std::size_t index);
    std::size_t groupAt(std::uint64_t nanoseconds, std::size_t hint) const;

    static constexpr std::size_t chunk = fan * fan * fan; ///< what is forgotten at once

    ChunkedList<LaneSpan, chunk> m_spans;
    ChunkedList<LaneTotals, chunk / fan> m_before;       ///< totals of all spans before each group of 16
    ChunkedList<std::uint64_t, chunk / fan> m_begins;    ///< ns; of each group of 16
    ChunkedList<std::uint64_t, chunk / fan> m_longest16; ///< ns; of each group of 16
    ChunkedList<std::uint64_t, fan> m_longest256;
    ChunkedList<std::uint64_t, 1> m_longest4096;
    LaneTotals m_all; ///< of all spans ever appended but the last
};

} // namespace lab
