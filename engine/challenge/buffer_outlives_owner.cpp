// SPDX-License-Identifier: GPL-3.0-or-later
// A model with a planted fault, not the engine's code. The engine's own: engine/connection/asynchronous_connection.cpp.
#include "engine/challenge/buffer_pool.h"
#include "engine/challenge/challenge_list.h"
#include "engine/challenge/model_prologue.h"
#include "engine/challenge/orphaned_transfer_watch.h"
#include "engine/challenge/stepped_model.h"

#include <cerrno>

namespace lab {

namespace {

constexpr std::string_view id = "buffer-outlives-owner";
constexpr std::array<std::string_view, 4> threads{"dispatcher", "processor", "time keeper", "acceptor"};
enum Thread : std::size_t { Dispatcher, Processor, TimeKeeper, Acceptor };

constexpr std::uint32_t first = 1; ///< the connection that all is about
constexpr std::uint32_t second = 2;
constexpr std::string_view request = "GET /page-of-client-1.html HTTP/1.1";
constexpr std::string_view answer = "HTTP/1.1 200 OK: the page that client 1 asked for";
constexpr std::string_view othersText = "the secret of client 2, which is nobody else's affair";
static_assert(othersText.size() >= answer.size());

/// The one operation that the connection's handler has outstanding, as the processor and the queue know it.
struct ModelOperation {
    enum class Phase : std::uint8_t { InKernel, Queued, Dispatched };
    Phase phase = Phase::InKernel;
    Operation kind = Operation::Read;
    std::uint32_t id = 1;
    BufferPool::Loan buffer;
    std::size_t moved = 0; ///< octets
    bool cancelled = false;
    std::int64_t result = 0;
};

class BufferOutlivesOwner final : public SteppedModel<BufferOutlivesOwner, 4> {
public:
    explicit BufferOutlivesOwner(Variant variant)
        : m_mended(variant == Variant::Mended) {}

    /// Client 1 has sent its request and a read of it is in the kernel; client 2 waits in the backlog.
    void begin(ModelEvents& events) override {
        beginModel(events, id, threads);
        connectClient(events, first);
        connectClient(events, second);
        LAB_MODEL_MARK(events, actorOf(TimeKeeper), CallEntered, Thread, "wait", .kind = SystemCall::Poll);
        LAB_MODEL_MARK(events, actorOf(TimeKeeper), CallLeft, Thread, "wait", .kind = SystemCall::Poll);
        LAB_MODEL_MARK(events, actorOf(Dispatcher), CallEntered, CompletionDispatcher, "wait for completion",
                       .kind = SystemCall::QueueWait);
        LAB_MODEL_MARK(events, actorOf(Acceptor), ConnectionAccepted, Acceptor, "accept", .connection = first,
                       .kind = Origin::Traffic, .value = portOf(first));
        LAB_MODEL_MARK(events, actorOf(Acceptor), OperationInitiated, ProactiveInitiator, "async_read",
                       .connection = first, .operation = m_operation.id, .kind = Operation::Read, .value = 4096);
        m_buffer = m_pool.lend(first);
        m_operation.buffer = m_buffer;
        LAB_MODEL_MARK(events, clientsActor, ClientRequestSent, Client, "request", .connection = first, .operation = 1,
                       .value = events.name("page-of-client-1.html"));
        LAB_MODEL_MARK(events, actorOf(Processor), CallEntered, AsynchronousOperationProcessor, "wait for sockets",
                       .kind = SystemCall::Epoll, .value = 1);
        LAB_MODEL_MARK(events, actorOf(Processor), CallLeft, AsynchronousOperationProcessor, "wait for sockets",
                       .kind = SystemCall::Epoll, .value = 1);
    }

