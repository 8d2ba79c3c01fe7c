// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/event_loops.h"
#include "engine/concurrency/proactive_parts.h"
#include "engine/connection/adaptive_connection.h"
#include "engine/dispatch/completion_dispatcher.h"
#include "engine/dispatch/processor_list.h"
#include "engine/filesystem/cached_filesystem.h"
#include "engine/protocol/pipeline.h"
#include "engine/server/listening_socket.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"
#include "tests/contract/document_tree.h"
#include "tests/contract/raw_client.h"
#include "tests/process/process_watch.h"

#include <QTest>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lab::test {

namespace {

using std::chrono_literals::operator""ms;

constexpr std::size_t hugeOctets = 20'000'000;
constexpr int smallBuffer = 4'096;
constexpr std::string_view askHuge = "GET /huge.bin HTTP/1.1\r\nHost: lab.test\r\n\r\n";

/// A dispatcher, and a pool that sends every large file: what the adaptive model is while it has decided so.
class PoolServer {
public:
    /// `bound` of the queue to the pool.
    PoolServer(ProcessorKind processor, FileTransfer transfer, std::size_t bound)
        : m_options(optionsWith(processor, m_tree.root()))
        , m_listening(std::move(ListeningSocket::open("127.0.0.1", 0, 64).value()))
        , m_files(std::move(CachedFilesystem::open(m_options.root, &m_recording, m_options.files).value()))
        , m_answers(Queue::Ready, bound, m_trace.gate())
        , m_layers{m_answers, {true, transfer}, {}} {
        m_tree.write("huge.bin", std::string(hugeOctets, 'x'));
        m_parts = std::move(
            ProactiveParts::create(m_context, true,
                                   [this](ServerContext& context, ProactiveConnections& all,
                                          AcceptedConnection connection, AsynchronousOperationProcessor& performer) {
                                       return std::make_unique<AdaptiveConnection>(context, m_layers, all,
                                                                                   std::move(connection), performer);
                                   })
                .value());
        startThreads(m_context, "pool", [this](std::size_t) {
            while (auto answer = m_answers.pop()) {
                answer->call();
            }
        }).value();
        m_threads.start("dispatcher", [this] { dispatch(); }).value();
    }

    ~PoolServer() {
        m_context.state.store(ServerState::Stopping);
        m_answers.close();
        m_parts->wake();
        m_threads.join();
        m_parts.reset();
    }

    std::uint16_t port() const { return m_listening.port; }

    Result<void> cancel(std::uint32_t connection, std::uint32_t operation) {
        return m_parts->connections.cancel(connection, operation);
    }

    std::vector<Event> events(const std::function<bool(const Event&)>& matches) {
        m_trace.flush();
        const auto view = m_recording.view();
        std::vector<Event> events;
        for (auto index = view.first(); index < view.end(); ++index) {
            if (matches(view[index])) {
                events.push_back(view[index]);
            }
        }
        return events;
    }

    /// Operations that were left to the pool.
    std::vector<Event> left() {
        return events([](const Event& event) {
            return event.type() == EventType::QueuePushed && event.kindAs<Queue>() == Queue::Ready;
        });
    }
    /// Those of them that a thread has begun with.
    std::size_t taken() {
        return events([](const Event& event) {
                   return event.type() == EventType::QueuePopped && event.kindAs<Queue>() == Queue::Ready;
               })
            .size();
    }

    /// Why the connection was closed, once it was.
    CloseReason whyClosed(std::uint32_t connection) {
        auto reason = CloseReason::Count;
        eventually([&] {
            const auto closed = events([&](const Event& event) {
                return event.type() == EventType::ConnectionClosed && event.connection == connection;
            });
            reason = closed.empty() ? CloseReason::Count : closed.front().kindAs<CloseReason>();
            return !closed.empty();
        });
        return reason;
    }

    std::string threadOf(const Event& event) { return m_trace.threadName(event.actor); }

private:
    static ServerOptions optionsWith(ProcessorKind processor, const std::string& root) {
        ServerOptions options;
        options.model = "adaptive";
        options.root = root;
        options.threads = 1;
        options.processor = processor;
        options.transfer = findProcessor(processor).transfers.front();
        options.limits.write = 600ms;
        return options;
    }

    void dispatch() {
        m_parts->acceptor.start();
        while (!m_context.stopping()) {
            while (auto* operation = m_parts->queue.tryPop()) {
                dispatchCompletion(*operation);
            }
            m_parts->processor->perform(SystemCall::QueueWait);
        }
    }

