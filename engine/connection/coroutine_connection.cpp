// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/coroutine_connection.h"

#include "engine/connection/proactive_connection.h"
#include "engine/server/server_context.h"

#include <cerrno>
#include <exception>

namespace lab {

/// The coroutine of a connection; when it has come to its end, the connection goes, and the coroutine with it.
class CoroutineConnection::Story {
public:
    struct promise_type {
        explicit promise_type(CoroutineConnection& owner)
            : connection(owner) {}
        Story get_return_object() { return Story{std::coroutine_handle<promise_type>::from_promise(*this)}; }
        std::suspend_always initial_suspend() noexcept { return {}; }
        auto final_suspend() noexcept {
            struct TheEnd {
                bool await_ready() const noexcept { return false; }
                void await_suspend(std::coroutine_handle<promise_type> story) const noexcept {
                    auto& promise = story.promise();
                    promise.connection.close(promise.reason);
                }
                void await_resume() const noexcept {}
            };
            return TheEnd{};
        }
        void return_value(std::optional<CloseReason> why) { reason = why; }
        void unhandled_exception() noexcept { std::terminate(); }

        CoroutineConnection& connection;
        std::optional<CloseReason> reason;
    };
    std::coroutine_handle<> handle;
};

/// What is awaited: starts an operation when the coroutine has stopped, and is the Completion Handler that lets it go
/// on. Another thread may do so before await_suspend() has returned, so nothing is touched after the start.
class CoroutineConnection::AwaitedOperation final : public CompletionHandler {
public:
    using Start = void (CoroutineConnection::*)(AsynchronousOperation& operation);
    AwaitedOperation(CoroutineConnection& connection, Start start)
        : m_connection(connection)
        , m_start(start) {}

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) {
        m_waiting = waiting;
        m_connection.m_operation.handler = this;
        (m_connection.*m_start)(m_connection.m_operation);
    }
    std::int64_t await_resume() const { return m_connection.m_operation.result; }

    void handleCompletion(AsynchronousOperation&) override {
        m_connection.settle();
        m_waiting.resume();
    }

private:
    CoroutineConnection& m_connection;
    const Start m_start;
    std::coroutine_handle<> m_waiting;
};

CoroutineConnection::~CoroutineConnection() {
    if (m_story) {
        m_story.destroy();
    }
}

void CoroutineConnection::open() {
    m_story = serve().handle;
    m_story.resume();
}

/// The whole life of a connection. Compare ProactiveConnection::proceed() and the hooks around it.
CoroutineConnection::Story CoroutineConnection::serve() {
    auto action = handler().start();
    while (action.next != Action::Next::Close) {
        Outcome outcome;
        switch (action.next) {
        case Action::Next::Receive: outcome = co_await receive(action); break;
        case Action::Next::Send:
            outcome = co_await send();
            if (!outcome.over) {
                action = handler().sent();
            }
            break;
        case Action::Next::FinishSending:
            stream().finishSending();
            action = handler().finishedSending();
            break;
        case Action::Next::Close: break;
        }
        if (outcome.over) {
            co_return outcome.reason;
        }
        if (action.requestDone) {
            requestDone(m_cursor.sent());
            action.requestDone = false;
        }
    }
    co_return std::nullopt;
}

Task<CoroutineConnection::Outcome> CoroutineConnection::receive(Action& action) {
    if (mustLeave(action.deadline)) {
        co_return Outcome{.over = true, .reason = CloseReason::ServerStopping};
    }
    expect(action.deadline);
    const auto octets = co_await AwaitedOperation(*this, &CoroutineConnection::startRead);
    if (octets == -ECANCELED) {
        switch (whyCancelled()) {
        case Cancelled::FromOutside: co_return Outcome{.over = true, .reason = CloseReason::Cancelled};
        case Cancelled::ServerStopping: co_return Outcome{.over = true, .reason = CloseReason::ServerStopping};
        case Cancelled::TimePassed: action = handler().expired(deadline()); break;
        case Cancelled::Mistaken: break; // the same once more
        }
        co_return Outcome{};
    }
    if (octets < 0) {
        co_return Outcome{.over = true, .reason = CloseReason::Reset};
    }
    if (context().refusesMore()) {
        handler().refuseMoreRequests();
    }
    action = handler().received(static_cast<std::size_t>(octets));
    co_return Outcome{.octets = octets};
}

