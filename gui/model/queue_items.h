// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"
#include "gui/model/recording_follower.h"
#include "gui/model/selection.h"

#include <QString>

#include <vector>

namespace lab {

/// One item that waits in a queue between threads, at an event.
struct QueueItem {
    Queue queue = Queue::None;
    Selection selection;       ///< the operation or connection that waits
    QString what;              ///< "read of #12, 312 B"
    QString pushedBy;          ///< thread; empty: not found near the event
    QString takenBy;           ///< thread that takes it later, where that is recorded already; else empty
    std::uint64_t takenIn = 0; ///< ns from now until then
    std::uint64_t waited = 0;  ///< ns
    Work work = Work::None;
    Rank rankedBy = Rank::None; ///< None: in the order of arrival
    std::int64_t rank = 0;      ///< the lower, the sooner
};

/// What a queue is at an event, with its items, oldest first.
struct QueueListing {
    Queue queue = Queue::None;
    std::size_t depth = 0;
    std::size_t highWater = 0;
    std::uint64_t pushed = 0;
    std::uint64_t popped = 0;
    std::vector<QueueItem> items; ///< at most as many as were asked for
    std::vector<QString> waiting; ///< threads that wait for an item now
};

/// All queues that were ever used up to `state`. Who pushed an item is looked up in the recording's last events, and
/// who takes it in those that follow, as far as they are recorded.
std::vector<QueueListing> listQueues(const LabState& state, const RecordingFollower& follower,
                                     std::size_t maximumItems);

} // namespace lab
