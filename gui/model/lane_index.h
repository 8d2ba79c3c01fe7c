// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/recording.h"
#include "gui/model/count_lane.h"
#include "gui/model/span_lane.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace lab {

/// A thread's lane. An actor's number is used again when its thread has ended, so a lane can tell of several.
struct ThreadLane {
    struct Life {
        std::uint64_t begin = 0; ///< ns
        NameId name = 0;
    };
    std::uint16_t actor = 0;
    bool isClient = false; ///< belongs to the traffic or to the lab itself: not shown
    bool isServer = false;
    bool alive = false;
    std::deque<Life> lives;
    SpanLane spans;
    LaneSpan open; ///< what it does since its last event; `end` is not yet known

    /// Name of the thread that the lane tells of at `nanoseconds`.
    NameId nameAt(std::uint64_t nanoseconds) const;
};

/// A place in the kernel that shows operations one after another, as far as possible of one connection.
struct KernelLane {
    static constexpr std::uint32_t nobody = 0xffffffff;
    struct Tenant {
        std::uint64_t begin = 0;           ///< ns
        std::uint32_t connection = nobody; ///< 0: the listening socket
    };
    SpanLane spans;
    std::deque<Tenant> tenants;
    std::uint32_t operation = 0; ///< in the kernel now; 0: none
    LaneSpan open;

    std::uint32_t connectionAt(std::uint64_t nanoseconds) const;
};

/// What every thread did and which operations were in the kernel, over the time of a recording.
///
/// Role: model behind the thread lanes. Decides: which stretch of time is which kind of work, which lane shows an
/// operation, what is only counted. Threads: one. Owner: whoever shows the recording.
/// Memory: a span takes as much as an event, and there are fewer of them; forgets what the recording forgets.
class LaneIndex {
public:
    /// At most so many kernel lanes; operations beyond are counted in `moreOperations`.
    static constexpr std::size_t kernelLanes = 12;

    LaneIndex();
    ~LaneIndex();

    /// Takes in what has come since, at most `maximumEvents` of it, and forgets what `view` no longer has.
    /// Returns how many events are left.
    std::size_t follow(const RecordingView& view, std::size_t maximumEvents = ~std::size_t{0});

    std::size_t next() const { return m_next; }         ///< index of the event that comes next
    std::uint64_t endTime() const { return m_time; }    ///< ns, of the last event taken in
    std::uint64_t beginTime() const { return m_begin; } ///< ns, of the oldest event kept

    const std::map<std::uint16_t, ThreadLane>& threads() const { return m_threads; } ///< by actor
    const std::vector<KernelLane>& kernel() const { return m_kernel; }
    const CountLane& moreOperations() const { return m_moreOperations; } ///< in the kernel, without a lane
    const CountLane& clientLoad() const { return m_clientLoad; } ///< requests outstanding, as the clients see it

    std::size_t memory() const; ///< octets, about

private:
    void take(std::size_t index, const Event& event);
    void takeThread(std::size_t index, const Event& event, ThreadLane& lane);
    void takeOperation(std::size_t index, const Event& event);
    void takeClient(const Event& event);
    KernelLane* placeFor(std::uint32_t connection, std::uint64_t time);
    void dropBefore(std::uint64_t nanoseconds);

    std::size_t m_next = 0;
    std::uint64_t m_time = 0;
    std::uint64_t m_begin = 0;
    std::map<std::uint16_t, ThreadLane> m_threads;
    std::vector<ThreadLane*> m_byActor;
    std::vector<KernelLane> m_kernel;
    std::unordered_map<std::uint32_t, std::size_t> m_placeOf; ///< operations in the kernel; kernelLanes: only counted
    CountLane m_moreOperations;
    CountLane m_clientLoad;
    std::unordered_map<std::uint32_t, std::uint32_t> m_asking; ///< clients with requests outstanding
};

} // namespace lab