    const Step& stepOf(std::size_t thread, std::uint8_t at) const {
        using Model = BufferOutlivesOwner;
        static constexpr std::array<Step, 6> dispatcher{{{&Model::canWake, &Model::wake},
                                                         {&Model::canCall, &Model::call},
                                                         {&Model::canPrepare, &Model::prepare},
                                                         {&Model::canInitiate, &Model::initiate},
                                                         {&Model::canFinish, &Model::finish},
                                                         {&Model::canLeave, &Model::leave}}};
        static constexpr std::array<Step, 3> processor{{{&Model::canPerform, &Model::perform},
                                                        {&Model::canMoveRest, &Model::moveRest},
                                                        {&Model::canPush, &Model::push}}};
        static constexpr std::array<Step, 2> timeKeeper{
            {{&Model::canLookAfter, &Model::lookAfter}, {&Model::canClose, &Model::close}}};
        static constexpr std::array<Step, 2> acceptor{
            {{&Model::canAccept, &Model::accept}, {&Model::hasAccepted, nullptr}}};
        switch (thread) {
        case Dispatcher: return dispatcher[at];
        case Processor: return processor[at];
        case TimeKeeper: return timeKeeper[at];
        default: return acceptor[at];
        }
    }

    std::string key() const override {
        const auto& operation = m_operation;
        return keyOf(m_mended, m_open, m_noticed, m_late, m_stale, m_secondOpen, m_lastOperation, m_received,
                     m_pool.key(), static_cast<int>(operation.phase), static_cast<int>(operation.kind), operation.id,
                     operation.buffer.place, operation.buffer.number, operation.moved, operation.cancelled,
                     operation.result);
    }

    std::string outcome() const override {
        if (m_stale) {
            return "Client 1 was sent “" + m_received + "”: the buffer " +
                   (m_pool.owner(m_operation.buffer) == second ? "was lent to #2" : "lay in the pool") + " by then.";
        }
        if (m_noticed) {
            return "#1 was closed too early, but the dispatcher noticed it and went no further.";
        }
        if (m_received == answer) {
            return "Client 1 got its whole answer, and then #1’s own hook closed it.";
        }
        return m_late ? "The cancelled operation came back as a completion, and the hook that was told so closed #1."
                      : "Nothing has used a buffer that was not its own.";
    }

private:
    using Phase = ModelOperation::Phase;
    enum DispatcherAt : std::uint8_t { Asleep, Call, Prepare, Initiate, Finish, Leave };
    enum ProcessorAt : std::uint8_t { Perform, MoveRest, Push };
    enum TimeKeeperAt : std::uint8_t { LookAfter, Close };
    enum AcceptorAt : std::uint8_t { Accept, Accepted };

    Hook hook() const { return m_operation.kind == Operation::Read ? Hook::HandleRead : Hook::HandleWrite; }
    std::string kindWords() const { return std::string(lab::words(m_operation.kind)); }

    // The dispatcher: takes completions, and calls the hooks of the first connection's handler.

    NextStep canWake(std::size_t) const {
        if (m_operation.phase != Phase::Queued) {
            return {false, "sleeps at the completion queue until something is pushed"};
        }
        return {true, "wakes, and takes the completed " + kindWords() + " of #1 from the queue"};
    }

    std::uint8_t wake(std::size_t, ModelEvents& events) {
        LAB_MODEL_MARK(events, actorOf(Dispatcher), CallLeft, CompletionDispatcher, "wait for completion",
                       .kind = SystemCall::QueueWait, .value = 1);
        LAB_MODEL_MARK(events, actorOf(Dispatcher), QueuePopped, CompletionDispatcher, "pop completion",
                       .connection = first, .operation = m_operation.id, .kind = Queue::Completion, .value = 0);
        m_operation.phase = Phase::Dispatched;
        return Call;
    }

    NextStep canCall(std::size_t) const {
        return {true, m_open ? "calls " + std::string(lab::words(hook())) + " of #1’s handler"
                             : "finds #1 closed, drops the completion, and goes back to sleep"};
    }

