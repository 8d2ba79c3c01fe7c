// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/process_link.h"

#include "engine/base/futex.h"
#include "engine/process/site_text.h"

#include <algorithm>
#include <sys/eventfd.h>

namespace lab {

std::uint16_t ProcessLink::idOf(Site& site) {
    const auto id = static_cast<std::uint16_t>(ask(IdTable::Kind::Site, textOf(site)));
    site.id.store(id, std::memory_order_relaxed);
    return id;
}

std::uint32_t ProcessLink::ask(IdTable::Kind kind, std::string_view text) {
    text = text.substr(0, IdRequest::longest);
    if (const auto known = m_share.ids.find(kind, text)) {
        return known;
    }
    auto& request = m_place.ids;
    request.kind = kind;
    request.size = static_cast<std::uint32_t>(text.size());
    std::copy(text.begin(), text.end(), request.text.begin());
    request.word.store(IdRequest::Asked, std::memory_order_seq_cst);
    ring();
    while (request.word.load(std::memory_order_acquire) == IdRequest::Asked) {
        await(request.word, IdRequest::Asked);
    }
    request.word.store(IdRequest::Nothing, std::memory_order_relaxed);
    return request.id;
}

void ProcessLink::wakeCollector() {
    m_place.wakesCollector.store(true, std::memory_order_seq_cst);
    ring();
}

Passage ProcessLink::pass(const Event& pending, bool, const OnlyWhile* condition) {
    awaitGate();
    auto& request = m_place.gate;
    request.event = pending;
    request.whileReadable = condition != nullptr && condition->readable() == m_listeningSocket;
    tell(GateWord::Asks);
    while (gateWord() == GateWord::Asks) {
        await(request.word, static_cast<std::uint32_t>(GateWord::Asks));
    }
    switch (gateWord()) {
    case GateWord::Goes: return Passage::InTurn;
    case GateWord::Withdrawn: return Passage::Withdrawn;
    default: return Passage::Free;
    }
}

void ProcessLink::published(const Event& event, bool) {
    m_place.gate.event = event;
    tell(GateWord::Published);
}

void ProcessLink::endTurn(std::uint16_t) {
    awaitGate();
    tell(GateWord::TurnEnds);
}

void ProcessLink::awaitGate() {
    for (auto word = gateWord(); word == GateWord::Published || word == GateWord::TurnEnds; word = gateWord()) {
        await(m_place.gate.word, static_cast<std::uint32_t>(word));
    }
}

void ProcessLink::tell(GateWord word) {
    auto& request = m_place.gate;
    request.word.store(static_cast<std::uint32_t>(word), std::memory_order_seq_cst);
    wakeAll(request.word);
    if (!request.hasAgent.load(std::memory_order_seq_cst)) {
        ring();
    }
}

void ProcessLink::await(const std::atomic<std::uint32_t>& word, std::uint32_t seen) {
    if (!m_meanwhile) {
        waitForChange(word, seen);
        return;
    }
    constexpr std::chrono::milliseconds slice{50};
    waitForChange(word, seen, slice);
    m_meanwhile();
}

void ProcessLink::ring() { ::eventfd_write(m_bell, 1); }

} // namespace lab
