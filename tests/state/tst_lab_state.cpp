// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/lab_state.h"
#include "tests/state/synthetic_run.h"

#include <QtTest>

#include <algorithm>
#include <map>

using namespace lab;

/// What the views show is the fold: each row of the pictures is asked for here.
class LabStateTest : public QObject {
    Q_OBJECT

private slots:
    void proactiveRequest();
    void reactiveRequest();
    void synchronousRequest();
    void reactorForgetsReadyHandlesThatItDidNotCall();
    void clientFindsItsConnectionInEitherOrder();
    void clientsWaitInTheBacklogUntilAccepted();
    void clientsAreNotTheServersThreads();
    void filesComeAndGo();
    void whatIsHeldBackIsSoUntilTheClientHasIt();
    void everyTypeOnAnEmptyState();
    void damagedOrdersStayWithinBounds();
    void recordingThatBeginsInTheMiddle();
    void closedConnectionsStayClosed();
    void lostEventsLeaveNoGhosts();
    void sameEventsSameState();
    void idMapAgreesWithStdMap();
    void tenThousandConnections();

private:
    LabState m_state;
    SyntheticRun m_run;
    std::size_t m_applied = 0;

    void reset() {
        m_state = {};
        m_run = SyntheticRun();
        m_applied = 0;
    }
    /// Folds what was added.
    const LabState& now() {
        for (; m_applied < m_run.events().size(); ++m_applied) {
            m_state.apply(m_run.events()[m_applied]);
        }
        return m_state;
    }
    const ThreadState& thread(std::uint16_t actor) { return now().threads.at(actor); }
    const ConnectionState& connection(std::uint32_t id) { return now().connections.at(id); }
};