    std::uint8_t call(std::size_t, ModelEvents& events) {
        if (!m_open) {
            m_noticed = true;
            LAB_MODEL_MARK(events, actorOf(Dispatcher), CallEntered, CompletionDispatcher, "wait for completion",
                           .kind = SystemCall::QueueWait);
            return Asleep;
        }
        LAB_MODEL_MARK(events, actorOf(Dispatcher), HookEntered, CompletionHandler, "completion hook",
                       .connection = first, .operation = m_operation.id, .kind = hook());
        return m_operation.kind == Operation::Read && m_operation.result > 0 ? Prepare : Finish;
    }

    NextStep canPrepare(std::size_t) const {
        return {true, m_open ? "parses the request, and writes the answer into #1’s buffer"
                             : "finds in its hook that #1 was closed, and gives up"};
    }

    std::uint8_t prepare(std::size_t thread, ModelEvents& events) {
        if (!m_open) {
            m_noticed = true;
            return leave(thread, events);
        }
        LAB_MODEL_MARK(events, actorOf(Dispatcher), RequestParsed, HttpHandler, "parse", .connection = first,
                       .kind = Method::Get, .value = m_operation.result);
        LAB_MODEL_MARK(events, actorOf(Dispatcher), ResponseStarted, HttpHandler, "response", .connection = first,
                       .kind = Transfer::Memory, .value = responseValue(200, std::ssize(answer)));
        m_pool.fill(m_buffer, std::string(answer));
        return Initiate;
    }

    NextStep canInitiate(std::size_t) const {
        return {true, m_open ? "looks that #1 is open, and initiates the asynchronous write from its buffer"
                             : "looks, finds #1 closed, and initiates nothing"};
    }

    std::uint8_t initiate(std::size_t thread, ModelEvents& events) {
        if (!m_open) {
            m_noticed = true;
            return leave(thread, events);
        }
        m_operation = {.kind = Operation::Write, .id = ++m_lastOperation, .buffer = m_buffer};
        LAB_MODEL_MARK(events, actorOf(Dispatcher), OperationInitiated, ProactiveInitiator, "async_write",
                       .connection = first, .operation = m_operation.id, .kind = Operation::Write,
                       .value = std::ssize(answer));
        return Leave;
    }

    NextStep canFinish(std::size_t) const {
        return {true, !m_open                  ? "finds in its hook that #1 was closed, and gives up"
                      : m_operation.result < 0 ? "is told that the operation was cancelled: the hook closes #1"
                                               : "sees that the answer has gone: the hook closes #1"};
    }

    /// Where #1 is closed as it ought to be: by its own hook, while no operation can be outstanding.
    std::uint8_t finish(std::size_t thread, ModelEvents& events) {
        if (!m_open) {
            m_noticed = true;
            return leave(thread, events);
        }
        const bool sent = m_operation.result > 0;
        if (sent) {
            LAB_MODEL_MARK(events, actorOf(Dispatcher), ResponseSent, HttpHandler, "response sent", .connection = first,
                           .value = m_operation.result);
        }
        LAB_MODEL_MARK(events, actorOf(Dispatcher), ConnectionClosed, HttpHandler, "close", .connection = first,
                       .kind = sent ? CloseReason::Finished : CloseReason::DeadlineExpired, .value = sent ? 1 : 0);
        giveBack();
        return Leave;
    }

    NextStep canLeave(std::size_t) const {
        return {true, "returns from the hook, and goes to sleep at the completion queue"};
    }

    std::uint8_t leave(std::size_t, ModelEvents& events) {
        LAB_MODEL_MARK(events, actorOf(Dispatcher), HookLeft, CompletionHandler, "completion hook",
                       .connection = first);
        LAB_MODEL_MARK(events, actorOf(Dispatcher), CallEntered, CompletionDispatcher, "wait for completion",
                       .kind = SystemCall::QueueWait);
        return Asleep;
    }

    // The processor: performs the operation that is in the kernel, with the buffer that it was given.

