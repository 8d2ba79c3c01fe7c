// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/site.h"
#include "gui/model/conversation.h"

#include <QString>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace lab {

/// Who takes part in a collaboration: each has a lifeline. In the order in which they stand, from left to right.
enum class Participant : std::uint8_t {
    Client,
    OperatingSystem,
    InitiationDispatcher,
    ProactiveInitiator, ///< in the picture of one operation; else the object that plays this role
    AsynchronousOperationProcessor,
    CompletionDispatcher,
    CompletionHandler, ///< in the picture of one operation; else the object that plays this role
    Acceptor,
    Handler,
    Filesystem,
    Count
};

/// One event as a message between two participants, or of one to itself.
struct CollaborationMessage {
    std::size_t event = 0;
    std::uint64_t time = 0; ///< ns
    std::uint16_t actor = 0;
    std::uint32_t connection = 0; ///< the server's; 0: none
    Participant from = Participant::Client;
    Participant to = Participant::Client;
    Role role = Role::None; ///< in which the sender says so
    bool isReply = false;   ///< the end of a call or a hook
    Work work = Work::None;
    QString text;   ///< "handle_read(312 octets)"
    QString thread; ///< that carried it: "dispatcher-1"
};

/// A stretch in which a participant is busy for a message, by rows.
struct CollaborationBar {
    enum class Kind : std::uint8_t { Hook, Call, Operation, Waiting };
    Kind kind = Kind::Hook;
    Participant participant = Participant::Client;
    std::size_t begin = 0;          ///< row
    std::optional<std::size_t> end; ///< row; nothing: it goes on
    std::size_t slot = 0;           ///< beside how many others it stands
    Work work = Work::None;
};

/// The interaction diagram of a conversation at one event: what happened, one row a message, and what comes next.
struct Collaboration {
    Topic topic;
    Scope scope = Scope::Request;
    QString title;                         ///< "#12 asks for /5k.txt"
    std::vector<Participant> participants; ///< that take part, from left to right
    std::vector<CollaborationMessage> messages;
    std::optional<std::size_t> now; ///< row of the event at the playhead
    bool hasNext = false;           ///< the last row has not happened yet
    bool earlier = false;           ///< there are messages before the first row
    std::vector<CollaborationBar> bars;

    std::size_t happened() const { return messages.size() - (hasNext ? 1 : 0); }
};

/// The diagram of what `selection` stands for at `state`, or of what the events nearest to it are about.
/// Rows that have happened follow from the recording up to there alone.
Collaboration collaborationAt(const RecordingFollower& follower, const LabState& state, const Selection& selection,
                              Scope scope);

/// As the papers call it: "Asynchronous Operation Processor"; the acceptors' and handlers' names differ by family.
QString nameOf(Participant participant, const RunInfo& info);

} // namespace lab
