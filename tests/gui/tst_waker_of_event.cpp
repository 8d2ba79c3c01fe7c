// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/waker_of_event.h"
#include "engine/concurrency/model.h"
#include "tests/gui/real_recording.h"
#include "tests/gui/sample_recording.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace lab;
using namespace lab::test;

namespace {

/// Everything that the recording says of its connections, by looking at every event.
struct Facts {
    std::map<std::uint32_t, std::uint16_t> portOf;                 ///< by connection
    std::map<std::uint16_t, std::vector<std::uint32_t>> clientsAt; ///< by port
    std::map<std::uint32_t, std::uint32_t> clientOf;               ///< by connection
};

Facts factsOf(const RecordingView& view) {
    Facts facts;
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto& event = view[index];
        if (event.type() == EventType::ConnectionAccepted) {
            facts.portOf[event.connection] = static_cast<std::uint16_t>(event.value());
        } else if (event.type() == EventType::ClientConnecting) {
            facts.clientsAt[static_cast<std::uint16_t>(event.value())].push_back(event.connection);
        }
    }
    for (const auto& [connection, port] : facts.portOf) {
        if (facts.clientsAt[port].size() == 1) {
            facts.clientOf[connection] = facts.clientsAt[port].front();
        }
    }
    return facts;
}

std::size_t nextOf(const RecordingView& view, std::size_t index) {
    const auto actor = view[index].actor;
    do {
        ++index;
    } while (index < view.end() && view[index].actor != actor);
    return index;
}

} // namespace

/// A waker that is not the cause, or a cause that is not found.
class TestWakerOfEvent : public QObject {
    Q_OBJECT

private slots:
    void whoTakesAnItemWasWokenByItsPush();
    void whoAcceptsWasWokenByThatClient_data() { addModelRows(); }
    void whoAcceptsWasWokenByThatClient();
    void whoReadsWasWokenByItsOwnClient_data() { addModelRows(); }
    void whoReadsWasWokenByItsOwnClient();
    void mostWaitsHaveAWaker_data() { addModelRows(); }
    void mostWaitsHaveAWaker();
    void theNewThreadWasHandedTheConnection();
    void anotherThreadsPushIsNotTheWaker();
    void aPieceOfATransferIsNobodys_data();
    void aPieceOfATransferIsNobodys();
    void aClientFromOutsideIsNobody();
};

void TestWakerOfEvent::whoTakesAnItemWasWokenByItsPush() {
    const auto recording = realRecording("proactor-pool");
    const auto view = recording->view();
    const WakerOfEvent wakers(view);
    std::size_t found = 0;
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto& event = view[index];
        const auto next = nextOf(view, index);
        if (event.type() != EventType::CallLeft || event.kindAs<SystemCall>() != SystemCall::QueueWait ||
            next >= view.end() || view[next].type() != EventType::QueuePopped) {
            continue;
        }
        const auto waker = wakers.of(index);
        QVERIFY(waker.has_value());
        QCOMPARE(waker->cause, Waker::Cause::Queued);
        QCOMPARE(view[waker->event].type(), EventType::QueuePushed);
        QCOMPARE(view[waker->event].operation, view[next].operation);
        QVERIFY(waker->event < next);
        ++found;
    }
    QVERIFY(found > 10);
}

void TestWakerOfEvent::whoAcceptsWasWokenByThatClient() {
    QFETCH(std::string, id);
    const auto recording = realRecording(id);
    const auto view = recording->view();
    const auto facts = factsOf(view);
    const WakerOfEvent wakers(view);
    std::size_t found = 0;
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto waker = wakers.of(index);
        if (!waker || waker->cause != Waker::Cause::ClientConnected) {
            continue;
        }
        const auto& connecting = view[waker->event];
        QCOMPARE(connecting.type(), EventType::ClientConnecting);
        // Some connection was accepted from that very port after the thread went on.
        const auto port = static_cast<std::uint16_t>(connecting.value());
        QVERIFY(std::ranges::any_of(facts.portOf, [port](const auto& entry) { return entry.second == port; }));
        ++found;
    }
    QVERIFY(found > 3);
}

void TestWakerOfEvent::whoReadsWasWokenByItsOwnClient() {
    QFETCH(std::string, id);
    const auto recording = realRecording(id);
    const auto view = recording->view();
    const auto facts = factsOf(view);
    const WakerOfEvent wakers(view);
    std::size_t found = 0;
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto waker = wakers.of(index);
        if (!waker || waker->cause != Waker::Cause::RequestSent) {
            continue;
        }
        const auto& sent = view[waker->event];
        QCOMPARE(sent.type(), EventType::ClientRequestSent);
        // What the thread reports first is of that client's connection.
        auto next = view[index].kindAs<SystemCall>() == SystemCall::Read ? index : nextOf(view, index);
        while (next < view.end() && view[next].connection == 0) {
            next = nextOf(view, next);
        }
        QVERIFY(next < view.end());
        const auto client = facts.clientOf.find(view[next].connection);
        if (client != facts.clientOf.end()) {
            QCOMPARE(sent.connection, client->second);
            ++found;
        }
    }
    QVERIFY(found > 3);
}

