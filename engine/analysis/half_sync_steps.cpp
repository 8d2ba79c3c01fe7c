// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/step_follower.h"
#include "engine/state/work_of.h"

namespace lab {

namespace {

/// The steps of Half-Sync/Half-Async for each request; the key is the connection. Those up to the queue must be made by
/// one thread, the reactor, and those behind it by another.
class HalfSyncSteps final : public StepRecogniser::Follower {
public:
    using Follower::Follower;

    void apply(const Event& event, std::size_t index) override {
        switch (event.type()) {
        case EventType::CallEntered:
            if (isDemultiplexing(event.kindAs<SystemCall>())) {
                m_waits[event.actor] = index;
            }
            break;
        case EventType::HandleReady: ready(event, index); break;
        case EventType::CallPerformed: readSome(event, index); break;
        case EventType::RequestParsed: stepOf(m_reactors, event, 4, index); break;
        case EventType::QueuePushed:
            if (event.kindAs<Queue>() == Queue::Ready) {
                stepOf(m_reactors, event, 5, index);
            }
            break;
        case EventType::QueuePopped: popped(event, index); break;
        case EventType::FileFound: stepOf(m_workers, event, 7, index); break;
        case EventType::ResponseSent: stepOf(m_workers, event, 8, index); break;
        case EventType::HandlerRemoved: drop(event.connection); break;
        default: break;
        }
    }

private:
    using Threads = boost::unordered_flat_map<std::uint32_t, std::uint16_t>;

    void ready(const Event& event, std::size_t index) {
        const auto wait = m_waits.find(event.actor);
        const auto* instance = find(event.connection);
        // A request that comes in pieces makes its handle ready several times.
        const bool underWay = instance != nullptr && instance->events.size() >= 3;
        if (event.connection != 0 && !underWay && wait != m_waits.end()) {
            begin(event.connection, event.connection, 0).events = {wait->second, index};
            m_reactors[event.connection] = event.actor;
        }
    }

    void readSome(const Event& event, std::size_t index) {
        const auto* instance = find(event.connection);
        if (event.kindAs<SystemCall>() == SystemCall::Read && event.value() > 0 && instance != nullptr &&
            instance->events.size() < 3) {
            stepOf(m_reactors, event, 3, index);
        }
    }

    void popped(const Event& event, std::size_t index) {
        if (event.kindAs<Queue>() == Queue::Ready) {
            m_workers[event.connection] = event.actor;
            step(event.connection, 6, index);
        } else if (event.kindAs<Queue>() == Queue::Returned) {
            stepOf(m_reactors, event, 9, index);
        }
    }

    void stepOf(const Threads& threads, const Event& event, std::size_t number, std::size_t index) {
        const auto thread = threads.find(event.connection);
        if (thread != threads.end() && thread->second == event.actor) {
            step(event.connection, number, index);
        } else {
            drop(event.connection);
        }
    }

    boost::unordered_flat_map<std::uint16_t, std::size_t> m_waits; ///< by actor: where it last began to wait
    Threads m_reactors;                                            ///< by connection
    Threads m_workers;                                             ///< by connection
};

} // namespace

std::unique_ptr<StepRecogniser::Follower> followHalfSync(const StepSequence& sequence,
                                                         const StepRecogniser::Follower::Found& found) {
    return std::make_unique<HalfSyncSteps>(sequence, found);
}

} // namespace lab
