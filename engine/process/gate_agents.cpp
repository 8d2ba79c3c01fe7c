// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/gate_agents.h"

#include "engine/base/futex.h"

#include <functional>
#include <poll.h>
#include <string>

namespace lab {

namespace {

void answer(GateRequest& request, GateWord word) {
    request.word.store(static_cast<std::uint32_t>(word), std::memory_order_release);
    wakeAll(request.word);
}

bool isReadable(int socket) {
    pollfd watched{.fd = socket, .events = POLLIN, .revents = 0};
    return ::poll(&watched, 1, 0) > 0;
}

} // namespace

GateAgents::~GateAgents() {
    while (!m_agents.empty()) {
        end(m_agents.begin()->first);
    }
}

void GateAgents::begin(std::size_t place) {
    auto& request = m_memory.place(place).gate;
    auto agent = std::make_shared<Agent>();
    request.hasAgent.store(true, std::memory_order_seq_cst);
    const auto started = m_threads.start("agent-" + std::to_string(place), [this, place, agent] {
        run(place, *agent);
        agent->hasEnded.store(true, std::memory_order_release);
    });
    if (started) {
        m_agents[place] = std::move(agent);
        return;
    }
    // No thread to be had: better a process that is not held than one that is for ever.
    request.hasAgent.store(false, std::memory_order_seq_cst);
    const bool asks = request.word.load(std::memory_order_acquire) == static_cast<std::uint32_t>(GateWord::Asks);
    answer(request, asks ? GateWord::Free : GateWord::Idle);
}

void GateAgents::end(std::size_t place) {
    auto& own = m_memory.place(place);
    const auto found = m_agents.find(place);
    if (found != m_agents.end()) {
        auto& agent = *found->second;
        agent.isNeeded.store(false, std::memory_order_seq_cst);
        // It may be on its way to the gate, or to sleep: then once is not enough.
        while (!agent.hasEnded.load(std::memory_order_acquire)) {
            m_gate.gone(own.actor);
            wakeAll(own.gate.word);
            ::poll(nullptr, 0, 1);
        }
        m_agents.erase(found);
        m_gate.gone(own.actor); // it may have been let go, and not come to its event
    }
    own.gate.hasAgent.store(false, std::memory_order_seq_cst);
    own.gate.word.store(static_cast<std::uint32_t>(GateWord::Idle), std::memory_order_seq_cst);
}

void GateAgents::run(std::size_t place, Agent& agent) {
    auto& own = m_memory.place(place);
    auto& request = own.gate;
    while (true) {
        const auto word = request.word.load(std::memory_order_seq_cst);
        switch (static_cast<GateWord>(word)) {
        case GateWord::Published: // also of a process that has gone since
            m_gate.published(request.event, false);
            answer(request, GateWord::Idle);
            continue;
        case GateWord::TurnEnds:
            m_gate.endTurn(own.actor);
            answer(request, GateWord::Idle);
            continue;
        default: break;
        }
        if (!agent.isNeeded.load(std::memory_order_seq_cst)) {
            return;
        }
        if (static_cast<GateWord>(word) == GateWord::Asks) {
            pass(place, agent);
        } else {
            waitForChange(request.word, word);
        }
    }
}

void GateAgents::pass(std::size_t place, const Agent& agent) {
    auto& request = m_memory.place(place).gate;
    const std::function<bool()> present = [&] {
        return agent.isNeeded.load(std::memory_order_seq_cst) &&
               (!request.whileReadable || isReadable(m_listeningSocket));
    };
    switch (m_gate.pass(request.event, false, &present)) {
    case Passage::Free: return answer(request, GateWord::Free);
    case Passage::InTurn: return answer(request, GateWord::Goes);
    case Passage::Withdrawn: return answer(request, GateWord::Withdrawn);
    }
}

} // namespace lab