    DocumentTree m_tree;
    const ServerOptions m_options;
    Recording m_recording;
    Trace m_trace{m_recording};
    ListeningSocket m_listening;
    std::unique_ptr<CachedFilesystem> m_files;
    ThreadGroup m_threads{&m_trace};
    PipelineSlot m_pipeline;
    ServerContext m_context{.options = m_options,
                            .listeningSocket = m_listening.descriptor.get(),
                            .trace = &m_trace,
                            .gate = m_trace.gate(),
                            .files = *m_files,
                            .threads = m_threads,
                            .pipeline = m_pipeline};
    ActivationQueue m_answers;
    AdaptiveLayers m_layers;
    std::unique_ptr<ProactiveParts> m_parts;
};

bool isWhole(const std::string& received) {
    const auto header = received.find("\r\n\r\n");
    return header != std::string::npos && received.size() == header + 4 + hugeOctets;
}

bool isAnswered(RawClient& client) {
    client.forget();
    client.send(askHuge);
    return client.readUntil(isWhole) == RawClient::Ending::Enough &&
           std::count(client.received().begin(), client.received().end(), 'x') >= static_cast<long>(hugeOctets);
}

/// Asks, and takes only the beginning.
void askAndStall(RawClient& client) {
    client.send(askHuge);
    client.readUntil([](const std::string& received) { return received.size() > 1'000; });
}

void addProcessors() {
    QTest::addColumn<int>("processor");
    QTest::addColumn<int>("transfer");
    for (const auto& processor : processors()) {
        for (const auto transfer : {FileTransfer::Sendfile, FileTransfer::MmapWritev}) {
            if (processor.whyUnavailable().empty()) {
                const auto name =
                    std::string(processor.id) + (transfer == FileTransfer::Sendfile ? ", sendfile" : ", mmap");
                QTest::newRow(name.c_str()) << static_cast<int>(processor.kind) << static_cast<int>(transfer);
            }
        }
    }
}

std::unique_ptr<PoolServer> serverOfRow(std::size_t bound = 8) {
    QFETCH(const int, processor);
    QFETCH(const int, transfer);
    return std::make_unique<PoolServer>(static_cast<ProcessorKind>(processor), static_cast<FileTransfer>(transfer),
                                        bound);
}

} // namespace

/// If these fail, an answer that a thread sends in the processor's stead is not what an operation has to be: whole,
/// limited in time, to be cancelled, and nobody's trouble but its own.
class TestAdaptiveConnection : public QObject {
    Q_OBJECT

private slots:
    void thePoolSendsAndCompletes_data() { addProcessors(); }
    void thePoolSendsAndCompletes();
    void whoTakesNothingLosesItsTime_data() { addProcessors(); }
    void whoTakesNothingLosesItsTime();
    void itCanBeCancelled_data() { addProcessors(); }
    void itCanBeCancelled();
    void whoResetsHarmsNobody_data() { addProcessors(); }
    void whoResetsHarmsNobody();
    void aFullQueueLeavesItToTheProcessor_data() { addProcessors(); }
    void aFullQueueLeavesItToTheProcessor();
    void aStopCutsItOff_data() { addProcessors(); }
    void aStopCutsItOff();
};

/// And the connection goes on: read by the processor as before.
void TestAdaptiveConnection::thePoolSendsAndCompletes() {
    const auto server = serverOfRow();
    RawClient client(server->port());
    QVERIFY(isAnswered(client));
    QVERIFY(isAnswered(client));
    const auto left = server->left();
    QCOMPARE(left.size(), std::size_t{2});
    const auto completed = server->events([&](const Event& event) {
        return event.type() == EventType::OperationCompleted && event.operation == left[1].operation;
    });
    QCOMPARE(completed.size(), std::size_t{1});
    QCOMPARE(server->threadOf(completed[0]), std::string("pool-1"));
    QVERIFY(completed[0].value() > static_cast<std::int64_t>(hugeOctets));
    QCOMPARE(server->threadOf(left[1]), std::string("dispatcher"));
}

void TestAdaptiveConnection::whoTakesNothingLosesItsTime() {
    const auto server = serverOfRow();
    RawClient stalled(server->port(), smallBuffer);
    askAndStall(stalled);
    QCOMPARE(server->left().size(), std::size_t{1});
    QCOMPARE(server->whyClosed(server->left()[0].connection), CloseReason::DeadlineExpired);
    RawClient client(server->port());
    QVERIFY(isAnswered(client));
}

void TestAdaptiveConnection::itCanBeCancelled() {
    const auto server = serverOfRow();
    RawClient stalled(server->port(), smallBuffer);
    askAndStall(stalled);
    const auto left = server->left();
    QCOMPARE(left.size(), std::size_t{1});
    QVERIFY(server->cancel(left[0].connection, left[0].operation));
    QCOMPARE(server->whyClosed(left[0].connection), CloseReason::Cancelled);
    RawClient client(server->port());
    QVERIFY(isAnswered(client));
}

void TestAdaptiveConnection::whoResetsHarmsNobody() {
    const auto server = serverOfRow();
    RawClient stalled(server->port(), smallBuffer);
    askAndStall(stalled);
    const auto left = server->left();
    QCOMPARE(left.size(), std::size_t{1});
    stalled.reset();
    QCOMPARE(server->whyClosed(left[0].connection), CloseReason::Reset);
    RawClient client(server->port());
    QVERIFY(isAnswered(client));
}

/// The only thread is at one answer, another waits for it: the third goes as ever.
void TestAdaptiveConnection::aFullQueueLeavesItToTheProcessor() {
    const auto server = serverOfRow(1);
    RawClient first(server->port(), smallBuffer);
    askAndStall(first);
    QVERIFY(eventually([&] { return server->taken() == 1; }));
    RawClient second(server->port(), smallBuffer);
    second.send(askHuge);
    QVERIFY(eventually([&] { return server->left().size() == 2; }));
    RawClient third(server->port());
    QVERIFY(isAnswered(third));
    QCOMPARE(server->left().size(), std::size_t{2});
}

void TestAdaptiveConnection::aStopCutsItOff() {
    auto server = serverOfRow();
    RawClient stalled(server->port(), smallBuffer);
    askAndStall(stalled);
    QCOMPARE(server->left().size(), std::size_t{1});
    server.reset();
    QVERIFY(stalled.readToEnd() != RawClient::Ending::TimedOut);
    QVERIFY(!isWhole(stalled.received()));
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestAdaptiveConnection)
#include "tst_adaptive_connection.moc"
