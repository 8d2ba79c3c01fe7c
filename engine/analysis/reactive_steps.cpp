// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/step_follower.h"
#include "engine/state/work_of.h"

namespace lab {

namespace {

/// The reactor's steps for each request; the key is the connection. The registration is told anew for each request,
/// since it holds until the handler is removed.
class ReactorSteps final : public StepRecogniser::Follower {
public:
    using Follower::Follower;

    void apply(const Event& event, std::size_t index) override {
        switch (event.type()) {
        case EventType::LeadershipTaken: m_isShared = true; break; // another pattern, with steps of its own
        case EventType::HandlerRegistered: m_registered[event.connection] = index; break;
        case EventType::HandlerRemoved:
            m_registered.erase(event.connection);
            drop(event.connection);
            break;
        case EventType::CallEntered:
            if (isDemultiplexing(event.kindAs<SystemCall>())) {
                m_waits[event.actor] = index;
            }
            break;
        case EventType::HandleReady: ready(event, index); break;
        case EventType::HookEntered:
            if (event.kindAs<Hook>() == Hook::HandleInput) {
                stepUnlessPast(event, 4, index);
            }
            break;
        case EventType::CallPerformed:
            if (event.kindAs<SystemCall>() == SystemCall::Read && event.value() > 0) {
                stepUnlessPast(event, 5, index);
            }
            break;
        case EventType::RequestParsed: step(event.connection, 6, index); break;
        case EventType::QueuePushed:
            if (event.kindAs<Queue>() == Queue::Ready) {
                drop(event.connection); // another thread will answer: not the reactor's steps
            }
            break;
        case EventType::ResponseSent: step(event.connection, 7, index); break;
        default: break;
        }
    }

private:
    void ready(const Event& event, std::size_t index) {
        const auto registered = m_registered.find(event.connection);
        const auto wait = m_waits.find(event.actor);
        const auto* instance = find(event.connection);
        // A request that comes in pieces, or a response that goes in pieces, makes its handle ready several times.
        const bool underWay = instance != nullptr && instance->events.size() >= 5;
        if (event.connection != 0 && !m_isShared && !underWay && registered != m_registered.end() &&
            wait != m_waits.end()) {
            begin(event.connection, event.connection, 0).events = {registered->second, wait->second, index};
        }
    }

    /// The first of several reads is the step.
    void stepUnlessPast(const Event& event, std::size_t number, std::size_t index) {
        const auto* instance = find(event.connection);
        if (instance != nullptr && instance->events.size() < 5) {
            step(event.connection, number, index);
        }
    }

    boost::unordered_flat_map<std::uint32_t, std::size_t> m_registered; ///< by connection
    bool m_isShared = false;                                            ///< threads take turns at the handle set
    boost::unordered_flat_map<std::uint16_t, std::size_t> m_waits;      ///< by actor: where it last began to wait
};

} // namespace

std::unique_ptr<StepRecogniser::Follower> followReactor(const StepSequence& sequence,
                                                        const StepRecogniser::Follower::Found& found) {
    return std::make_unique<ReactorSteps>(sequence, found);
}

} // namespace lab
