// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/step_follower.h"
#include "engine/state/work_of.h"

#include <utility>

namespace lab {

namespace {

/// The eight steps of a client that connects; the key is the accept operation, and from step 7 on its connection too.
class ConnectSteps final : public StepRecogniser::Follower {
public:
    using Follower::Follower;

    void apply(const Event& event, std::size_t index) override {
        m_clients.apply(event, index);
        switch (event.type()) {
        case EventType::ListeningStarted: m_listening = index; break;
        case EventType::OperationInitiated: initiated(event, index); break;
        case EventType::CallEntered:
            if (isWaitForCompletions(event.kindAs<SystemCall>())) {
                m_lastWait = index;
            }
            break;
        case EventType::OperationCompleted:
            if (event.kindAs<Operation>() == Operation::Accept) {
                completed(event, index);
            }
            break;
        case EventType::HookEntered:
            if (event.kindAs<Hook>() == Hook::HandleAccept && step(event.operation, 6, index)) {
                m_inHook[event.actor] = event.operation;
            }
            break;
        case EventType::ConnectionAccepted: created(event, index); break;
        case EventType::HookLeft: m_inHook.erase(event.actor); break;
        default: break;
        }
    }

private:
    void initiated(const Event& event, std::size_t index) {
        if (event.kindAs<Operation>() == Operation::Accept && m_listening != RecognisedSequence::unseen) {
            begin(event.operation, 0, event.operation).events = {m_listening, index};
        } else if (event.kindAs<Operation>() == Operation::Read) {
            if (const auto accept = m_accepts.find(event.connection); accept != m_accepts.end()) {
                step(accept->second, 8, index);
                m_accepts.erase(accept);
            }
        }
    }

    /// Step 3 is the wait before the completion, unless the client was there already and nobody had to wait.
    /// Which client it was is known with step 7; its place is kept until then.
    void completed(const Event& event, std::size_t index) {
        auto* instance = find(event.operation);
        if (instance == nullptr || event.value() < 0 || m_lastWait < instance->events.front()) {
            drop(event.operation);
            return;
        }
        step(event.operation, 3, m_lastWait);
        step(event.operation, 4, RecognisedSequence::unseen);
        step(event.operation, 5, index);
    }

    void created(const Event& event, std::size_t index) {
        const auto inHook = m_inHook.find(event.actor);
        if (inHook == m_inHook.end()) {
            return;
        }
        const auto accept = inHook->second;
        if (auto* instance = find(accept)) {
            instance->connection = event.connection;
            instance->events[3] = m_clients.connecting(event.connection);
            step(accept, 7, index);
            m_accepts[event.connection] = accept;
        }
    }

    ClientOfConnection m_clients;
    std::size_t m_listening = RecognisedSequence::unseen;
    std::size_t m_lastWait = 0;
    boost::unordered_flat_map<std::uint16_t, std::uint32_t> m_inHook;  ///< by actor: accept operation
    boost::unordered_flat_map<std::uint32_t, std::uint32_t> m_accepts; ///< by connection: accept operation
};

/// The seven steps of a GET whose response goes by one operation; the key is the connection. Steps 2 and 3 repeat until
/// the request is whole.
class GetSteps final : public StepRecogniser::Follower {
public:
    using Follower::Follower;

    void apply(const Event& event, std::size_t index) override {
        m_clients.apply(event, index);
        switch (event.type()) {
        case EventType::OperationCompleted: completed(event, index); break;
        case EventType::HookEntered:
            if (event.kindAs<Hook>() == Hook::HandleRead) {
                step(event.connection, 3, index);
            } else if (event.kindAs<Hook>() == Hook::HandleWrite) {
                step(event.connection, 7, index);
            }
            break;
        case EventType::RequestParsed: step(event.connection, 4, index); break;
        case EventType::ResponseStarted:
            if (event.kindAs<Transfer>() == Transfer::ReadWrite ||
                event.kindAs<Transfer>() == Transfer::AsyncReadWrite) {
                drop(event.connection); // the file is read first: another sequence
            }
            break;
        case EventType::OperationInitiated: initiated(event, index); break;
        case EventType::ConnectionClosed: drop(event.connection); break;
        default: break;
        }
    }

private:
    void completed(const Event& event, std::size_t index) {
        if (event.value() < 0) {
            drop(event.connection);
        } else if (event.kindAs<Operation>() == Operation::Read && event.value() > 0) {
            begin(event.connection, event.connection, event.operation).events = {
                m_clients.lastRequest(event.connection), index};
        } else if (event.kindAs<Operation>() == Operation::Write || event.kindAs<Operation>() == Operation::Transmit) {
            step(event.connection, 6, index);
        }
    }

    void initiated(const Event& event, std::size_t index) {
        if (event.kindAs<Operation>() == Operation::Read) {
            drop(event.connection); // the request is not whole: its next piece begins steps 2 and 3 again
        } else if (event.kindAs<Operation>() == Operation::Write || event.kindAs<Operation>() == Operation::Transmit) {
            step(event.connection, 5, index);
        }
    }

    ClientOfConnection m_clients;
};

/// The four collaborations of the pattern; the key is the operation.
class CollaborationSteps final : public StepRecogniser::Follower {
public:
    using Follower::Follower;

    void apply(const Event& event, std::size_t index) override {
        switch (event.type()) {
        case EventType::OperationInitiated:
            begin(event.operation, event.connection, event.operation).events = {index};
            break;
        case EventType::OperationCompleted: step(event.operation, 2, index); break;
        case EventType::QueuePushed:
            if (event.kindAs<Queue>() == Queue::Completion) {
                step(event.operation, 3, index);
            }
            break;
        case EventType::HookEntered:
            if (event.operation != 0) {
                step(event.operation, 4, index);
            }
            break;
        default: break;
        }
    }
};

} // namespace

std::unique_ptr<StepRecogniser::Follower> followProactorConnect(const StepSequence& sequence,
                                                                const StepRecogniser::Follower::Found& found) {
    return std::make_unique<ConnectSteps>(sequence, found);
}

std::unique_ptr<StepRecogniser::Follower> followProactorGet(const StepSequence& sequence,
                                                            const StepRecogniser::Follower::Found& found) {
    return std::make_unique<GetSteps>(sequence, found);
}

std::unique_ptr<StepRecogniser::Follower> followCollaborations(const StepSequence& sequence,
                                                               const StepRecogniser::Follower::Found& found) {
    return std::make_unique<CollaborationSteps>(sequence, found);
}

} // namespace lab
