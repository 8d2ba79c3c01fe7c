// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/shared_note.h"
#include "engine/process/id_table.h"
#include "engine/server/server_context.h"
#include "engine/server/server_options.h"
#include "engine/trace/gate_face.h"
#include "engine/trace/ring_share.h"

#include <array>
#include <atomic>
#include <cstdint>

namespace lab {

/// How far a process at the gate is. The process writes Asks, Published and TurnEnds, the lab the rest.
enum class GateWord : std::uint32_t {
    Idle,
    Asks,      ///< whether its event may happen
    Goes,      ///< it may; Published has to follow
    Free,      ///< it may: the gate is open
    Withdrawn, ///< it may not any more
    Published, ///< the event stands in the ring
    TurnEnds   ///< it is about to wait for something
};

/// A process's way to the lab's gate. The lab answers by a thread that passes the gate in its place.
struct GateRequest {
    std::atomic<std::uint32_t> word{0}; ///< GateWord
    std::atomic<bool> hasAgent{false};  ///< a thread of the lab looks at the word; else the bell has to be rung
    bool whileReadable = false;         ///< only as long as a client waits at the listening socket
    Event event{};
};

/// A text that a process wants the number of.
struct IdRequest {
    enum Word : std::uint32_t { Nothing, Asked, Answered };
    static constexpr std::size_t longest = 1000;
    std::atomic<std::uint32_t> word{Nothing};
    IdTable::Kind kind{};
    std::uint32_t id = 0;
    std::uint32_t size = 0;
    std::array<char, longest> text{};
};

/// What is kept of one process, and of the next one in its place.
struct ProcessPlace {
    enum class Phase : std::uint32_t {
        Unprepared, ///< nobody may use it yet
        Free,
        Taken, ///< by a process, or one that has ended and was not yet told of
        Told   ///< all has been said of the last process; free when its ring is
    };
    std::atomic<Phase> phase{Phase::Unprepared};
    std::atomic<int> process{0};         ///< its id at the system; 0: none
    std::atomic<std::uint32_t> begun{0}; ///< the parent has told of the fork: the child may begin
    std::atomic<bool> wakesCollector{false};
    std::uint16_t actor = 0;
    ProcessCounts counts; ///< of all processes that had this place
    ServedConnection served;
    SharedNote trouble; ///< of the last process's services that had any: "name: sentence", a line each
    GateRequest gate;
    IdRequest ids;
    RingShare ring;
};

/// What all processes of a server share with the lab. Behind it lie the places, and then their events.
struct ProcessShare {
    std::uint64_t layout = 0; ///< of whoever made it: see layoutOfShare()
    std::uint32_t places = 0; ///< in all; the parent's is the first
    std::uint32_t ringCapacity = 0;
    bool isTraced = false;
    std::atomic<std::uint32_t> prepared{0}; ///< places that may be used
    std::atomic<bool> parentWaits{false};   ///< for a place to become free
    // The parent's account.
    std::atomic<std::uint32_t> living{0}; ///< processes, the parent included
    std::atomic<std::uint32_t> peak{0};
    std::atomic<std::uint32_t> started{0};
    ServerWide wide;
    GateFace gate;
    IdTable ids;
};

/// The same only where lab and processes are of the same build, as far as they share memory.
constexpr std::uint64_t layoutOfShare() {
    std::uint64_t layout = 17;
    for (const std::uint64_t part :
         {std::uint64_t{sizeof(ProcessShare)}, std::uint64_t{sizeof(ProcessPlace)},
          std::uint64_t{sizeof(ServerOptions)}, std::uint64_t{sizeof(Event)},
          static_cast<std::uint64_t>(EventType::Count), static_cast<std::uint64_t>(SystemCall::Count)}) {
        layout = layout * 1'000'003 + part;
    }
    return layout;
}

} // namespace lab
