// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/request_of_event.h"

#include <QTest>

using namespace lab;

namespace {

Event eventOf(EventType type, std::uint32_t connection, std::uint16_t actor = 0) {
    Event made{};
    made.actor = actor;
    made.connection = connection;
    made.typeAndSequence = static_cast<std::uint32_t>(type);
    return made;
}

} // namespace

class TestRequestOfEvent : public QObject {
    Q_OBJECT

private slots:
    void requestsOfTwoConnectionsAreToldApart();
    void theHookBelongsToTheRequestThatEndsInIt();
    void closedConnectionsBeginNoRequest();
    void clientsAndTheListeningSocketHaveNone();
};

void TestRequestOfEvent::requestsOfTwoConnectionsAreToldApart() {
    RequestOfEvent requests;
    QCOMPARE(requests.apply(eventOf(EventType::CallEntered, 4)), 1U);
    QCOMPARE(requests.apply(eventOf(EventType::CallEntered, 5)), 2U);
    QCOMPARE(requests.apply(eventOf(EventType::RequestParsed, 4)), 1U);
    QCOMPARE(requests.apply(eventOf(EventType::ResponseSent, 5)), 2U);
    QCOMPARE(requests.apply(eventOf(EventType::CallEntered, 5)), 3U);
    QCOMPARE(requests.apply(eventOf(EventType::ResponseSent, 4)), 1U);
    QCOMPARE(requests.apply(eventOf(EventType::ConnectionClosed, 4)), 0U);
    QCOMPARE(requests.apply(eventOf(EventType::ConnectionClosed, 5)), 3U);
    QCOMPARE(requests.requests(), 3U);
}

/// The hook that answers also starts the next read, which another thread may come to before the hook has returned.
void TestRequestOfEvent::theHookBelongsToTheRequestThatEndsInIt() {
    using enum EventType;
    RequestOfEvent requests;
    QCOMPARE(requests.apply(eventOf(HookEntered, 4, 1)), 1U);
    QCOMPARE(requests.apply(eventOf(ResponseSent, 4, 1)), 1U);
    QCOMPARE(requests.apply(eventOf(OperationInitiated, 4, 1)), 2U);
    QCOMPARE(requests.apply(eventOf(HookEntered, 4, 2)), 2U);
    QCOMPARE(requests.apply(eventOf(HookLeft, 4, 2)), 2U);
    QCOMPARE(requests.apply(eventOf(HookLeft, 4, 1)), 1U);
    QCOMPARE(requests.requests(), 2U);
}

void TestRequestOfEvent::closedConnectionsBeginNoRequest() {
    using enum EventType;
    RequestOfEvent requests;
    QCOMPARE(requests.apply(eventOf(HookEntered, 4, 1)), 1U);
    QCOMPARE(requests.apply(eventOf(ConnectionClosed, 4, 1)), 1U);
    QCOMPARE(requests.apply(eventOf(HookLeft, 4, 1)), 1U);
    QCOMPARE(requests.requests(), 1U);
}

void TestRequestOfEvent::clientsAndTheListeningSocketHaveNone() {
    RequestOfEvent requests;
    QCOMPARE(requests.apply(eventOf(EventType::ClientRequestSent, 4)), 0U);
    QCOMPARE(requests.apply(eventOf(EventType::CallEntered, 0)), 0U);
    QCOMPARE(requests.requests(), 0U);
}

QTEST_GUILESS_MAIN(TestRequestOfEvent)
#include "tst_request_of_event.moc"