/// Of those who wait for clients and items, nearly all; only what ended the run, and time that ran out, is nobody's.
void TestWakerOfEvent::mostWaitsHaveAWaker() {
    QFETCH(std::string, id);
    const auto recording = realRecording(id);
    const auto view = recording->view();
    const WakerOfEvent wakers(view);
    std::size_t all = 0;
    std::size_t known = 0;
    for (auto index = view.first(); index < view.end() && view[index].type() != EventType::DrainStarted; ++index) {
        const auto& event = view[index];
        const auto call = event.kindAs<SystemCall>();
        const bool waits = event.type() == EventType::CallLeft && event.value() >= 0 &&
                           (call == SystemCall::Accept || call == SystemCall::Read);
        if (waits && nextOf(view, index) < view.end()) {
            ++all;
            known += wakers.of(index).has_value() ? 1 : 0;
        }
    }
    // A reactive model may have a thread that blocks in accept and hands over; a proactive one has none.
    const auto family = findModel(id)->family;
    QVERIFY(family == Family::Reactive || (all > 5) == (family == Family::Synchronous));
    QVERIFY2(known * 10 >= all * 9, qPrintable(QStringLiteral("%1 of %2").arg(known).arg(all)));
}

void TestWakerOfEvent::theNewThreadWasHandedTheConnection() {
    const auto recording = realRecording("thread-per-request");
    const auto view = recording->view();
    const WakerOfEvent wakers(view);
    std::size_t found = 0;
    for (auto index = view.first(); index < view.end(); ++index) {
        if (const auto waker = wakers.of(index); waker && waker->cause == Waker::Cause::HandedOver) {
            const auto& handed = view[waker->event];
            QVERIFY(handed.actor != view[index].actor);
            QCOMPARE(handed.connection, view[nextOf(view, index)].connection);
            QVERIFY(waker->event < index);
            ++found;
        }
    }
    QVERIFY(found > 3);
}

/// Two results are queued; the thread takes the older one. The newer push, nearer in the recording, woke nobody here.
void TestWakerOfEvent::anotherThreadsPushIsNotTheWaker() {
    SampleRecording sample({});
    sample.enter(1, SystemCall::QueueWait);
    sample.initiate(3, Operation::Read, 8, 201);
    sample.initiate(3, Operation::Read, 9, 202);
    sample.complete(3, Operation::Read, 8, 201, 1);
    const auto push = sample.size() - 2; // the processor waits again after it
    sample.complete(3, Operation::Read, 9, 202, 2);
    const auto woken = sample.size();
    sample.dispatch(1, Hook::HandleRead, 8, 201, 1);
    const auto view = sample.recording()->view();
    auto left = view[woken];
    QCOMPARE(left.type(), EventType::CallLeft);
    const auto waker = WakerOfEvent(view).of(woken);
    QVERIFY(waker.has_value());
    QCOMPARE(waker->event, push);
    QVERIFY(!WakerOfEvent(view).of(push).has_value());
}

void TestWakerOfEvent::aPieceOfATransferIsNobodys_data() {
    QTest::addColumn<bool>("pieceFirst");
    QTest::newRow("the piece was performed first") << true;
    QTest::newRow("only a request has come") << false;
}

/// The kernel has performed two things: who sent the request that is told second has not woken the thread.
void TestWakerOfEvent::aPieceOfATransferIsNobodys() {
    QFETCH(bool, pieceFirst);
    SampleRecording sample({});
    sample.enter(3, SystemCall::IoUringEnter);
    sample.clientAsks(1, "/index.html");
    const auto woken = sample.size();
    sample.leave(3, SystemCall::IoUringEnter, 0, 2);
    if (pieceFirst) {
        sample.add(
            3, EventType::SubmissionQueued,
            {.connection = 9, .operation = 202, .kind = static_cast<std::uint8_t>(Operation::Transmit), .value = 1});
    }
    sample.add(3, EventType::OperationCompleted,
               {.connection = 8, .operation = 201, .kind = static_cast<std::uint8_t>(Operation::Read), .value = 80});
    const auto view = sample.recording()->view();
    const auto waker = WakerOfEvent(view, [](std::uint32_t connection) { return connection == 8 ? 1U : 0U; }).of(woken);
    QCOMPARE(waker.has_value(), !pieceFirst);
}

void TestWakerOfEvent::aClientFromOutsideIsNobody() {
    SampleRecording sample({});
    sample.clientAsks(1, "/index.html");
    sample.enter(1, SystemCall::Accept);
    const auto woken = sample.size();
    sample.leave(1, SystemCall::Accept);
    sample.accept(1, 5, 0);
    const auto view = sample.recording()->view();
    QVERIFY(!WakerOfEvent(view).of(woken).has_value());
}

QTEST_GUILESS_MAIN(TestWakerOfEvent)
#include "tst_waker_of_event.moc"
