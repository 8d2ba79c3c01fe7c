// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

namespace lab {

/// A count that changes over time (requests outstanding, operations in the kernel), with what a painter asks of it
/// by the pixel. Threads: one. Owner: a LaneIndex.
class CountLane {
public:
    struct Extent {
        std::uint32_t least = 0;
        std::uint32_t most = 0;
        double mean = 0;
    };

    /// From `nanoseconds` on, not before the last change, the count is `count`.
    void change(std::uint64_t nanoseconds, std::uint32_t count);

    /// Forgets whole groups of changes before `nanoseconds`.
    void dropBefore(std::uint64_t nanoseconds);

    bool empty() const { return m_changes.empty(); }
    std::uint32_t now() const { return m_changes.empty() ? 0 : m_changes.back().count; }
    std::uint32_t most() const { return m_most; } ///< ever

    /// Least, most and mean in [begin, end). Before the first change kept: 0.
    Extent extent(std::uint64_t begin, std::uint64_t end) const;

    std::size_t memory() const; ///< octets, about

private:
    static constexpr std::size_t fan = 64;
    struct Change {
        std::uint64_t time;
        std::uint32_t count;
    };
    struct Group {
        std::uint32_t least;
        std::uint32_t most;
        double areaBefore; ///< count times ns before the group's first change
    };
    double areaBefore(std::size_t next, std::uint64_t nanoseconds) const;
    std::size_t after(std::uint64_t nanoseconds) const;

    std::deque<Change> m_changes;
    std::deque<Group> m_groups;
    std::uint32_t m_most = 0;
};

} // namespace lab
