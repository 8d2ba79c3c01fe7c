// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/pattern_steps.h"

#include "engine/analysis/step_follower.h"

#include <algorithm>
#include <array>

namespace lab {

namespace {

constexpr std::array<FollowerMaker, 5> followerMakers{followThreadPool, followReactor, followProactorConnect,
                                                      followProactorGet, followCollaborations};

} // namespace

std::span<const StepSequence> stepSequences() {
    static const std::array<StepSequence, followerMakers.size()> sequences{{
        {"thread-pool",
         "A thread of the pool serves a client",
         "Hu, Pyarali, Schmidt, section 3.1",
         {"a thread blocks in the Sync Acceptor", "a client connects, and this thread is chosen",
          "the thread reads the request", "it parses the request", "it reads the file", "it sends the file"}},
        {"reactor",
         "The reactor serves a request",
         "the book's section 2.4",
         {"the handler is registered with the Initiation Dispatcher", "the dispatcher waits on the handle set",
          "the handle becomes ready", "the dispatcher calls handle_input", "the handler reads the request itself",
          "it parses the request", "it sends the response itself"}},
        {"proactor-connect",
         "A client connects to the proactor",
         "Hu, Pyarali, Schmidt, section 3.2, figure 3",
         {"the server tells the Async Acceptor to accept", "the acceptor initiates an asynchronous accept",
          "the server runs its event loop", "the client connects", "the accept completes, the dispatcher is notified",
          "the dispatcher notifies the Async Acceptor", "the acceptor creates a Protocol Handler",
          "the handler initiates an asynchronous read"}},
        {"proactor-get",
         "A client sends a GET to the proactor",
         "Hu, Pyarali, Schmidt, section 3.2, figure 4",
         {"the client sends the request", "the read completes, the dispatcher is notified",
          "the dispatcher notifies the Protocol Handler", "the handler parses the request",
          "it initiates the asynchronous write or TransmitFile", "the write completes, the dispatcher is notified",
          "the dispatcher notifies the Completion Handler"}},
        {"proactor-collaborations",
         "An asynchronous operation",
         "Hu, Pyarali, Schmidt, section 4.4",
         {"the Proactive Initiator starts the operation", "the Asynchronous Operation Processor performs it",
          "the processor hands result and handler to the Completion Dispatcher",
          "the dispatcher calls the completion hook"}},
    }};
    return sequences;
}

StepRecogniser::StepRecogniser(std::function<void(const RecognisedSequence&)> found)
    : m_found(std::move(found)) {
    const auto sequences = stepSequences();
    for (std::size_t index = 0; index < sequences.size(); ++index) {
        m_followers.push_back(followerMakers[index](sequences[index], m_found));
    }
}

StepRecogniser::~StepRecogniser() = default;

void StepRecogniser::apply(const Event& event, std::size_t index) {
    for (const auto& follower : m_followers) {
        follower->apply(event, index);
    }
}

std::vector<RecognisedSequence> StepRecogniser::underWay() const {
    std::vector<RecognisedSequence> all;
    for (const auto& follower : m_followers) {
        follower->addUnderWay(all);
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.events < b.events; });
    return all;
}

std::vector<RecognisedSequence> recogniseSteps(const RecordingView& view, std::uint32_t connection) {
    std::vector<RecognisedSequence> all;
    StepRecogniser recogniser([&](const RecognisedSequence& found) {
        if (connection == 0 || found.connection == connection) {
            all.push_back(found);
        }
    });
    for (auto index = view.first(); index < view.end();) {
        for (const auto& event : view.run(index)) {
            recogniser.apply(event, index++);
        }
    }
    return all;
}

void ClientOfConnection::apply(const Event& event, std::size_t index) {
    const auto port = static_cast<std::uint16_t>(event.value());
    switch (event.type()) {
    case EventType::ClientConnecting:
        m_clientByPort[port] = event.connection;
        m_clients[event.connection] = {.connecting = index, .lastRequest = RecognisedSequence::unseen};
        break;
    case EventType::ClientRequestSent: m_clients[event.connection].lastRequest = index; break;
    case EventType::ConnectionAccepted: m_portByConnection[event.connection] = port; break;
    case EventType::ConnectionClosed: m_portByConnection.erase(event.connection); break;
    default: break;
    }
}

const ClientOfConnection::Client* ClientOfConnection::of(std::uint32_t connection) const {
    const auto port = m_portByConnection.find(connection);
    if (port == m_portByConnection.end()) {
        return nullptr;
    }
    const auto client = m_clientByPort.find(port->second);
    if (client == m_clientByPort.end()) {
        return nullptr;
    }
    const auto known = m_clients.find(client->second);
    return known == m_clients.end() ? nullptr : &known->second;
}

std::size_t ClientOfConnection::connecting(std::uint32_t connection) const {
    const auto* client = of(connection);
    return client != nullptr ? client->connecting : RecognisedSequence::unseen;
}

std::size_t ClientOfConnection::lastRequest(std::uint32_t connection) const {
    const auto* client = of(connection);
    return client != nullptr ? client->lastRequest : RecognisedSequence::unseen;
}

} // namespace lab
