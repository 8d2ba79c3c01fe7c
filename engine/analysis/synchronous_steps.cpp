// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/step_follower.h"

namespace lab {

namespace {

/// The six steps of the thread pool; the key is the connection. Steps 1 and 2 belong to a connection's first request,
/// and all six must be made by the same thread: a server that hands the connection on does something else.
class ThreadPoolSteps final : public StepRecogniser::Follower {
public:
    using Follower::Follower;

    void apply(const Event& event, std::size_t index) override {
        switch (event.type()) {
        case EventType::CallEntered:
            if (event.kindAs<SystemCall>() == SystemCall::Accept) {
                m_blocked[event.actor] = index;
            }
            break;
        case EventType::ConnectionAccepted: accepted(event, index); break;
        case EventType::CallLeft:
            if (event.kindAs<SystemCall>() == SystemCall::Read && event.value() > 0) {
                readSome(event, index);
            }
            break;
        case EventType::RequestParsed: stepOfThread(event, 4, index); break;
        case EventType::FileFound: stepOfThread(event, 5, index); break;
        case EventType::ResponseSent: stepOfThread(event, 6, index); break;
        case EventType::ConnectionClosed: drop(event.connection); break;
        default: break;
        }
    }

private:
    void accepted(const Event& event, std::size_t index) {
        const auto blocked = m_blocked.find(event.actor);
        if (blocked != m_blocked.end()) {
            begin(event.connection, event.connection, 0).events = {blocked->second, index};
            m_threads[event.connection] = event.actor;
            m_blocked.erase(blocked);
        }
    }

    /// The request may come in several reads; the first one is the step.
    void readSome(const Event& event, std::size_t index) {
        const auto* instance = find(event.connection);
        if (instance != nullptr && instance->events.size() != 3) {
            stepOfThread(event, 3, index);
        }
    }

    void stepOfThread(const Event& event, std::size_t number, std::size_t index) {
        const auto thread = m_threads.find(event.connection);
        if (thread == m_threads.end() || thread->second != event.actor) {
            drop(event.connection);
            return;
        }
        step(event.connection, number, index);
    }

    boost::unordered_flat_map<std::uint16_t, std::size_t> m_blocked;   ///< by actor: where it entered accept
    boost::unordered_flat_map<std::uint32_t, std::uint16_t> m_threads; ///< by connection: who accepted it
};

} // namespace

std::unique_ptr<StepRecogniser::Follower> followThreadPool(const StepSequence& sequence,
                                                           const StepRecogniser::Follower::Found& found) {
    return std::make_unique<ThreadPoolSteps>(sequence, found);
}

} // namespace lab
