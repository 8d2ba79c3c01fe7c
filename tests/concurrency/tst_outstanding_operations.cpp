// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model.h"
#include "engine/dispatch/operation_line.h"
#include "engine/dispatch/processor_list.h"
#include "engine/server/server_setting.h"
#include "engine/state/lab_state.h"
#include "tests/concurrency/traced_server.h"
#include "tests/contract/raw_client.h"

#include <QTest>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <list>
#include <map>
#include <optional>

namespace lab::test {

namespace {

constexpr std::string_view hugeRequest = "GET /huge.bin HTTP/1.1\r\nHost: lab.test\r\n\r\n";
constexpr std::string_view largeRequest = "GET /5m.bin HTTP/1.1\r\nHost: lab.test\r\nConnection: close\r\n\r\n";
constexpr std::string_view lastRequest = "GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\nConnection: close\r\n\r\n";
constexpr std::size_t moreThanBuffersHold = 40 * 1024 * 1024;
constexpr int smallBuffer = 64 * 1024;
constexpr int longTime = 60'000; // ms

/// Every proactive model with every processor that can run here, and every way in which that sends files.
std::vector<std::pair<std::string, ServerOptions>> proactiveServers() {
    std::vector<std::pair<std::string, ServerOptions>> all;
    for (const auto& model : models()) {
        for (const auto& processor : processors()) {
            const bool runs = processor.whyUnavailable().empty();
            for (const auto transfer : processor.transfers) {
                auto options = optionsOf(std::string(model.id), 2);
                options.processor = processor.kind;
                options.transfer = transfer;
                options.drainLimit = std::chrono::milliseconds(200);
                if (model.family == Family::Proactive && runs) {
                    all.emplace_back(options.model + ", " + std::string(processor.id) + ", " +
                                         findServerSetting("transfer")->text(options),
                                     options);
                }
            }
        }
    }
    return all;
}

enum class Transfers : std::uint8_t { All, Suited };

void addRows(Transfers wanted) {
    QTest::addColumn<int>("server");
    int index = 0;
    for (const auto& [name, options] : proactiveServers()) {
        if (wanted == Transfers::All || options.transfer == findProcessor(options.processor).transfers.front()) {
            QTest::newRow(name.c_str()) << index;
        }
        ++index;
    }
}

ServerOptions optionsOfRow() {
    QFETCH(const int, server);
    return proactiveServers()[static_cast<std::size_t>(server)].second;
}

bool isSending(const Event& event) {
    return event.type() == EventType::OperationInitiated &&
           (event.kindAs<Operation>() == Operation::Write || event.kindAs<Operation>() == Operation::Transmit);
}

/// The connection to which the first answer is sent; 0: none yet.
std::uint32_t connectionBeingSentTo(TracedServer& traced) {
    const auto all = traced.events();
    const auto found = std::find_if(all.begin(), all.end(), isSending);
    return found == all.end() ? 0 : found->connection;
}

std::optional<Event> find(TracedServer& traced, EventType type, std::uint32_t connection) {
    const auto all = traced.events();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Event& event) {
        return event.type() == type && event.connection == connection;
    });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

std::size_t countOf(TracedServer& traced, EventType type, std::uint32_t operation) {
    return traced.count([&](const Event& event) { return event.type() == type && event.operation == operation; });
}

/// Once; but between two operations of a connection there is a moment when none is outstanding.
bool cancelSoon(TracedServer& traced, std::uint32_t connection, std::uint32_t operation = 0) {
    bool done = false;
    return QTest::qWaitFor(
        [&] { return done = done || traced.server().cancelOperation(connection, operation).has_value(); }, longTime);
}

void serveAnother(TracedServer& traced) {
    RawClient other(traced.port());
    other.send(lastRequest);
    QCOMPARE(other.readToEnd(), RawClient::Ending::Closed);
    QVERIFY(other.received().starts_with("HTTP/1.1 200"));
}

} // namespace

