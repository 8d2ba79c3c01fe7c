// SPDX-License-Identifier: GPL-3.0-or-later
// A model with a planted fault, not the engine's code. The engine's own queue: engine/dispatch/completion_queue.cpp.
#include "engine/challenge/challenge_list.h"
#include "engine/challenge/lost_wake_up_watch.h"
#include "engine/challenge/model_prologue.h"
#include "engine/challenge/stepped_model.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace lab {

namespace {

constexpr std::string_view id = "lost-wake-up";
constexpr std::array<std::string_view, 3> threads{"dispatcher-1", "dispatcher-2", "processor"};
constexpr std::size_t dispatchers = 2;
constexpr std::size_t processor = 2;
constexpr std::uint32_t connections = 2;

/// A completion queue with a condition to wait for, taken apart into steps between which anybody may go.
///
/// Planted: who finds it empty goes to sleep later, without another look. Mended: looks again with the lock held, and
/// nobody gets in between that look and the sleep.
class TornQueue {
public:
    bool empty() const { return m_items.empty(); }
    std::int64_t depth() const { return static_cast<std::int64_t>(m_items.size()); }

    void push(std::uint32_t operation) {
        m_items.push_back(operation);
        const auto asleep = std::find(m_woken.begin(), m_woken.end(), false);
        if (asleep != m_woken.end()) {
            *asleep = true;
        }
    }

    std::uint32_t pop() {
        const auto operation = m_items.front();
        m_items.pop_front();
        if (m_items.empty()) {
            std::fill(m_woken.begin(), m_woken.end(), false); // they look, find nothing, and sleep on
        }
        return operation;
    }

    void sleep(std::size_t thread) {
        m_asleep.push_back(thread);
        m_woken.push_back(false);
    }
    bool isWoken(std::size_t thread) const { return m_woken[place(thread)]; }
    bool anybodySleeps() const { return std::find(m_woken.begin(), m_woken.end(), false) != m_woken.end(); }
    void wakeUp(std::size_t thread) {
        const auto at = static_cast<std::ptrdiff_t>(place(thread));
        m_asleep.erase(m_asleep.begin() + at);
        m_woken.erase(m_woken.begin() + at);
    }

    std::string key() const {
        std::string key;
        for (const auto item : m_items) {
            key += std::to_string(item) + ' ';
        }
        for (std::size_t at = 0; at < m_asleep.size(); ++at) {
            key += std::to_string(m_asleep[at]) + (m_woken[at] ? 'w' : 's');
        }
        return key;
    }

private:
    std::size_t place(std::size_t thread) const {
        return static_cast<std::size_t>(std::find(m_asleep.begin(), m_asleep.end(), thread) - m_asleep.begin());
    }

    std::deque<std::uint32_t> m_items;
    std::vector<std::size_t> m_asleep; ///< who has slept longest stands first
    std::vector<bool> m_woken;         ///< by place in m_asleep
};

std::string numbered(std::uint32_t connection) { return "#" + std::to_string(connection); }

class LostWakeUp final : public SteppedModel<LostWakeUp, 3> {
public:
    explicit LostWakeUp(Variant variant)
        : m_mended(variant == Variant::Mended) {}

    std::string key() const override {
        return keyOf(m_mended, m_completed, m_pushed, m_handled, m_carried[0], m_carried[1], m_queue.key());
    }

    /// Two clients have sent their requests; a read of each connection is in the kernel.
    void begin(ModelEvents& events) override {
        beginModel(events, id, threads);
        for (std::uint32_t number = 1; number <= connections; ++number) {
            const auto dispatcher = actorOf(number - 1);
            connectClient(events, number);
            LAB_MODEL_MARK(events, dispatcher, ConnectionAccepted, Acceptor, "accept", .connection = number,
                           .kind = Origin::Traffic, .value = portOf(number));
            LAB_MODEL_MARK(events, dispatcher, OperationInitiated, ProactiveInitiator, "async_read",
                           .connection = number, .operation = number, .kind = Operation::Read, .value = 4096);
            LAB_MODEL_MARK(events, clientsActor, ClientRequestSent, Client, "request", .connection = number,
                           .operation = number, .value = events.name("index.html"));
        }
        LAB_MODEL_MARK(events, actorOf(processor), CallEntered, AsynchronousOperationProcessor, "wait for sockets",
                       .kind = SystemCall::Epoll, .value = connections);
        LAB_MODEL_MARK(events, actorOf(processor), CallLeft, AsynchronousOperationProcessor, "wait for sockets",
                       .kind = SystemCall::Epoll, .value = connections);
    }

