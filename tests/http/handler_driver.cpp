// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/http/handler_driver.h"

#include <algorithm>
#include <stdexcept>
#include <unistd.h>

namespace lab::test {

HandlerDriver::HandlerDriver(std::unique_ptr<ProtocolHandler> handler)
    : m_handler(std::move(handler)) {
    take(m_handler->start());
}

void HandlerDriver::feed(std::string_view octets, std::size_t piece) {
    while (!octets.empty() && receiving()) {
        const auto room = m_handler->receiveBuffer();
        if (room.empty()) {
            throw std::logic_error("no room to receive");
        }
        m_largestBuffer = std::max(m_largestBuffer, room.size());
        const auto count = std::min({piece, octets.size(), room.size()});
        std::copy_n(octets.begin(), count, room.begin());
        octets.remove_prefix(count);
        take(m_handler->received(count));
    }
}

void HandlerDriver::end() {
    if (receiving()) {
        take(m_handler->received(0));
    }
    if (receiving()) { // a connection reads the end of the stream as often as it is asked to
        take(m_handler->received(0));
    }
}

void HandlerDriver::expire() { take(m_handler->expired(m_action.deadline)); }

void HandlerDriver::take(Action action) {
    m_action = action;
    m_requestsDone += action.requestDone ? 1 : 0;
    while (m_action.next == Action::Next::Send || m_action.next == Action::Next::FinishSending) {
        if (m_action.next == Action::Next::Send) {
            if (m_finishedSending) {
                throw std::logic_error("sends after the end of sending");
            }
            send();
            m_action = m_handler->sent();
            m_requestsDone += m_action.requestDone ? 1 : 0;
        } else {
            m_finishedSending = true;
            m_action = m_handler->finishedSending();
        }
    }
}

void HandlerDriver::send() {
    for (const auto& segment : m_handler->segments()) {
        if (!segment.isFile()) {
            m_output.append(segment.memory.data(), segment.memory.size());
            continue;
        }
        const auto before = m_output.size();
        m_output.resize(before + static_cast<std::size_t>(segment.length));
        const auto octets =
            ::pread(segment.file, m_output.data() + before, static_cast<std::size_t>(segment.length), segment.offset);
        if (octets != segment.length) {
            throw std::runtime_error("a file segment cannot be read");
        }
    }
}

} // namespace lab::test