/// If these fail, an operation that somebody has cancelled goes on, takes others with it, or is told of twice; or what
/// waits in a queue is taken in another order than the server was told.
class TestOutstandingOperations : public QObject {
    Q_OBJECT

private slots:
    void aCancelledTransmitEndsItsConnectionOnly_data() { addRows(Transfers::All); }
    void aCancelledTransmitEndsItsConnectionOnly();
    void whoWaitsForItsTurnCanBeCancelled_data() { addRows(Transfers::Suited); }
    void whoWaitsForItsTurnCanBeCancelled();
    void anIdleReadCanBeCancelled();
    void whatCannotBeCancelledIsToldWhy();
    void takesTheShortestJobFirst_data();
    void takesTheShortestJobFirst();
    void urgentRequestsGoFirst();
    void withoutACorkTellsWhatIsHeldBack_data() { addRows(Transfers::All); }
    void withoutACorkTellsWhatIsHeldBack();
};

void TestOutstandingOperations::aCancelledTransmitEndsItsConnectionOnly() {
    TracedServer traced(optionsOfRow());
    traced.tree().write("huge.bin", std::string(moreThanBuffersHold, 'x'));
    RawClient stalled(traced.port(), smallBuffer);
    stalled.send(hugeRequest);
    QTRY_VERIFY_WITH_TIMEOUT(connectionBeingSentTo(traced) != 0, longTime);
    const auto connection = connectionBeingSentTo(traced);
    RawClient going(traced.port(), smallBuffer); // another one whose answer is under way
    going.send(largeRequest);

    QVERIFY(cancelSoon(traced, connection));
    QTRY_VERIFY_WITH_TIMEOUT(find(traced, EventType::ConnectionClosed, connection).has_value(), longTime);
    QCOMPARE(find(traced, EventType::ConnectionClosed, connection)->kindAs<CloseReason>(), CloseReason::Cancelled);

    const auto asked = find(traced, EventType::CancelRequested, connection);
    QVERIFY(asked.has_value());
    const auto all = traced.events();
    const auto cancelled = std::count_if(all.begin(), all.end(), [&](const Event& event) {
        return event.type() == EventType::OperationCompleted && event.connection == connection &&
               event.value() == -ECANCELED;
    });
    QVERIFY(cancelled <= 1); // none where a read of the file was under way, which went on to its end
    QCOMPARE(countOf(traced, EventType::OperationCompleted, asked->operation), std::size_t{1});
    QCOMPARE(countOf(traced, EventType::HookEntered, asked->operation), std::size_t{1});

    QCOMPARE(going.readToEnd(), RawClient::Ending::Closed);
    QVERIFY(going.received().size() > 5'000'000);
    serveAnother(traced);
    QVERIFY(stalled.readToEnd() != RawClient::Ending::TimedOut);
    QVERIFY(stalled.received().size() < moreThanBuffersHold);
    LabState state;
    for (const auto& event : traced.events()) {
        state.apply(event);
    }
    QVERIFY(state.totals.cancelRequests >= 1);
    QVERIFY(!state.connections.contains(connection));
}

void TestOutstandingOperations::whoWaitsForItsTurnCanBeCancelled() {
    auto options = optionsOfRow();
    options.transmitsAtOnce = 1;
    TracedServer traced(options);
    traced.tree().write("huge.bin", std::string(moreThanBuffersHold, 'x'));
    RawClient first(traced.port(), smallBuffer);
    first.send(hugeRequest);
    QTRY_VERIFY_WITH_TIMEOUT(connectionBeingSentTo(traced) != 0, longTime);
    RawClient second(traced.port(), smallBuffer);
    second.send(hugeRequest);
    const auto isWaiting = [](const Event& event) {
        return event.type() == EventType::QueuePushed && event.kindAs<Queue>() == Queue::Transmit;
    };
    const auto sendsTo = connectionBeingSentTo(traced);
    const auto waitsAt = [&] {
        const auto all = traced.events();
        const auto found = std::find_if(all.begin(), all.end(), [&](const Event& event) {
            return isWaiting(event) && event.connection != sendsTo;
        });
        return found == all.end() ? 0U : found->connection;
    };
    QTRY_VERIFY_WITH_TIMEOUT(waitsAt() != 0, longTime);
    const auto connection = waitsAt();
    QVERIFY(cancelSoon(traced, connection));
    QTRY_VERIFY_WITH_TIMEOUT(find(traced, EventType::ConnectionClosed, connection).has_value(), longTime);
    QCOMPARE(find(traced, EventType::ConnectionClosed, connection)->kindAs<CloseReason>(), CloseReason::Cancelled);
    serveAnother(traced); // although the first one's peer still takes nothing
    QVERIFY(!find(traced, EventType::ConnectionClosed, sendsTo).has_value());
}