Task<CoroutineConnection::Outcome> CoroutineConnection::send() {
    const auto segments = handler().segments();
    const auto extent = ResponseExtent::of(segments);
    const auto transfer = context().options.transfer;
    m_cursor.begin(segments, id());
    m_octets = extent.octets;
    expect(Deadline::Write);
    if (readsFirst(extent, transfer)) {
        co_return co_await sendPieces();
    }
    co_return co_await write(m_cursor, sendingOperation(extent, transfer), extent.octets);
}

Task<CoroutineConnection::Outcome> CoroutineConnection::sendPieces() {
    m_pieces.begin(m_cursor);
    bool more = true;
    while (more) {
        std::int64_t octets = 0;
        if (context().options.transfer == FileTransfer::ReadWrite) {
            octets = m_pieces.readNow();
        } else {
            octets = co_await AwaitedOperation(*this, &CoroutineConnection::startFileRead);
        }
        if (octets == -ECANCELED && whyCancelled() == Cancelled::Mistaken) {
            continue;
        }
        if (octets <= 0) { // an error, or the file has become shorter
            co_return octets == -ECANCELED ? failed(octets) : Outcome{.over = true, .reason = CloseReason::Failed};
        }
        if (wasCancelled()) { // the read of the file could not be given up any more
            co_return Outcome{.over = true, .reason = CloseReason::Cancelled};
        }
        auto& part = m_pieces.read(octets);
        const auto written = co_await write(part, Operation::Write, m_pieces.octetsToWrite());
        if (written.over) {
            co_return written;
        }
        more = m_pieces.written();
    }
    m_pieces.end();
    if (m_cursor.done()) {
        co_return Outcome{};
    }
    co_return co_await write(m_cursor, Operation::Write, 0); // memory behind the last file
}

Task<CoroutineConnection::Outcome> CoroutineConnection::write(SendCursor& cursor, Operation kind, std::int64_t octets) {
    m_sending = &cursor;
    m_sendingKind = kind;
    m_sendingOctets = octets;
    while (true) {
        const auto result = co_await AwaitedOperation(*this, &CoroutineConnection::startWrite);
        if (result >= 0) {
            co_return Outcome{.octets = result};
        }
        if (result != -ECANCELED || whyCancelled() != Cancelled::Mistaken) {
            co_return failed(result);
        }
    }
}

CoroutineConnection::Outcome CoroutineConnection::failed(std::int64_t result) const {
    const auto reason = wasCancelled()                        ? CloseReason::Cancelled
                        : result == -ECANCELED                ? CloseReason::DeadlineExpired
                        : result == -EIO || result == -EFAULT ? CloseReason::Failed
                                                              : CloseReason::Reset;
    return {.octets = result, .over = true, .reason = reason};
}

void CoroutineConnection::startRead(AsynchronousOperation& operation) {
    const auto buffer = handler().receiveBuffer();
    initiate(operation, Operation::Read, static_cast<std::int64_t>(buffer.size()));
    stream().read(operation, buffer);
}

void CoroutineConnection::startFileRead(AsynchronousOperation& operation) {
    const auto piece = m_pieces.piece();
    initiate(operation, Operation::FileRead, piece.length, m_octets - m_cursor.sent());
    stream().readFile(operation, piece, m_pieces.buffer());
}

void CoroutineConnection::startWrite(AsynchronousOperation& operation) {
    const auto behind = m_sending == &m_cursor ? 0 : m_octets - m_cursor.sent() - m_sendingOctets;
    initiate(operation, m_sendingKind, m_sendingOctets, behind);
    stream().send(operation, *m_sending, context().options.transfer);
}

} // namespace lab
