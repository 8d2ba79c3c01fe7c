// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/process/process_memory.h"
#include "engine/trace/recording.h"
#include "engine/trace/trace_ring.h"

#include <chrono>
#include <functional>
#include <string_view>

namespace lab {

/// A server process's way to the lab: sites and names get the lab's numbers, and the lab's gate holds it.
///
/// Role: the RingHome of a process of its own. Decides: nothing; it asks. Threads: the process's only one.
/// Owner: the process. A lab that has gone is no case: the kernel ends the process with it.
class ProcessLink final : public RingHome {
public:
    /// `listeningSocket`: the only thing whose readiness the lab looks at in the process's place.
    ProcessLink(const ProcessMemory& memory, std::size_t place, int bell, int listeningSocket)
        : m_share(memory.share())
        , m_place(memory.place(place))
        , m_bell(bell)
        , m_listeningSocket(listeningSocket) {}

    /// To be called now and then while it waits for the lab: a parent looks after its children.
    void setMeanwhile(std::function<void()> meanwhile) { m_meanwhile = std::move(meanwhile); }

    /// As Recording::intern(), of the lab's recording.
    NameId intern(std::string_view name) { return static_cast<NameId>(ask(IdTable::Kind::Name, name)); }

    std::uint16_t idOf(Site& site) override;
    void wakeCollector() override;
    Passage pass(const Event& pending, bool isClient, const OnlyWhile* condition) override;
    void published(const Event& event, bool isClient) override;
    void endTurn(std::uint16_t actor) override;
    void awaitTraffic(std::uint16_t actor) override { endTurn(actor); } // processes do not learn of schedules
    /// Nothing: whose turn it is to accept is chosen at the gate, and there is no other choice to be made.
    std::optional<PlannedEvent> planned(std::uint16_t, std::size_t) override { return std::nullopt; }

private:
    std::uint32_t ask(IdTable::Kind kind, std::string_view text);
    void tell(GateWord word);
    GateWord gateWord() const { return static_cast<GateWord>(m_place.gate.word.load(std::memory_order_acquire)); }
    void awaitGate(); ///< until the lab has taken what was told
    void await(const std::atomic<std::uint32_t>& word, std::uint32_t seen);
    void ring();

    ProcessShare& m_share;
    ProcessPlace& m_place;
    const int m_bell;
    const int m_listeningSocket;
    std::function<void()> m_meanwhile;
};

} // namespace lab