void TestOutstandingOperations::anIdleReadCanBeCancelled() {
    TracedServer traced(optionsOf("proactor", 1));
    RawClient silent(traced.port());
    const auto read = [&] { return find(traced, EventType::OperationInitiated, 1); };
    QTRY_VERIFY_WITH_TIMEOUT(read().has_value(), longTime);
    QVERIFY(cancelSoon(traced, 1, read()->operation));
    QCOMPARE(silent.readToEnd(), RawClient::Ending::Closed);
    QTRY_VERIFY_WITH_TIMEOUT(find(traced, EventType::ConnectionClosed, 1).has_value(), longTime);
    QCOMPARE(find(traced, EventType::ConnectionClosed, 1)->kindAs<CloseReason>(), CloseReason::Cancelled);
}

void TestOutstandingOperations::whatCannotBeCancelledIsToldWhy() {
    const auto messageOf = [](const Result<void>& result) {
        return result ? QString() : QString::fromStdString(result.error().message);
    };
    TracedServer proactive(optionsOf("proactor", 1));
    QVERIFY(messageOf(proactive.server().cancelOperation(17)).contains("no connection 17"));
    RawClient silent(proactive.port());
    QTRY_VERIFY_WITH_TIMEOUT(find(proactive, EventType::OperationInitiated, 1).has_value(), longTime);
    QVERIFY(messageOf(proactive.server().cancelOperation(1, 4711)).contains("no longer outstanding"));
    proactive.server().stop();
    QVERIFY(messageOf(proactive.server().cancelOperation(1)).contains("has ended"));
    for (const auto* model : {"thread-pool", "reactor"}) {
        TracedServer other(optionsOf(model, 1));
        QVERIFY(messageOf(other.server().cancelOperation(1)).contains("proactive"));
    }
}

void TestOutstandingOperations::takesTheShortestJobFirst_data() {
    QTest::addColumn<int>("server");
    int index = 0;
    for (const auto& [name, options] : proactiveServers()) {
        // With several threads the events race with what they tell of.
        if (options.model != "proactor-pool" &&
            options.transfer == findProcessor(options.processor).transfers.front()) {
            QTest::newRow(name.c_str()) << index;
        }
        ++index;
    }
}

