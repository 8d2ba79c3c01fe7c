// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/adaptive_connection.h"

#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <memory>
#include <poll.h>

namespace lab {

namespace {

/// The call "send this answer", made an object.
class SendAnswer final : public MethodObject {
public:
    SendAnswer(AdaptiveConnection& connection, std::uint32_t operation)
        : MethodObject(connection.id(), operation)
        , m_connection(connection) {}

    void call() override { m_connection.workOff(); }

private:
    AdaptiveConnection& m_connection;
};

/// For a thread's calls: a socket does not block meanwhile, so that they can be given up.
class WithoutBlocking {
public:
    explicit WithoutBlocking(int socket)
        : m_socket(socket)
        , m_former(::fcntl(socket, F_GETFL)) {
        if ((m_former & O_NONBLOCK) == 0) {
            ::fcntl(m_socket, F_SETFL, m_former | O_NONBLOCK);
        }
    }
    ~WithoutBlocking() {
        if ((m_former & O_NONBLOCK) == 0) {
            ::fcntl(m_socket, F_SETFL, m_former);
        }
    }
    WithoutBlocking(const WithoutBlocking&) = delete;
    WithoutBlocking& operator=(const WithoutBlocking&) = delete;

private:
    const int m_socket;
    const int m_former;
};

} // namespace

AdaptiveConnection::AdaptiveConnection(ServerContext& context, AdaptiveLayers& layers, ProactiveConnections& all,
                                       AcceptedConnection connection, AsynchronousOperationProcessor& processor)
    : ProactiveConnection(context, all, std::move(connection), processor)
    , m_layers(layers)
    , m_processor(processor)
    , m_sender(stream().descriptor(), context.options, id())
    , m_way(layers.way) {}

void AdaptiveConnection::handleCompletion(AsynchronousOperation& operation) {
    if (operation.kind == Operation::Read) {
        m_way = m_layers.way;
        handler().use(m_way.transfer);
    } else if (operation.result > 0 && operation.kind != Operation::FileRead) {
        m_layers.load.octets += operation.result;
        m_layers.load.largeOctets += m_isLarge ? operation.result : 0;
    }
    if (m_isAtPool) {
        m_isAtPool = false;
        if (operation.result < 0) {
            settle();
            close(m_failure);
            return;
        }
    }
    ProactiveConnection::handleCompletion(operation);
}

/// Of the processor.
FileTransfer AdaptiveConnection::transfer() { return m_way.byPool ? context().options.transfer : m_way.transfer; }

bool AdaptiveConnection::leavesToOthers(const ResponseExtent& extent) {
    ++m_layers.load.answers;
    m_isLarge = extent.withFile;
    if (!m_isLarge || !m_way.byPool || !m_layers.answers.hasRoom()) {
        return false;
    }
    m_isAtPool = true;
    m_sender.use(m_way.transfer);
    initiate(operation(), Operation::Transmit, extent.octets); // before the push: a thread may have it from then on
    if (!m_layers.answers.tryPush(std::make_unique<SendAnswer>(*this, operation().id))) {
        m_failure = CloseReason::ServerStopping;
        m_processor.performedByThread(operation(), -ECANCELED);
    }
    return true;
}

void AdaptiveConnection::workOff() {
    auto& processor = m_processor;
    std::int64_t result = 0;
    {
        const WithoutBlocking meanwhile(stream().descriptor());
        result = sendBlocking();
    }
    processor.performedByThread(operation(), result);
}

std::int64_t AdaptiveConnection::sendBlocking() {
    const auto patience = std::chrono::nanoseconds(context().options.limits.write).count();
    m_sender.begin(handler().segments());
    while (!m_sender.done()) {
        if (m_sender.prepare() <= 0) {
            m_failure = CloseReason::Failed;
            return -EIO;
        }
        const auto call = m_sender.nextCall();
        LAB_MARK(CallEntered, HttpHandler, "write", .connection = id(), .kind = call);
        const auto octets = sendStep(context().gate.now() + patience);
        LAB_MARK(CallLeft, HttpHandler, "write", .connection = id(), .kind = call, .value = octets);
        if (octets <= 0) {
            return octets == 0 ? -EIO : octets;
        }
    }
    m_sender.finish();
    return m_sender.sent();
}

/// The socket itself does not block: so the thread waits until it takes something, and looks at who wants it to stop.
std::int64_t AdaptiveConnection::sendStep(std::int64_t until) {
    while (true) {
        if (context().stopping() || wasCancelled()) {
            m_failure = wasCancelled() ? CloseReason::Cancelled : CloseReason::ServerStopping;
            return -ECANCELED;
        }
        const auto octets = m_sender.step();
        m_failure = octets == 0 ? CloseReason::Failed : CloseReason::Reset;
        if (octets != -EAGAIN) {
            return octets;
        }
        if (context().gate.now() >= until) {
            LAB_MARK(DeadlineExpired, HttpHandler, "time limit", .connection = id(), .kind = Deadline::Write);
            m_failure = CloseReason::DeadlineExpired;
            return -ETIMEDOUT;
        }
        constexpr int betweenLooks = 250; // ms
        pollfd writable{.fd = stream().descriptor(), .events = POLLOUT, .revents = 0};
        ::poll(&writable, 1, betweenLooks);
    }
}

} // namespace lab
