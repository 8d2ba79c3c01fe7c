// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/analysis/waker_of_event.h"
#include "engine/state/lab_state.h"
#include "gui/model/recording_follower.h"

#include <QString>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace lab {

/// What a thread's time went into since it began, in nanoseconds: the three together are all of it.
struct ThreadTime {
    std::uint64_t waiting = 0;  ///< in calls that may block
    std::uint64_t runnable = 0; ///< without a processor, as last sampled
    std::uint64_t running = 0;  ///< the rest; in a paced run also what it was held

    std::uint64_t whole() const { return waiting + runnable + running; }
};

/// Why a thread waits, or what it does; and who woke it.
struct ThreadRow {
    std::uint16_t actor = 0;
    QString name;
    bool waits = false;
    Work work = Work::None;
    QString what;            ///< "waits in epoll_wait for one of 12 handles", "runs handle_read of #12"
    std::uint64_t since = 0; ///< ns
    ThreadTime time;
    std::optional<std::size_t> woken; ///< the event at which it last went on, or began
    bool begun = false;               ///< it has never waited yet, so that nobody could wake it
    std::optional<Waker> waker;
    QString wokenBy; ///< "processor: the item was queued"; empty: nobody that is known
};

struct ThreadListing {
    std::vector<ThreadRow> rows; ///< the server's threads, by number; at most as many as were asked for
    std::size_t all = 0;
    bool heldIsToldApart = true; ///< false in a paced or stepped run: being held counts as running
    bool runnableIsKnown = false;
};

/// The server's threads at `state`, from number `first` of them on.
ThreadListing listThreads(const LabState& state, const RecordingFollower& follower, std::size_t first,
                          std::size_t maximumRows);

} // namespace lab
