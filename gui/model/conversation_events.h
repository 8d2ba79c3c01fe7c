// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/conversation.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace lab {

/// Picks the events of one conversation out of a recording, with the help of its index.
///
/// Decides: what belongs to a connection, where one request ends and the next begins.
/// Threads: one. Lives for one look; borrows follower and state.
class ConversationEvents {
public:
    using Indices = std::vector<std::size_t>; ///< of events, in order

    ConversationEvents(const RecordingFollower& follower, const LabState& state);

    /// The client behind a connection and where it connected; client 0: none that is known.
    ConversationIndex::Connecting clientOf(std::uint32_t connection) const;

    /// The newest `maximum` of the connection's, or else the client's or the operation's own events.
    Indices ofTopic(const Topic& topic, std::size_t maximum) const;
    /// The request under way, or the last one: from what the client sends to its answer, with what led there.
    Indices ofRequest(const Topic& topic) const;
    Indices ofOperation(const Topic& topic) const;
    Indices forSteps(const Topic& topic) const;

    /// The asynchronous operation that the connection's newest event before the playhead tells of; 0: none.
    std::uint32_t operationAtHand(std::uint32_t connection) const;

    /// `events` and the waits that led to them: a thread in accept or watching handles, files that were looked for.
    Indices withWaits(const Indices& events) const;

    /// The first event of the topic at or after the playhead.
    std::optional<std::size_t> next(const Topic& topic, bool onlyOperation) const;

private:
    static constexpr std::size_t mostOfRequest = 20'000; ///< events: a large file in small pieces has thousands
    static constexpr std::size_t nearby = 2'000;         ///< events of all threads between two of one thread

    static void sortOut(Indices& events); ///< in order, each once
    Indices lately(const Topic& topic) const;
    std::optional<std::size_t> nextOwn(const Topic& topic, bool onlyOperation) const;
    std::optional<std::size_t> nextOfClient(const Topic& topic) const;
    template <typename Matches>
    std::optional<std::size_t> firstFromHere(ConversationIndex::Events events, Matches matches) const;
    void addBeginning(const Topic& topic, Indices& events) const;
    void addWaitBefore(std::size_t completed, Indices& events) const;
    const Event& at(std::size_t index) const { return m_view[index]; }
    Indices ownOf(const Topic& topic, std::size_t maximum, std::size_t responses) const;
    void addClient(const Topic& topic, Indices& events) const;
    Indices acceptOf(std::uint32_t connection) const;
    void addHook(std::size_t accepted, std::size_t hook, Indices& events) const;
    Indices ofAcceptOperation(std::uint32_t operation, std::size_t before) const;
    void addWaits(std::size_t index, Indices& events) const;
    void addWaitOf(std::size_t index, bool withEntry, Indices& events) const;
    void addThreadStart(std::size_t index, Indices& events) const;
    void addLeadership(std::size_t index, Indices& events) const;
    void addFileCalls(std::size_t index, Indices& events) const;
    std::optional<std::size_t> opening(const Indices& events, std::size_t place) const;

    const RecordingView& m_view;
    const ConversationIndex& m_index;
    const LabState& m_state;
    std::size_t m_position;
};

} // namespace lab