void LabStateTest::proactiveRequest() {
    reset();
    m_run.begin();
    m_run.add(EventType::ConnectionAccepted, 2, 12, 0, Origin::Outside, 40'000);
    m_run.add(EventType::OperationInitiated, 2, 12, 77, Operation::Read, 8192);
    QCOMPARE(now().operations.at(77).phase, OperationPhase::InKernel);
    QVERIFY(connection(12).fromOutside);
    QCOMPARE(connection(12).phase, ConnectionPhase::Idle);

    m_run.add(EventType::OperationCompleted, 2, 12, 77, Operation::Read, 312);
    QCOMPARE(now().operations.at(77).phase, OperationPhase::InKernel);
    QCOMPARE(now().operations.at(77).result, 312);
    QCOMPARE(connection(12).phase, ConnectionPhase::Receiving);

    m_run.add(EventType::QueuePushed, 2, 12, 77, Queue::Completion, 1);
    QCOMPARE(now().operations.at(77).phase, OperationPhase::Queued);
    QCOMPARE(now().completionQueue.items, std::deque<std::uint32_t>{77});

    m_run.add(EventType::QueuePopped, 3, 12, 77, Queue::Completion, 0);
    QVERIFY(now().completionQueue.items.empty());
    QCOMPARE(now().operations.at(77).phase, OperationPhase::Dispatched);
    QCOMPARE(now().operations.at(77).dispatchedBy, 3);
    QCOMPARE(thread(3).operation, 77U);
    QCOMPARE(thread(3).work, Work::Read);

    m_run.add(EventType::HookEntered, 3, 12, 77, Hook::HandleRead);
    QCOMPARE(thread(3).hook, Hook::HandleRead);
    QCOMPARE(thread(3).work, Work::Parse);
    QCOMPARE(connection(12).thread, 3);
    QCOMPARE(connection(12).hook, Hook::HandleRead);

    m_run.add(EventType::RequestParsed, 3, 12, 0, Method::Get, 312);
    QCOMPARE(thread(3).work, Work::File);
    QCOMPARE(connection(12).phase, ConnectionPhase::Serving);
    m_run.add(EventType::FileFound, 3, 12, 0, FileSource::CacheHit, 5);
    QCOMPARE(connection(12).path, 5U);
    QVERIFY((now().files == std::deque<FileState>{{.path = 5, .source = FileSource::CacheHit}}));
    m_run.add(EventType::ResponseStarted, 3, 12, 0, Transfer::TransmitFile, responseValue(200, 5'000'312));
    QCOMPARE(thread(3).work, Work::Write);
    QCOMPARE(connection(12).status, 200U);
    QCOMPARE(connection(12).octetsToSend, 5'000'312);

    m_run.add(EventType::OperationInitiated, 3, 12, 78, Operation::Transmit, 5'000'312);
    m_run.add(EventType::HookLeft, 3, 12, 77, Hook::HandleRead);
    QVERIFY(!now().operations.contains(77));
    QVERIFY(now().operations.contains(78));
    QCOMPARE(thread(3).operation, 0U);
    QCOMPARE(thread(3).hook, Hook::None);
    QCOMPARE(connection(12).thread, 0xffff);
    QCOMPARE(connection(12).phase, ConnectionPhase::Sending);

    m_run.add(EventType::OperationCompleted, 2, 12, 78, Operation::Transmit, 5'000'312);
    m_run.add(EventType::QueuePushed, 2, 12, 78, Queue::Completion, 1);
    m_run.add(EventType::QueuePopped, 2, 12, 78, Queue::Completion, 0);
    m_run.add(EventType::HookEntered, 2, 12, 78, Hook::HandleWrite);
    m_run.add(EventType::ResponseSent, 2, 12, 0, 0, 5'000'312);
    QCOMPARE(connection(12).octetsSent, 5'000'312);
    QCOMPARE(connection(12).phase, ConnectionPhase::Idle);
    QCOMPARE(connection(12).requests, 1U);
    m_run.add(EventType::HookLeft, 2, 12, 78, Hook::HandleWrite);
    QVERIFY(now().operations.empty());
    QCOMPARE(now().totals.operations, 2ULL);
    QCOMPARE(now().totals.requests, 1ULL);
    QCOMPARE(now().completionQueue.highWater, std::size_t{1});
}

void LabStateTest::reactiveRequest() {
    reset();
    m_run.begin(1);
    m_run.add(EventType::HandlerRegistered, 2, 0, 0, Interest::Accept);
    m_run.add(EventType::ConnectionAccepted, 2, 9, 0, Origin::Traffic, 40'000);
    m_run.add(EventType::HandlerRegistered, 2, 9, 0, Interest::Read);
    QCOMPARE(now().handleSet, 2);
    m_run.add(EventType::CallEntered, 2, 0, 0, SystemCall::Epoll, 2);
    QCOMPARE(thread(2).activity, Activity::InCall);
    QCOMPARE(thread(2).work, Work::Wait);
    m_run.add(EventType::CallLeft, 2, 0, 0, SystemCall::Epoll, 2);
    m_run.add(EventType::HandleReady, 2, 9, 0, Interest::Read);
    m_run.add(EventType::HandleReady, 2, 0, 0, Interest::Accept);
    QCOMPARE(now().ready, (std::deque<std::uint32_t>{9, 0}));
    m_run.add(EventType::HookEntered, 2, 9, 0, Hook::HandleInput);
    QCOMPARE(now().ready, std::deque<std::uint32_t>{0});
    QCOMPARE(thread(2).work, Work::Read);
    m_run.add(EventType::CallPerformed, 2, 9, 0, SystemCall::Read, 312);
    QCOMPARE(thread(2).work, Work::Parse);
    QCOMPARE(thread(2).activity, Activity::Running);
    m_run.add(EventType::RequestParsed, 2, 9, 0, Method::Get, 312);
    m_run.add(EventType::ResponseStarted, 2, 9, 0, Transfer::Memory, responseValue(200, 1'000));
    m_run.add(EventType::CallPerformed, 2, 9, 0, SystemCall::Writev, 400);
    QCOMPARE(connection(9).octetsSent, 400);
    m_run.add(EventType::InterestChanged, 2, 9, 0, Interest::Write);
    QCOMPARE(connection(9).watchedFor, Interest::Write);
    m_run.add(EventType::HookLeft, 2, 9, 0, Hook::HandleInput);
    QCOMPARE(connection(9).phase, ConnectionPhase::Sending);
    m_run.add(EventType::HookEntered, 2, 0, 0, Hook::HandleInput);
    QCOMPARE(now().acceptorHook, Hook::HandleInput);
    QCOMPARE(thread(2).work, Work::Accept);
    QVERIFY(now().ready.empty());
    m_run.add(EventType::HookLeft, 2, 0, 0, Hook::HandleInput);
    QCOMPARE(now().acceptorHook, Hook::None);
    m_run.add(EventType::HandlerRemoved, 2, 9);
    m_run.add(EventType::ConnectionClosed, 2, 9, 0, CloseReason::Finished, 0);
    QCOMPARE(now().handleSet, 1);
}

void LabStateTest::synchronousRequest() {
    reset();
    m_run.begin();
    m_run.add(EventType::CallEntered, 2, 0, 0, SystemCall::Accept);
    QCOMPARE(thread(2).activity, Activity::InCall);
    QCOMPARE(thread(2).work, Work::Accept);
    m_run.add(EventType::CallLeft, 2, 0, 0, SystemCall::Accept, 7);
    m_run.add(EventType::ConnectionAccepted, 2, 14, 0, Origin::Traffic, 40'000);
    QCOMPARE(thread(2).connection, 14U);
    m_run.add(EventType::CallEntered, 2, 14, 0, SystemCall::Read, 8192);
    const auto before = thread(2).blocked;
    QCOMPARE(thread(2).work, Work::Read);
    QCOMPARE(connection(14).thread, 2);
    m_run.add(EventType::CallLeft, 2, 14, 0, SystemCall::Read, 87);
    QCOMPARE(thread(2).work, Work::Parse);
    const auto& events = m_run.events();
    QCOMPARE(thread(2).blocked - before, events.back().time - events[events.size() - 2].time);
    m_run.add(EventType::RequestParsed, 2, 14, 0, Method::Get, 87);
    m_run.add(EventType::ResponseStarted, 2, 14, 0, Transfer::ReadWrite, responseValue(404, 300));
    m_run.add(EventType::CallEntered, 2, 14, 0, SystemCall::Sendfile);
    QCOMPARE(thread(2).work, Work::Write);
    m_run.add(EventType::CallLeft, 2, 14, 0, SystemCall::Sendfile, 300);
    m_run.add(EventType::ResponseSent, 2, 14, 0, 0, 300);
    m_run.add(EventType::ConnectionClosed, 2, 14, 0, CloseReason::Finished, 1);
    QVERIFY(now().connections.empty());
    QCOMPARE(thread(2).connection, 0U);
    m_run.add(EventType::ThreadEnded, 2);
    QVERIFY(!now().threads.contains(2));
    QCOMPARE(now().totals.threadsStarted, 1ULL);
    QCOMPARE(now().totals.threadsAlive, 0ULL);
    QCOMPARE(now().totals.calls[static_cast<std::size_t>(SystemCall::Sendfile)], 1ULL);
}

void LabStateTest::reactorForgetsReadyHandlesThatItDidNotCall() {
    reset();
    m_run.begin();
    m_run.add(EventType::ConnectionAccepted, 2, 9, 0, Origin::Traffic, 40'000);
    m_run.add(EventType::ConnectionAccepted, 2, 10, 0, Origin::Traffic, 40'001);
    m_run.add(EventType::HandleReady, 2, 9, 0, Interest::Read);
    m_run.add(EventType::HandleReady, 3, 10, 0, Interest::Read);
    m_run.add(EventType::CallEntered, 2, 0, 0, SystemCall::Poll, 2);
    QCOMPARE(now().ready, std::deque<std::uint32_t>{10}); // of the other loop's
    QCOMPARE(connection(9).ready, Interest::None);
}

void LabStateTest::clientFindsItsConnectionInEitherOrder() {
    for (const bool clientFirst : {true, false}) {
        reset();
        m_run.begin();
        if (clientFirst) {
            m_run.add(EventType::ClientConnecting, 1, 4, 0, 0, 51'234);
        }
        m_run.add(EventType::ConnectionAccepted, 2, 12, 0, Origin::Traffic, 51'234);
        if (!clientFirst) {
            m_run.add(EventType::ClientConnecting, 1, 4, 0, 0, 51'234);
        }
        m_run.add(EventType::ClientConnected, 1, 4);
        QCOMPARE(now().clients.at(4).connection, 12U);
        QCOMPARE(connection(12).client, 4U);
        QCOMPARE(now().backlogArrivals, 0ULL);
        m_run.add(EventType::ConnectionClosed, 2, 12, 0, CloseReason::Finished, 1);
        QCOMPARE(now().clients.at(4).connection, 0U);
        m_run.add(EventType::ClientClosed, 1, 4);
        QCOMPARE(now().backlogArrivals, 0ULL);
        QVERIFY(now().clientByPort.empty());
        QVERIFY(now().connectionByPort.empty());
    }
}

void LabStateTest::clientsWaitInTheBacklogUntilAccepted() {
    reset();
    m_run.begin();
    for (unsigned client = 1; client <= 3; ++client) {
        m_run.add(EventType::ClientConnecting, 1, client, 0, 0, 50'000 + client);
        m_run.add(EventType::ClientConnected, 1, client);
    }
    QCOMPARE(now().backlogArrivals, 3ULL);
    m_run.add(EventType::ConnectionAccepted, 2, 1, 0, Origin::Traffic, 50'002);
    QCOMPARE(now().backlogArrivals, 2ULL);
    m_run.add(EventType::ClientClosed, 1, 1); // gave up
    QCOMPARE(now().backlogArrivals, 1ULL);
    m_run.add(EventType::ClientConnecting, 1, 3, 0, 0, 50'009); // its end was lost
    QCOMPARE(now().backlogArrivals, 0ULL);
}

void LabStateTest::clientsAreNotTheServersThreads() {
    reset();
    m_run.begin();
    m_run.add(EventType::CallEntered, 1, 0, 0, SystemCall::Epoll, 5);
    m_run.add(EventType::CallEntered, 2, 0, 0, SystemCall::Accept);
    m_run.add(EventType::ThreadDelaySampled, 0, 0, 2, 0, 4'000);
    QVERIFY(thread(1).isClient);
    QVERIFY(thread(0).isClient); // the laboratory's own
    QVERIFY(!thread(2).isClient && thread(2).isServer);
    QCOMPARE(thread(2).processorWait, 4'000ULL);
    QCOMPARE(now().totals.threadsPeak, 1ULL);
    QCOMPARE(now().totals.systemCalls, 1ULL);
}

void LabStateTest::filesComeAndGo() {
    reset();
    m_run.begin(1);
    m_run.add(EventType::FileFound, 2, 12, 0, FileSource::DescriptorMiss, 5);
    m_run.add(EventType::FileFound, 2, 12, 0, FileSource::CacheMiss, 6);
    m_run.add(EventType::FileFound, 2, 12, 0, FileSource::DescriptorHit, 5);
    m_run.add(EventType::FileFound, 2, 12, 0, FileSource::NotFound, 7);
    QVERIFY(now().files == (std::deque<FileState>{{.path = 5, .source = FileSource::DescriptorHit},
                                                  {.path = 6, .source = FileSource::CacheMiss}}));
    m_run.add(EventType::FileEvicted, 2, 12, 0, Eviction::LeastRecentlyUsed, 6);
    m_run.add(EventType::FileEvicted, 2, 12, 0, Eviction::LeastRecentlyUsed, 8); // asked for long ago
    m_run.add(EventType::FileFound, 2, 12, 0, FileSource::CacheMiss, 6);
    QVERIFY(now().files == (std::deque<FileState>{{.path = 6, .source = FileSource::CacheMiss},
                                                  {.path = 8, .evicted = true},
                                                  {.path = 5, .source = FileSource::DescriptorHit}}));
    m_run.add(EventType::FileFound, 2, 12, 0, FileSource::Opened, 9);
    m_run.add(EventType::FileFound, 2, 12, 0, FileSource::Uncached, 9);
    QCOMPARE(now().totals.cacheHits, 1ULL);
    QCOMPARE(now().totals.cacheMisses, 5ULL);
    QCOMPARE(now().totals.evictions, 2ULL);
}

void LabStateTest::whatIsHeldBackIsSoUntilTheClientHasIt() {
    reset();
    m_run.begin(1);
    m_run.add(EventType::ClientConnecting, 1, 4, 0, 0, 40'000);
    m_run.add(EventType::ConnectionAccepted, 2, 12, 0, Origin::Traffic, 40'000);
    m_run.add(EventType::OctetsHeldBack, 2, 12, 0, HeldBack::Nagle, 5'000);
    m_run.add(EventType::ResponseSent, 2, 12, 0, 0, 5'225);
    QVERIFY(connection(12).heldBack == HeldBack::Nagle);
    QCOMPARE(connection(12).octetsHeldBack, 5'000);
    m_run.add(EventType::ClientResponseReceived, 1, 4, 0, 1, 5'225);
    QVERIFY(connection(12).heldBack == HeldBack::Nothing);
    QCOMPARE(connection(12).octetsHeldBack, 0);
    m_run.add(EventType::OctetsHeldBack, 2, 12, 0, HeldBack::Nothing, 0);
    QCOMPARE(now().totals.heldBack, 1ULL);
    m_run.add(EventType::OctetsHeldBack, 2, 12, 0, HeldBack::Nagle, 5'000);
    m_run.add(EventType::CallPerformed, 2, 12, 0, SystemCall::Read, 80); // of somebody outside nothing else is told
    QVERIFY(connection(12).heldBack == HeldBack::Nothing);
}

void LabStateTest::everyTypeOnAnEmptyState() {
    for (unsigned type = 0; type < 256; ++type) {
        for (unsigned kind : {0U, 1U, 7U, 255U}) {
            SyntheticRun run;
            run.add(static_cast<EventType>(type), 5, 12, 7, kind, -1);
            run.add(static_cast<EventType>(type), 5, 12, 7, kind, 3);
            const auto state = SyntheticRun::fold(run.events(), 2);
            QCOMPARE(state.next, std::size_t{2});
            QCOMPARE(state.totals.events, 2ULL);
        }
    }
}

void LabStateTest::damagedOrdersStayWithinBounds() {
    SyntheticRun run(7);
    run.damaged(100'000);
    LabState state;
    for (const auto& event : run.events()) {
        state.apply(event);
    }
    QVERIFY(state.connections.size() <= maximumConnectionsShown);
    QVERIFY(state.clients.size() <= maximumClientsShown);
    QVERIFY(state.operations.size() <= maximumOperationsShown);
    QVERIFY(state.ready.size() <= maximumConnectionsShown + 1);
    for (const auto& [actor, thread] : state.threads) {
        QVERIFY(thread.hook < Hook::Count && thread.call < SystemCall::Count && thread.work < Work::Count);
    }
    for (const auto& [id, connection] : state.connections) {
        QCOMPARE(connection.id, id);
        QVERIFY(connection.hook < Hook::Count && static_cast<unsigned>(connection.watchedFor) <= 7);
    }
}

void LabStateTest::recordingThatBeginsInTheMiddle() {
    SyntheticRun run(3);
    run.begin();
    run.proactive(5'000, 20);
    LabState state;
    for (std::size_t index = 2'000; index < run.events().size(); ++index) {
        state.apply(run.events()[index]);
    }
    const auto whole = SyntheticRun::fold(run.events(), run.events().size());
    QVERIFY(!state.fromStart);
    QCOMPARE(state.operations.size(), whole.operations.size());
    QCOMPARE(state.connections.size(), whole.connections.size());
    QCOMPARE(state.threads.size(), whole.threads.size() - 1); // the laboratory's had nothing more to say
}

void LabStateTest::closedConnectionsStayClosed() {
    reset();
    m_run.begin();
    m_run.add(EventType::ConnectionAccepted, 2, 12, 0, Origin::Traffic, 40'000);
    m_run.add(EventType::ConnectionClosed, 2, 12, 0, CloseReason::DeadlineExpired, 0);
    m_run.add(EventType::OperationCompleted, 2, 12, 77, Operation::Read, -125);
    m_run.add(EventType::QueuePushed, 2, 12, 77, Queue::Completion, 1);
    m_run.add(EventType::QueuePopped, 2, 12, 77, Queue::Completion, 0);
    m_run.add(EventType::HookEntered, 2, 12, 77, Hook::HandleRead);
    m_run.add(EventType::HookLeft, 2, 12, 77, Hook::HandleRead);
    QVERIFY(now().connections.empty());
    QVERIFY(now().operations.empty());
}

void LabStateTest::lostEventsLeaveNoGhosts() {
    reset();
    m_run.begin();
    m_run.add(EventType::ConnectionAccepted, 2, 12, 0, Origin::Traffic, 40'000);
    m_run.add(EventType::EventsLost, 2, 0, 0, 0, 500);
    m_run.add(EventType::ConnectionAccepted, 2, 13, 0, Origin::Traffic, 40'000); // so the first must have been closed
    QCOMPARE(now().connections.size(), std::size_t{1});
    QCOMPARE(now().totals.lost, 500ULL);
    m_run.add(EventType::HookEntered, 2, 20, 0, Hook::HandleInput); // its acceptance was among the lost
    QVERIFY(now().connections.contains(20));
    m_run.add(EventType::ThreadStarted, 2, 0, 0, 0, 8); // the same place, a new thread
    QCOMPARE(connection(20).thread, 0xffff);
    QCOMPARE(thread(2).hook, Hook::None);
}

void LabStateTest::sameEventsSameState() {
    SyntheticRun run(5);
    run.begin(4);
    run.proactive(20'000, 50);
    run.reactive(20'000, 50);
    run.synchronous(20'000, 16);
    const auto once = SyntheticRun::fold(run.events(), run.events().size());
    const auto again = SyntheticRun::fold(run.events(), run.events().size());
    QVERIFY(once == again);
    auto step = SyntheticRun::fold(run.events(), run.events().size() - 1);
    QVERIFY(!(step == once));
    step.apply(run.events().back());
    QVERIFY(step == once);
}

void LabStateTest::idMapAgreesWithStdMap() {
    std::mt19937 random(11);
    IdMap<std::uint32_t, int> map;
    std::map<std::uint32_t, int> expected;
    for (int step = 0; step < 200'000; ++step) {
        const auto id =
            static_cast<std::uint32_t>(random() % 300 + (random() % 2 == 0 ? 0 : static_cast<unsigned>(step) / 50));
        if (random() % 5 < 2) {
            map[id] = step;
            expected[id] = step;
        } else {
            QCOMPARE(map.erase(id), expected.erase(id) == 1);
        }
        QCOMPARE(map.size(), expected.size());
        if (step % 100 == 0) {
            QVERIFY(
                std::equal(map.begin(), map.end(), expected.begin(), expected.end(),
                           [](const auto& a, const auto& b) { return a.first == b.first && a.second == b.second; }));
            const auto found = map.lower_bound(id);
            const auto right = expected.lower_bound(id);
            QCOMPARE(found == map.end(), right == expected.end());
            QVERIFY(right == expected.end() || found->first == right->first);
            QVERIFY(expected.empty() || map.rbegin()->first == expected.rbegin()->first);
        }
    }
}

void LabStateTest::tenThousandConnections() {
    SyntheticRun run(9);
    run.begin();
    run.proactive(600'000, 10'000);
    const auto state = SyntheticRun::fold(run.events(), run.events().size());
    QVERIFY(state.connections.size() > 9'900 && state.connections.size() <= 10'000);
    QVERIFY(state.totals.connectionsPeak <= 10'001);
    QCOMPARE(state.backlogArrivals, 0ULL);
    for (const auto& [id, connection] : state.connections) {
        QCOMPARE(state.clients.at(connection.client).connection, id);
    }
}

QTEST_APPLESS_MAIN(LabStateTest)
#include "tst_lab_state.moc"