    NextStep canPerform(std::size_t) const {
        if (m_operation.phase != Phase::InKernel) {
            return {false, m_secondOpen ? "has only the read of #2, and client 2 sends nothing"
                                        : "has no operation to perform"};
        }
        if (m_operation.cancelled) {
            return {true, "completes the " + kindWords() + " of #1 as cancelled; it touches no buffer"};
        }
        return {true, m_operation.kind == Operation::Read
                          ? "reads client 1’s request into #1’s buffer"
                          : "moves the first half of the answer from the write’s buffer to client 1"};
    }

    std::uint8_t perform(std::size_t, ModelEvents& events) {
        if (m_operation.cancelled) {
            return complete(-ECANCELED, events);
        }
        if (m_operation.kind == Operation::Read) {
            m_pool.fill(m_operation.buffer, std::string(request));
            return complete(std::ssize(request), events);
        }
        LAB_MODEL_MARK(events, actorOf(Processor), CallPerformed, AsynchronousOperationProcessor, "move octets",
                       .connection = first, .operation = m_operation.id, .kind = SystemCall::Write,
                       .value = static_cast<std::int64_t>(moveOctets(answer.size() / 2)));
        return MoveRest;
    }

    /// The octets come from wherever the loan points to, as from an address.
    std::size_t moveOctets(std::size_t to) {
        const auto octets = to - m_operation.moved;
        m_stale = m_stale || !m_pool.isCurrent(m_operation.buffer);
        m_received += m_pool.contents(m_operation.buffer).substr(m_operation.moved, octets);
        m_operation.moved = to;
        return octets;
    }

    NextStep canMoveRest(std::size_t) const {
        return {true, m_operation.cancelled ? "completes the write of #1 as cancelled; it touches the buffer no more"
                                            : "moves the rest of the answer to client 1, and completes the write"};
    }

    std::uint8_t moveRest(std::size_t, ModelEvents& events) {
        if (m_operation.cancelled) {
            return complete(-ECANCELED, events);
        }
        LAB_MODEL_MARK(events, actorOf(Processor), CallPerformed, AsynchronousOperationProcessor, "move octets",
                       .connection = first, .operation = m_operation.id, .kind = SystemCall::Write,
                       .value = static_cast<std::int64_t>(moveOctets(answer.size())));
        return complete(std::ssize(answer), events);
    }

    std::uint8_t complete(std::int64_t result, ModelEvents& events) {
        m_operation.result = result;
        LAB_MODEL_MARK(events, actorOf(Processor), OperationCompleted, AsynchronousOperationProcessor,
                       "operation completed", .connection = first, .operation = m_operation.id,
                       .kind = m_operation.kind, .value = result);
        return Push;
    }

    NextStep canPush(std::size_t) const {
        return {true, "pushes the completed " + kindWords() + " of #1 into the completion queue"};
    }

    std::uint8_t push(std::size_t, ModelEvents& events) {
        m_operation.phase = Phase::Queued;
        LAB_MODEL_MARK(events, actorOf(Processor), QueuePushed, AsynchronousOperationProcessor, "push completion",
                       .connection = first, .operation = m_operation.id, .kind = Queue::Completion, .value = 1);
        return Perform;
    }

    // The time keeper: ends what takes too long. Here is the fault, and its repair.

    NextStep canLookAfter(std::size_t) const {
        if (!m_open) {
            return {false, "has nothing left to look after: #1 is closed"};
        }
        if (m_mended) {
            const bool canCancel =
                m_operation.phase == Phase::InKernel && !m_operation.cancelled && m_operation.result == 0;
            return {canCancel, canCancel ? "finds #1 late, and asks the processor to cancel its operation"
                                         : "has nothing to cancel: the processor works at no operation of #1"};
        }
        if (m_operation.phase != Phase::Dispatched) {
            return {false, "leaves #1 alone, for an operation of it is outstanding"};
        }
        return {true, "finds #1 late, with no operation outstanding, and makes up its mind to close it"};
    }