    const Step& stepOf(std::size_t thread, std::uint8_t at) const {
        static constexpr std::array<Step, 4> dispatcherProgram{{
            {&LostWakeUp::canLook, &LostWakeUp::look},
            {&LostWakeUp::canSleep, &LostWakeUp::sleep},
            {&LostWakeUp::canWake, &LostWakeUp::wake},
            {&LostWakeUp::canHandle, &LostWakeUp::handle},
        }};
        static constexpr std::array<Step, 4> processorProgram{{
            {&LostWakeUp::canComplete, &LostWakeUp::complete},
            {&LostWakeUp::canPush, &LostWakeUp::push},
            {&LostWakeUp::canWait, &LostWakeUp::wait},
            {&LostWakeUp::isWaiting, nullptr},
        }};
        return thread == processor ? processorProgram[at] : dispatcherProgram[at];
    }

    std::string outcome() const override {
        if (m_handled == connections) {
            return "Both completions reached their handlers: whoever slept was woken by a push, or whoever was awake "
                   "looked into the queue once more.";
        }
        return "Dispatchers wait for a push, the processor waits for clients, and the clients wait for answers whose "
               "completions are ready: the server hangs, and no thread has done anything but its own program.";
    }

private:
    enum DispatcherAt : std::uint8_t { Look, Sleep, Asleep, Handle };
    enum ProcessorAt : std::uint8_t { Complete, Push, Wait, Waiting };

    /// The first half of waiting: the depth is read, and the lock let go of.
    NextStep canLook(std::size_t) const {
        return {true, m_queue.empty() ? "looks into the completion queue, and finds it empty"
                                      : "looks into the completion queue, and takes the oldest completion"};
    }

    std::uint8_t look(std::size_t thread, ModelEvents& events) {
        if (!m_queue.empty()) {
            return take(thread, events);
        }
        LAB_MODEL_MARK(events, actorOf(thread), CallPerformed, CompletionDispatcher, "look at the queue's depth",
                       .kind = SystemCall::QueueWait, .value = 0);
        return Sleep;
    }

    /// The second half. Planted: what was found before is taken to be true still.
    NextStep canSleep(std::size_t) const {
        if (!m_mended) {
            return {true, "goes to sleep until a push wakes it, as it found the queue empty"};
        }
        return {true, m_queue.empty() ? "takes the lock, looks again, and goes to sleep until a push wakes it"
                                      : "takes the lock, looks again, and takes the oldest completion"};
    }

    std::uint8_t sleep(std::size_t thread, ModelEvents& events) {
        if (m_mended && !m_queue.empty()) {
            return take(thread, events);
        }
        LAB_MODEL_MARK(events, actorOf(thread), CallEntered, CompletionDispatcher, "wait for completion",
                       .kind = SystemCall::QueueWait);
        m_queue.sleep(thread);
        return Asleep;
    }

    NextStep canWake(std::size_t thread) const {
        if (!m_queue.isWoken(thread)) {
            return {false, "sleeps at the completion queue until a push wakes it"};
        }
        return {true, "wakes, and takes the oldest completion"};
    }

    std::uint8_t wake(std::size_t thread, ModelEvents& events) {
        LAB_MODEL_MARK(events, actorOf(thread), CallLeft, CompletionDispatcher, "wait for completion",
                       .kind = SystemCall::QueueWait, .value = 1);
        m_queue.wakeUp(thread);
        return take(thread, events);
    }

    std::uint8_t take(std::size_t thread, ModelEvents& events) {
        const auto operation = m_queue.pop();
        m_carried[thread] = operation;
        LAB_MODEL_MARK(events, actorOf(thread), QueuePopped, CompletionDispatcher, "pop completion",
                       .connection = operation, .operation = operation, .kind = Queue::Completion,
                       .value = m_queue.depth());
        return Handle;
    }

    NextStep canHandle(std::size_t thread) const {
        return {true, "calls handle_read of " + numbered(m_carried[thread]) + "’s handler, which parses the request"};
    }

