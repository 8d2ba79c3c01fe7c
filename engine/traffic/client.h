// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/trace/event.h"
#include "engine/traffic/arrival_process.h"
#include "engine/traffic/request_mix.h"
#include "engine/traffic/response_reader.h"
#include "engine/traffic/scenario.h"
#include "engine/traffic/shared_link.h"

#include <cstdint>
#include <string_view>

namespace lab {

class ClientReactor;

/// One client: at most one connection and one request at a time, over a real socket that never blocks.
///
/// Role: peer of the server under study. Decides: nothing about when; its ArrivalProcess does.
/// Threads: the traffic's. Owner: its ArrivalProcess.
class Client {
public:
    Client(std::uint32_t number, ArrivalProcess& arrivals, ClientReactor& reactor)
        : m_arrivals(arrivals)
        , m_reactor(reactor)
        , m_number(number) {}

    std::uint32_t number() const { return m_number; }
    bool busy() const { return m_busy; }
    bool connected() const { return static_cast<bool>(m_socket); }
    std::uint32_t socketGeneration() const { return m_socketGeneration; }
    std::uint32_t timerGeneration() const { return m_timerGeneration; }

    /// Its group in the measurement.
    void countFor(std::size_t group) { m_counted = group; }
    std::size_t counted() const { return m_counted; }

    /// How it behaves from its next connection on.
    void setGroup(const ClientGroup& group);

    /// Asks; not while busy. ArrivalProcess::requestEnded() is called when it has ended, perhaps at once.
    void begin(const ClientRequest& request);

    /// Wakes the client, or its ArrivalProcess while it is idle, at `due` (lab time). One timer at a time.
    void setTimer(std::int64_t due);
    /// The same, told at lab time `now`: those of several clients that are set for one moment come in the order of
    /// their times, however long the setting takes.
    void setTimer(std::int64_t due, std::int64_t now);
    void timerDue(std::int64_t due);

    /// What epoll says of its socket.
    void socketReady(std::uint32_t events);

    /// Fails a request that has got nowhere for too long.
    void checkTimeout(std::int64_t now);

    /// Closes an idle connection and forgets the timer.
    void rest();
    /// Closes whatever is open; a request under way stays unanswered. For the end.
    void abandon();

private:
    enum class State : std::uint8_t { Closed, Connecting, Idle, Sending, Receiving };

    void connect();
    void finishConnecting();
    void startSending();
    void send();
    void receive();
    bool receiveOnce();
    void receiveByLink();
    std::size_t roomNow() const;
    void idleReady();
    void finishResponse();
    void lose(int failure);
    void fail(ClientFailure failure, int errorNumber);
    void closeSocket();
    void watch(std::uint32_t events);

    ArrivalProcess& m_arrivals;
    ClientReactor& m_reactor;
    const ClientGroup* m_group = nullptr;
    SharedLink* m_link = nullptr; ///< that it shares with others; null: none
    std::size_t m_passing = 0;    ///< octets that are on their way over the link
    ClientRequest m_request;
    ResponseReader m_reader;
    FileDescriptor m_socket;
    std::string_view m_text; ///< of the request under way
    std::size_t m_sent = 0;
    std::size_t m_counted = 0;         ///< index of its group in the measurement
    std::int64_t m_lastProgress = 0;   ///< lab time
    std::int64_t m_receiveDue = 0;     ///< lab time: when a slow reader may take more
    std::int64_t m_firstByteAfter = 0; ///< ns since the intended start; meaningful once octets have come
    std::int64_t m_responseOctets = 0;
    std::uint32_t m_number;
    std::uint32_t m_socketGeneration = 0;
    std::uint32_t m_timerGeneration = 0;
    std::uint32_t m_watched = 0;
    std::uint32_t m_requestsOnConnection = 0; ///< ended ones
    State m_state = State::Closed;
    bool m_busy = false;
    bool m_retried = false;
    bool m_last = false; ///< the request under way is to be the last one on its connection
};

} // namespace lab
