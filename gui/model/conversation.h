// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"
#include "gui/model/recording_follower.h"
#include "gui/model/selection.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace lab {

/// What a collaboration is about.
struct Topic {
    std::uint32_t connection = 0; ///< the server's; 0: not accepted yet, or the acceptor's own
    std::uint32_t client = 0;     ///< of the traffic; 0: unknown or from outside
    std::uint32_t operation = 0;  ///< without a connection: the asynchronous operation

    bool empty() const { return connection == 0 && client == 0 && operation == 0; }
    friend bool operator==(const Topic&, const Topic&) = default;
};

/// How much of it is told.
enum class Scope : std::uint8_t { Request, Connection, Operation, Everything };

/// What the selection stands for at `state`; without one, what the events nearest before the playhead are about.
Topic topicAt(const RecordingFollower& follower, const LabState& state, const Selection& selection);

/// Events that belong together, across threads.
struct Conversation {
    Topic topic;
    std::vector<std::size_t> events; ///< before the playhead, oldest first; not empty or there is nothing to tell
    std::optional<std::size_t> next; ///< the next one, where the recording has it already
    bool earlier = false;            ///< there are earlier ones, which are not listed
};

/// The newest `maximum` events before `state.next` that belong to `topic`, and the one after them.
///
/// What belongs to a connection: its own events, its client's, the accept that it came from, and the waits from
/// which its threads were woken for it. Only the recording and `state.next` decide, not how it was reached.
/// Costs by the events of the connection, not by those of the recording.
Conversation conversationAt(const RecordingFollower& follower, const LabState& state, const Topic& topic, Scope scope,
                            std::size_t maximum = 300);

/// All that a StepRecogniser has to see to recognise the sequences of `topic` at `state`: the last two requests
/// and how the connection came about.
std::vector<std::size_t> eventsForSteps(const RecordingFollower& follower, const LabState& state, const Topic& topic);

} // namespace lab
