// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/protocol/protocol_handler.h"

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace lab::test {

/// Runs a protocol handler as a connection does, with octets in memory for a socket. Owner: a test.
class HandlerDriver {
public:
    static constexpr std::size_t whole = std::numeric_limits<std::size_t>::max();

    explicit HandlerDriver(std::unique_ptr<ProtocolHandler> handler);

    /// The peer sends `octets`; at most `piece` of them arrive at a time.
    void feed(std::string_view octets, std::size_t piece = whole);
    /// The peer sends no more.
    void end();
    /// The time limit that the handler has asked for passes.
    void expire();

    /// All segments of the responses so far.
    const std::string& output() const { return m_output; }
    std::string takeOutput() { return std::exchange(m_output, {}); }

    bool receiving() const { return m_action.next == Action::Next::Receive; }
    bool closed() const { return m_action.next == Action::Next::Close; }
    bool finishedSending() const { return m_finishedSending; }
    Deadline deadline() const { return m_action.deadline; }
    unsigned requestsDone() const { return m_requestsDone; }
    std::size_t largestBuffer() const { return m_largestBuffer; }
    ProtocolHandler& handler() { return *m_handler; }

private:
    void take(Action action);
    void send();

    std::unique_ptr<ProtocolHandler> m_handler;
    Action m_action;
    std::string m_output;
    bool m_finishedSending = false;
    unsigned m_requestsDone = 0;
    std::size_t m_largestBuffer = 0;
};

} // namespace lab::test