    std::uint8_t handle(std::size_t thread, ModelEvents& events) {
        const auto operation = std::exchange(m_carried[thread], 0);
        LAB_MODEL_MARK(events, actorOf(thread), HookEntered, CompletionHandler, "handle_read", .connection = operation,
                       .operation = operation, .kind = Hook::HandleRead);
        LAB_MODEL_MARK(events, actorOf(thread), RequestParsed, HttpHandler, "parse", .connection = operation,
                       .kind = Method::Get, .value = 87);
        LAB_MODEL_MARK(events, actorOf(thread), HookLeft, CompletionHandler, "handle_read", .connection = operation,
                       .operation = operation, .kind = Hook::HandleRead);
        ++m_handled;
        return Look;
    }

    NextStep canComplete(std::size_t) const {
        return {true, "performs the read of " + numbered(m_completed + 1) + ", which completes"};
    }

    std::uint8_t complete(std::size_t thread, ModelEvents& events) {
        ++m_completed;
        LAB_MODEL_MARK(events, actorOf(thread), OperationCompleted, AsynchronousOperationProcessor,
                       "operation completed", .connection = m_completed, .operation = m_completed,
                       .kind = Operation::Read, .value = 87);
        return Push;
    }

    NextStep canPush(std::size_t) const {
        return {true, "pushes the completed read of " + numbered(m_pushed + 1) +
                          (m_queue.anybodySleeps() ? ", and wakes the one that has slept longest"
                                                   : "; there is nobody asleep to wake")};
    }

    std::uint8_t push(std::size_t thread, ModelEvents& events) {
        ++m_pushed;
        LAB_MODEL_MARK(events, actorOf(thread), QueuePushed, AsynchronousOperationProcessor, "push completion",
                       .connection = m_pushed, .operation = m_pushed, .kind = Queue::Completion,
                       .value = m_queue.depth() + 1);
        m_queue.push(m_pushed);
        return m_pushed < connections ? Complete : Wait;
    }

    NextStep canWait(std::size_t) const { return {true, "waits until a client sends something again"}; }

    std::uint8_t wait(std::size_t thread, ModelEvents& events) {
        LAB_MODEL_MARK(events, actorOf(thread), CallEntered, AsynchronousOperationProcessor, "wait for sockets",
                       .kind = SystemCall::Epoll, .value = connections);
        return Waiting;
    }

    NextStep isWaiting(std::size_t) const { return {false, "waits for the clients, and they wait for their answers"}; }

    bool m_mended;
    TornQueue m_queue;
    std::uint32_t m_completed = 0;                      ///< operations 1 to here have completed
    std::uint32_t m_pushed = 0;                         ///< and 1 to here are or were in the queue
    std::uint32_t m_handled = 0;                        ///< so many
    std::array<std::uint32_t, dispatchers> m_carried{}; ///< by dispatcher: on its way to its handler; 0: none
};

} // namespace

Challenge lostWakeUp() {
    return {
        .id = id,
        .title = "The lost wake-up",
        .story = "Two dispatchers take completions from one queue. A dispatcher looks whether the queue is empty, and "
                 "if so goes to sleep until a push wakes it. Looking and going to sleep are two steps, and no lock is "
                 "held in between. The processor completes two reads, pushes each, and wakes one dispatcher that "
                 "sleeps, if there is one.",
        .task = "Find an order of steps after which everybody waits for ever, though a completion is in the queue.",
        .remedy = "In the engine the look and the sleep are one: the dispatcher holds the queue’s lock from its look "
                  "until the condition variable has put it to sleep, and looks again whenever it wakes, so that no "
                  "push can come in between.",
        .example = "engine/dispatch/completion_queue.cpp",
        .function = "CompletionQueue::pop",
        .mending = "Mended, a dispatcher takes the lock and looks once more before it sleeps, so a push comes either "
                   "before that look or after it sleeps.",
        .threads = {threads.begin(), threads.end()},
        .makeModel = [](Variant variant) -> std::unique_ptr<ChallengeModel> {
            return std::make_unique<LostWakeUp>(variant);
        },
        .makeWatch = []() -> std::unique_ptr<FaultWatch> { return std::make_unique<LostWakeUpWatch>(); },
    };
}

} // namespace lab
