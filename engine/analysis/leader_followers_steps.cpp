// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/step_follower.h"
#include "engine/state/work_of.h"

namespace lab {

namespace {

/// The steps of Leader/Followers for each request; the key is the connection. Who takes a ready handle need not be the
/// leader that was told of it: of several, the next leaders take the others.
class LeaderFollowersSteps final : public StepRecogniser::Follower {
public:
    using Follower::Follower;

    void apply(const Event& event, std::size_t index) override {
        switch (event.type()) {
        case EventType::LeadershipTaken: m_leader = event.actor; break;
        case EventType::LeadershipPassed: promoted(event, index); break;
        case EventType::CallEntered:
            if (event.actor == m_leader && isDemultiplexing(event.kindAs<SystemCall>())) {
                m_wait = index;
            }
            break;
        case EventType::HandleReady: ready(event, index); break;
        case EventType::InterestChanged: deactivated(event, index); break;
        case EventType::HookEntered:
            if (event.kindAs<Hook>() == Hook::HandleInput) {
                stepUnlessPast(event.connection, 5, index);
            }
            break;
        case EventType::CallPerformed:
            if (event.kindAs<SystemCall>() == SystemCall::Read && event.value() > 0) {
                stepUnlessPast(event.connection, reads, index);
            }
            break;
        case EventType::RequestParsed: step(event.connection, 7, index); break;
        case EventType::ResponseSent: step(event.connection, 8, index); break;
        case EventType::HandlerRemoved: drop(event.connection); break;
        default: break;
        }
    }

private:
    static constexpr std::size_t reads = 6;
    static constexpr std::uint32_t nobody = ~std::uint32_t{0};

    void ready(const Event& event, std::size_t index) {
        const auto* instance = find(event.connection);
        // A request that comes in pieces, or a response that goes in pieces, makes its handle ready several times.
        const bool underWay = instance != nullptr && instance->events.size() >= reads;
        if (event.connection != 0 && event.actor == m_leader && !underWay) {
            begin(event.connection, event.connection, 0).events = {m_wait, index};
        }
    }

    void deactivated(const Event& event, std::size_t index) {
        if (event.actor == m_leader && event.kindAs<Interest>() == Interest::None) {
            m_taken = event.connection;
            stepUnlessPast(event.connection, 3, index);
        }
    }

    void promoted(const Event& event, std::size_t index) {
        if (event.actor == m_leader && m_taken != 0) {
            stepUnlessPast(m_taken, 4, index);
        }
        m_leader = nobody;
        m_taken = 0;
    }

    void stepUnlessPast(std::uint32_t connection, std::size_t number, std::size_t index) {
        const auto* instance = find(connection);
        if (instance != nullptr && instance->events.size() < reads) {
            step(connection, number, index);
        }
    }

    std::uint32_t m_leader = nobody; ///< actor
    std::uint32_t m_taken = 0;       ///< connection whose handle the leader has deactivated; 0: none
    std::size_t m_wait = 0;          ///< where a leader last began to wait
};

} // namespace

std::unique_ptr<StepRecogniser::Follower> followLeaderFollowers(const StepSequence& sequence,
                                                                const StepRecogniser::Follower::Found& found) {
    return std::make_unique<LeaderFollowersSteps>(sequence, found);
}

} // namespace lab
