// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/pattern_steps.h"

#include "engine/analysis/step_follower.h"

#include <algorithm>
#include <array>

namespace lab {

namespace {

constexpr std::array<FollowerMaker, 12> followerMakers{
    followThreadPool,  followActiveObject, followThreadPerRequest,  followOwnThread,
    followReactor,     followHalfSync,     followLeaderFollowers,   followProactorConnect,
    followProactorGet, followGetReadWrite, followGetAsyncReadWrite, followCollaborations};

} // namespace

std::span<const StepSequence> stepSequences() {
    static const std::array<StepSequence, followerMakers.size()> sequences{{
        {"thread-pool",
         "A thread of the pool serves a client",
         "Hu, Pyarali, Schmidt, section 3.1",
         {"a thread blocks in the Sync Acceptor", "a client connects, and this thread is chosen",
          "the thread reads the request", "it parses the request", "it reads the file", "it sends the file"}},
        {"active-object",
         "A thread of the pool takes a connection from the queue",
         "the book's section 2.4 (Active Object)",
         {"the acceptor takes in a client", "it makes a method object and puts it into the activation queue",
          "a thread of the pool takes it and turns it back into a call", "the thread reads the request",
          "it parses the request", "it reads the file", "it sends the file"}},
        {"thread-per-request",
         "A new thread answers one request, and ends",
         "Hu, Pyarali, Schmidt, section 2; the book's section 2.4",
         {"the acceptor takes in a client", "a new thread begins with the client's request",
          "the thread reads the request", "it parses the request", "it reads the file", "it sends the file",
          "it ends; another new thread begins with the next request"}},
        {"own-thread",
         "A thread of its own serves a client to the end",
         "the book's section 2.4",
         {"the acceptor takes in a client", "a new thread begins with this client", "the thread reads the request",
          "it parses the request", "it reads the file", "it sends the file", "it reads the next request, too"}},
        {"reactor",
         "The reactor serves a request",
         "the book's section 2.4",
         {"the handler is registered with the Initiation Dispatcher", "the dispatcher waits on the handle set",
          "the handle becomes ready", "the dispatcher calls handle_input", "the handler reads the request itself",
          "it parses the request", "it sends the response itself"}},
        {"half-sync-half-async",
         "A reactor reads a request, a thread of the pool answers it",
         "the book's section 2.4 (Half-Sync/Half-Async)",
         {"the reactor waits on the handle set", "the handle becomes ready", "the handler reads without waiting",
          "the request is whole and parsed", "it goes into the bounded queue", "a thread of the pool takes it",
          "the thread looks for the file", "it sends the response and waits as long as that takes",
          "the connection goes back to the reactor"}},
        {"leader-followers",
         "The leader promotes a follower and serves a request",
         "beyond the source documents (Leader/Followers)",
         {"the leader waits on the handle set", "the handle becomes ready",
          "a leader takes it and deactivates the handle", "it promotes a follower", "it calls handle_input",
          "the handler reads the request", "it parses the request", "it sends the response"}},
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
        {"proactor-get-read-write",
         "A client sends a GET; the file is read, then written asynchronously",
         "Hu, Pyarali, Schmidt, section 3.2, without TransmitFile",
         {"the client sends the request", "the read completes, the dispatcher is notified",
          "the dispatcher notifies the Protocol Handler", "the handler parses the request",
          "it reads a piece of the file, and its thread waits for that", "it initiates the asynchronous write",
          "the write completes, the dispatcher is notified", "the dispatcher notifies the Completion Handler"}},
        {"proactor-get-async-read-write",
         "A client sends a GET; the file is read and written asynchronously",
         "Hu, Pyarali, Schmidt, section 3.2, without TransmitFile",
         {"the client sends the request", "the read completes, the dispatcher is notified",
          "the dispatcher notifies the Protocol Handler", "the handler parses the request",
          "it initiates the asynchronous read of a piece of the file",
          "the file read completes, the dispatcher is notified", "the dispatcher notifies the Completion Handler",
          "it initiates the asynchronous write", "the write completes, the dispatcher is notified",
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

bool StepRecogniser::Follower::step(std::uint64_t key, std::size_t number, std::size_t index) {
    auto* instance = find(key);
    if (instance == nullptr) {
        return false;
    }
    if (instance->events.size() + 1 != number) {
        drop(key);
        return false;
    }
    instance->events.push_back(index);
    if (instance->complete()) {
        const auto whole = std::move(*instance);
        drop(key);
        m_found(whole);
    }
    return true;
}

} // namespace lab