/// Of all that wait whenever one is taken, none has less left, unless somebody had been overtaken often enough.
void TestOutstandingOperations::takesTheShortestJobFirst() {
    auto options = optionsOfRow();
    options.order = ServiceOrder::ShortestJobFirst;
    options.transmitsAtOnce = 1;
    TracedServer traced(options);
    traced.tree().write("middle.bin", std::string(500'000, 'x'));
    std::list<RawClient> clients;
    for (int count = 0; count < 6; ++count) {
        const auto request = count % 2 == 0 ? std::string(largeRequest)
                                            : "GET /middle.bin HTTP/1.1\r\nHost: lab.test\r\nConnection: close\r\n\r\n";
        clients.emplace_back(traced.port(), smallBuffer).send(request);
    }
    for (auto& client : clients) {
        QCOMPARE(client.readToEnd(), RawClient::Ending::Closed);
        QVERIFY(client.received().size() > 500'000);
    }
    LabState state;
    std::map<std::uint32_t, std::uint32_t> overtakings; ///< since the operation was queued
    for (const auto& event : traced.events()) {
        if (event.type() == EventType::QueuePushed) {
            overtakings[event.operation] = 0;
        }
        if (event.type() == EventType::QueuePopped) {
            const auto& queue = event.kindAs<Queue>() == Queue::Transmit ? state.transmitQueue : state.completionQueue;
            const auto* taken = state.operations.get(event.operation);
            QVERIFY(taken != nullptr);
            QCOMPARE(taken->rankedBy, Rank::OctetsLeft);
            bool isBefore = true;
            for (const auto waiting : queue.items) {
                isBefore = isBefore && waiting != event.operation;
                overtakings[waiting] += isBefore ? 1 : 0;
                const auto* other = state.operations.get(waiting);
                QVERIFY(other == nullptr || other->rank >= taken->rank ||
                        overtakings[event.operation] >= OperationLine::mostOvertakings);
            }
        }
        state.apply(event);
    }
    QVERIFY(state.transmitQueue.pushed > 0);
    QCOMPARE(state.transmitQueue.pushed, state.transmitQueue.popped);
    QCOMPARE(state.totals.requests, std::uint64_t{6});
}

/// Once an answer, where head and file are sent apart; with MSG_MORE never.
void TestOutstandingOperations::withoutACorkTellsWhatIsHeldBack() {
    auto options = optionsOfRow();
    options.files.policy = CacheKind::None;
    for (const auto cork : {Cork::MsgMore, Cork::None}) {
        options.cork = cork;
        TracedServer traced(options);
        RawClient client(traced.port());
        client.send("GET /5k.bin HTTP/1.1\r\nHost: lab.test\r\n\r\n"
                    "GET /5k.bin HTTP/1.1\r\nHost: lab.test\r\nConnection: close\r\n\r\n");
        QCOMPARE(client.readToEnd(), RawClient::Ending::Closed);
        QVERIFY(client.received().size() > 10'000);
        const bool apart = cork == Cork::None && options.transfer == FileTransfer::TransmitFile;
        QCOMPARE(traced.count([](const Event& event) { return event.type() == EventType::OctetsHeldBack; }),
                 std::size_t{apart ? 2U : 0U});
    }
}

void TestOutstandingOperations::urgentRequestsGoFirst() {
    auto options = optionsOf("proactor", 1);
    options.order = ServiceOrder::Priority;
    TracedServer traced(options);
    std::filesystem::create_directory(traced.tree().root() + "/urgent");
    traced.tree().write("urgent/note.txt", "soon");
    RawClient client(traced.port());
    client.send("GET /urgent/note.txt HTTP/1.1\r\nHost: lab.test\r\nConnection: close\r\n\r\n");
    QCOMPARE(client.readToEnd(), RawClient::Ending::Closed);
    QVERIFY(client.received().starts_with("HTTP/1.1 200"));
    std::optional<std::int64_t> ofWrite;
    std::optional<std::int64_t> ofAccept;
    std::optional<std::int64_t> ofFirstRead;
    LabState state;
    for (const auto& event : traced.events()) {
        state.apply(event);
        if (event.type() == EventType::OperationRanked) {
            QCOMPARE(event.kindAs<Rank>(), Rank::Priority);
            const auto kind = state.operations.get(event.operation)->kind;
            if (kind == Operation::Accept) {
                ofAccept = event.value();
            } else if (kind == Operation::Read && !ofFirstRead) {
                ofFirstRead = event.value();
            } else if (kind == Operation::Write || kind == Operation::Transmit) {
                ofWrite = event.value();
            }
        }
    }
    QCOMPARE(ofAccept, std::optional<std::int64_t>(0));
    QCOMPARE(ofFirstRead, std::optional<std::int64_t>(2)); // nobody knows yet what is asked for
    QCOMPARE(ofWrite, std::optional<std::int64_t>(1));
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestOutstandingOperations)
#include "tst_outstanding_operations.moc"