    std::uint8_t lookAfter(std::size_t, ModelEvents& events) {
        m_late = true;
        LAB_MODEL_MARK(events, actorOf(TimeKeeper), DeadlineExpired, HttpHandler, "time limit", .connection = first);
        m_operation.cancelled = m_mended;
        return m_mended ? LookAfter : Close;
    }

    NextStep canClose(std::size_t) const {
        if (!m_open) {
            return {false, "has nothing left to look after: #1 is closed"};
        }
        return {true, "closes #1, and gives its buffer back to the pool"};
    }

    std::uint8_t close(std::size_t, ModelEvents& events) {
        LAB_MODEL_MARK(events, actorOf(TimeKeeper), ConnectionClosed, HttpHandler, "close", .connection = first,
                       .kind = CloseReason::DeadlineExpired);
        giveBack();
        return LookAfter;
    }

    void giveBack() {
        m_open = false;
        m_pool.giveBack(m_buffer);
    }

    // The acceptor: whoever comes next gets the buffer that was given back last.

    NextStep canAccept(std::size_t) const {
        return {true, "takes client 2 in as #2, whose handler takes a buffer from the pool"};
    }

    std::uint8_t accept(std::size_t, ModelEvents& events) {
        LAB_MODEL_MARK(events, actorOf(Acceptor), ConnectionAccepted, Acceptor, "accept", .connection = second,
                       .kind = Origin::Traffic, .value = portOf(second));
        m_pool.fill(m_pool.lend(second), std::string(othersText));
        m_secondOpen = true;
        LAB_MODEL_MARK(events, actorOf(Acceptor), OperationInitiated, ProactiveInitiator, "async_read",
                       .connection = second, .operation = ++m_lastOperation, .kind = Operation::Read, .value = 4096);
        return Accepted;
    }

    NextStep hasAccepted(std::size_t) const { return {false, "has taken in everybody who came"}; }

    bool m_mended;
    BufferPool m_pool;
    BufferPool::Loan m_buffer; ///< of the first connection's handler, while it is open
    bool m_open = true;
    bool m_noticed = false; ///< a hook has found its connection closed
    bool m_late = false;    ///< the time keeper has found it late
    bool m_stale = false;   ///< octets came from a buffer that was no longer lent to its owner
    bool m_secondOpen = false;
    std::uint32_t m_lastOperation = 1;
    ModelOperation m_operation;
    std::string m_received; ///< what client 1 was sent
};

} // namespace

Challenge bufferOutlivesOwner() {
    return {
        .id = id,
        .title = "The buffer outlives its owner",
        .story = "The handler of connection #1 owns the buffer of its operations. The dispatcher calls its hooks, and "
                 "the processor moves octets between buffer and socket. A time keeper closes #1 when it is late: it "
                 "looks whether an operation is outstanding, and if not, closes #1 and gives the buffer back. Looking "
                 "and closing are two steps.",
        .task = "Find an order of steps in which the processor moves octets out of #1’s buffer when #1 is closed.",
        .remedy = "In the engine only a connection’s own completion hook closes it. Whoever finds it late cancels its "
                  "operation; the cancelled operation comes back as a completion like any other, and by then nobody "
                  "uses its buffer.",
        .example = "engine/connection/asynchronous_connection.cpp",
        .function = "AsynchronousConnection::lookAtTimeLimit",
        .mending = "Mended, the time keeper closes nothing: it has the operation cancelled, and the hook that is told "
                   "so closes #1.",
        .threads = {threads.begin(), threads.end()},
        .makeModel = [](Variant variant) -> std::unique_ptr<ChallengeModel> {
            return std::make_unique<BufferOutlivesOwner>(variant);
        },
        .makeWatch = []() -> std::unique_ptr<FaultWatch> { return std::make_unique<OrphanedTransferWatch>(); },
    };
}

} // namespace lab
