// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/step_follower.h"

namespace lab {

namespace {

/// Reading, parsing, reading the file and sending, by blocking calls of one thread; how the connection came to that
/// thread is each sequence's own. The key is the connection, and only its first request is followed.
class WorkSteps : public StepRecogniser::Follower {
public:
    /// `readStep`: the number of the step that reads.
    WorkSteps(const StepSequence& sequence, const Found& found, std::size_t readStep)
        : Follower(sequence, found)
        , m_readStep(readStep) {}

protected:
    void givenTo(std::uint32_t connection, std::uint16_t actor) { m_threads[connection] = {actor, m_lives[actor]}; }

    /// A thread begins: one that had its number before was another.
    void begun(std::uint16_t actor) { ++m_lives[actor]; }

    void applyWork(const Event& event, std::size_t index) {
        switch (event.type()) {
        case EventType::CallLeft:
            if (event.kindAs<SystemCall>() == SystemCall::Read && event.value() > 0) {
                readSome(event, index);
            }
            break;
        case EventType::RequestParsed: stepOfThread(event, m_readStep + 1, index); break;
        case EventType::FileFound: stepOfThread(event, m_readStep + 2, index); break;
        case EventType::ResponseSent: stepOfThread(event, m_readStep + 3, index); break;
        case EventType::ConnectionClosed:
            drop(event.connection);
            m_threads.erase(event.connection);
            break;
        default: break;
        }
    }

    /// A read on a connection whose request was answered: by whom is each sequence's own.
    virtual void readNext(const Event& event, std::size_t index) { stepOfThread(event, m_readStep + 4, index); }

    void stepOfThread(const Event& event, std::size_t number, std::size_t index) {
        const auto thread = m_threads.find(event.connection);
        if (thread == m_threads.end() || thread->second != std::pair{event.actor, m_lives[event.actor]}) {
            drop(event.connection);
            return;
        }
        step(event.connection, number, index);
    }

private:
    /// The request may come in several reads; the first one is the step.
    void readSome(const Event& event, std::size_t index) {
        const auto* instance = find(event.connection);
        if (instance == nullptr || instance->events.size() == m_readStep) {
            return;
        }
        if (instance->events.size() == m_readStep + 3) { // the request was answered
            readNext(event, index);
        } else {
            stepOfThread(event, m_readStep, index);
        }
    }

    const std::size_t m_readStep;
    boost::unordered_flat_map<std::uint16_t, std::uint32_t> m_lives; ///< by actor: how many threads had its number
    /// By connection: who serves it, in which of its number's lives.
    boost::unordered_flat_map<std::uint32_t, std::pair<std::uint16_t, std::uint32_t>> m_threads;
};

/// An acceptor queues the connection, and a thread of the pool takes it out.
class ActiveObjectSteps final : public WorkSteps {
public:
    ActiveObjectSteps(const StepSequence& sequence, const Found& found)
        : WorkSteps(sequence, found, 4) {}

    void apply(const Event& event, std::size_t index) override {
        const bool ofAcceptQueue = event.kindAs<Queue>() == Queue::Accept;
        switch (event.type()) {
        case EventType::ConnectionAccepted: begin(event.connection, event.connection, 0).events = {index}; break;
        case EventType::QueuePushed:
            if (ofAcceptQueue) {
                step(event.connection, 2, index);
            }
            break;
        case EventType::QueuePopped:
            if (ofAcceptQueue && step(event.connection, 3, index)) {
                givenTo(event.connection, event.actor);
            }
            break;
        default: applyWork(event, index); break;
        }
    }
};

/// An acceptor starts a thread, which begins with the connection.
class NewThreadSteps : public WorkSteps {
public:
    NewThreadSteps(const StepSequence& sequence, const Found& found)
        : WorkSteps(sequence, found, 3) {}

    void apply(const Event& event, std::size_t index) override {
        if (event.type() == EventType::ThreadStarted) {
            begun(event.actor);
            m_new[event.actor] = index;
            return;
        }
        if (!m_new.empty() && event.type() != EventType::ProcessStarted) { // a process first says that it is one
            firstWord(event, index);
        }
        if (event.type() == EventType::ConnectionAccepted) {
            begin(event.connection, event.connection, 0).events = {index};
        } else {
            applyWork(event, index);
        }
    }

protected:
    /// A new thread, started behind all steps so far, begins with the connection by a read.
    virtual void takenUp(const Event& event, std::size_t index, const RecognisedSequence& instance) {
        if (instance.events.size() == 1) {
            step(event.connection, 2, index);
            givenTo(event.connection, event.actor);
        }
    }

private:
    /// What a new thread does first shows what it was started for.
    void firstWord(const Event& event, std::size_t index) {
        const auto fresh = m_new.find(event.actor);
        if (fresh == m_new.end()) {
            return;
        }
        const auto started = fresh->second;
        m_new.erase(fresh);
        const auto* instance = find(event.connection);
        if (event.type() == EventType::CallEntered && event.kindAs<SystemCall>() == SystemCall::Read &&
            instance != nullptr && instance->events.back() < started) {
            takenUp(event, index, *instance);
        }
    }

    boost::unordered_flat_map<std::uint16_t, std::size_t> m_new; ///< by actor: where it started
};

/// The thread stays with its connection: one for each request would not read the next one.
class OwnThreadSteps final : public NewThreadSteps {
public:
    using NewThreadSteps::NewThreadSteps;
};

/// The thread ends with its request, and a new one begins with the next. A connection of a single request could have
/// been any new thread's, so only that next one shows whose it was.
class ThreadPerRequestSteps final : public NewThreadSteps {
public:
    using NewThreadSteps::NewThreadSteps;

private:
    void takenUp(const Event& event, std::size_t index, const RecognisedSequence& instance) override {
        if (instance.events.size() + 1 == instance.sequence->steps.size()) {
            step(event.connection, instance.sequence->steps.size(), index);
        } else {
            NewThreadSteps::takenUp(event, index, instance);
        }
    }

    void readNext(const Event& event, std::size_t /*index*/) override { drop(event.connection); }
};

} // namespace

std::unique_ptr<StepRecogniser::Follower> followActiveObject(const StepSequence& sequence,
                                                             const StepRecogniser::Follower::Found& found) {
    return std::make_unique<ActiveObjectSteps>(sequence, found);
}

std::unique_ptr<StepRecogniser::Follower> followOwnThread(const StepSequence& sequence,
                                                          const StepRecogniser::Follower::Found& found) {
    return std::make_unique<OwnThreadSteps>(sequence, found);
}

std::unique_ptr<StepRecogniser::Follower> followThreadPerRequest(const StepSequence& sequence,
                                                                 const StepRecogniser::Follower::Found& found) {
    return std::make_unique<ThreadPerRequestSteps>(sequence, found);
}

} // namespace lab
