// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/waker_of_event.h"
#include "tests/concurrency/traced_server.h"
#include "tests/contract/raw_client.h"
#include "tests/contract/response_reader.h"

#include <QTest>

#include <algorithm>
#include <list>
#include <ranges>

namespace lab::test {

namespace {

constexpr std::string_view lastRequest = "GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\nConnection: close\r\n\r\n";
constexpr std::string_view largeRequest = "GET /huge.bin HTTP/1.1\r\nHost: lab.test\r\n\r\n";
constexpr std::size_t moreThanBuffersHold = 40 * 1024 * 1024;
constexpr int smallBuffer = 64 * 1024;

auto is(EventType type, Queue queue) {
    return [=](const Event& event) { return event.type() == type && event.kindAs<Queue>() == queue; };
}

auto whole(const RecordingView& view) { return std::views::iota(view.first(), view.end()); }

/// The first `count` responses, waited for and taken away.
std::vector<Response> responses(RawClient& client, std::size_t count) {
    std::vector<Response> all;
    client.readUntil([&](const std::string& octets) {
        all.clear();
        std::string_view rest = octets;
        while (auto response = takeResponse(rest, false)) {
            all.push_back(*response);
        }
        return all.size() >= count;
    });
    client.forget();
    return all;
}

} // namespace

/// If these fail, a queue between threads grows without end, or forgets somebody.
class TestQueuesBetweenThreads : public QObject {
    Q_OBJECT

private slots:
    void theAcceptorWaitsWhileTheQueueIsFull();
    void whatIsQueuedWhenTheServerEndsIsClosed();
    void aFullQueueRejects();
    void pipelinedRequestsAreAnsweredInOrder();
    void aPeerThatDoesNotReadHoldsOneThreadOnly();
};

/// One thread, which waits for a client that says nothing; two in the queue; with the fourth the acceptor waits.
void TestQueuesBetweenThreads::theAcceptorWaitsWhileTheQueueIsFull() {
    auto options = optionsOf("thread-pool-queue", 1);
    options.queueLimit = 2;
    TracedServer traced(options);
    RawClient first(traced.port());
    QTRY_COMPARE(traced.count(is(EventType::QueuePopped, Queue::Accept)), std::size_t{1});
    std::list<RawClient> others;
    constexpr std::size_t crowd = 5;
    for (std::size_t count = 0; count < crowd; ++count) {
        others.emplace_back(traced.port()).send(lastRequest);
    }
    const auto waitsForRoom = [&](const Event& event) {
        return event.type() == EventType::CallEntered && event.kindAs<SystemCall>() == SystemCall::QueueWait &&
               traced.threadOf(event) == "acceptor";
    };
    QTRY_COMPARE(traced.count(waitsForRoom), std::size_t{1});
    QCOMPARE(traced.counts().accepted, std::uint64_t{4});
    first.send(lastRequest);
    QCOMPARE(first.readToEnd(), RawClient::Ending::Closed);
    for (auto& client : others) {
        QCOMPARE(client.readToEnd(), RawClient::Ending::Closed);
        QVERIFY(client.received().starts_with("HTTP/1.1 200"));
    }
    for (const auto& event : traced.events()) {
        QVERIFY(!is(EventType::QueuePushed, Queue::Accept)(event) || event.value() <= 2);
    }
    QTRY_COMPARE(traced.count(is(EventType::QueuePopped, Queue::Accept)), crowd + 1);

    const auto view = traced.view();
    const auto indices = whole(view);
    const auto woken = std::ranges::find_if(indices, [&](std::size_t index) {
        return view[index].type() == EventType::CallLeft && traced.threadOf(view[index]) == "acceptor" &&
               view[index].kindAs<SystemCall>() == SystemCall::QueueWait;
    });
    const auto waker = WakerOfEvent(view).of(*woken);
    QVERIFY(waker.has_value());
    QCOMPARE(waker->cause, Waker::Cause::RoomMade);
    QVERIFY(is(EventType::QueuePopped, Queue::Accept)(view[waker->event]));
}

void TestQueuesBetweenThreads::whatIsQueuedWhenTheServerEndsIsClosed() {
    auto options = optionsOf("thread-pool-queue", 1);
    options.queueLimit = 2;
    options.drainLimit = std::chrono::milliseconds(50);
    TracedServer traced(options);
    std::list<RawClient> silent;
    constexpr std::size_t crowd = 4; // one served, two queued, one in the waiting acceptor's hands
    for (std::size_t count = 0; count < crowd; ++count) {
        silent.emplace_back(traced.port());
    }
    QTRY_COMPARE(traced.counts().accepted, std::uint64_t{crowd});
    QCOMPARE(traced.server().stop(), crowd);
    QCOMPARE(traced.counts().open(), std::uint64_t{0});
    for (auto& client : silent) {
        QVERIFY(client.readToEnd() != RawClient::Ending::TimedOut);
    }
}

/// One thread, which sends to a client that does not read; one request in the queue: the next ones are rejected, and
/// their connection is as good as before.
void TestQueuesBetweenThreads::aFullQueueRejects() {
    auto options = optionsOf("half-sync-half-async", 1);
    options.queueLimit = 1;
    TracedServer traced(options);
    traced.tree().write("huge.bin", std::string(moreThanBuffersHold, 'x'));
    RawClient greedy(traced.port(), smallBuffer);
    greedy.send(largeRequest);
    QTRY_COMPARE(traced.count(is(EventType::QueuePopped, Queue::Ready)), std::size_t{1});
    RawClient patient(traced.port());
    patient.send(oneRequest);
    QTRY_COMPARE(traced.count(is(EventType::QueuePushed, Queue::Ready)), std::size_t{2});

    RawClient rejected(traced.port());
    rejected.send(std::string(oneRequest) + std::string(oneRequest)); // pipelined
    const auto refusals = responses(rejected, 2);
    QCOMPARE(refusals.size(), std::size_t{2});
    for (const auto& response : refusals) {
        QCOMPARE(response.status, 503U);
        QCOMPARE(response.field("Retry-After"), std::optional<std::string>("1"));
        QVERIFY(!response.content.empty());
    }
    QCOMPARE(traced.counts().rejected, std::uint64_t{2});
    QCOMPARE(traced.count([](const Event& event) { return event.type() == EventType::RequestRejected; }),
             std::size_t{2});

    greedy.reset();
    const auto served = responses(patient, 1);
    QCOMPARE(served.size(), std::size_t{1});
    QCOMPARE(served.front().status, 200U);
    rejected.send(oneRequest);
    const auto again = responses(rejected, 1);
    QCOMPARE(again.size(), std::size_t{1});
    QCOMPARE(again.front().status, 200U);
}

/// Each waits in the queue anew, and a connection has never two requests there.
void TestQueuesBetweenThreads::pipelinedRequestsAreAnsweredInOrder() {
    TracedServer traced(optionsOf("half-sync-half-async", 4));
    RawClient client(traced.port());
    std::string many;
    constexpr std::size_t times = 20;
    for (std::size_t count = 0; count < times; ++count) {
        many += count % 2 == 0 ? "GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\n\r\n"
                               : "GET /nowhere HTTP/1.1\r\nHost: lab.test\r\n\r\n";
    }
    client.send(many);
    const auto all = responses(client, times);
    QCOMPARE(all.size(), times);
    for (std::size_t count = 0; count < times; ++count) {
        QCOMPARE(all[count].status, count % 2 == 0 ? 200U : 404U);
    }
    bool isQueued = false;
    for (const auto& event : traced.events()) {
        if (is(EventType::QueuePushed, Queue::Ready)(event)) {
            QVERIFY(!isQueued);
            isQueued = true;
        } else if (is(EventType::QueuePushed, Queue::Returned)(event)) {
            isQueued = false;
        }
    }
    // The client may have its last answer before the loop has looked at who comes back.
    QTRY_COMPARE(traced.count(is(EventType::QueuePopped, Queue::Returned)), times);
}

void TestQueuesBetweenThreads::aPeerThatDoesNotReadHoldsOneThreadOnly() {
    TracedServer traced(optionsOf("half-sync-half-async", 2));
    traced.tree().write("huge.bin", std::string(moreThanBuffersHold, 'x'));
    RawClient greedy(traced.port(), smallBuffer);
    greedy.send(largeRequest);
    QTRY_COMPARE(traced.count(is(EventType::QueuePopped, Queue::Ready)), std::size_t{1});
    constexpr int times = 10;
    for (int count = 0; count < times; ++count) {
        RawClient other(traced.port());
        other.send(lastRequest);
        QCOMPARE(other.readToEnd(), RawClient::Ending::Closed);
        QVERIFY(other.received().starts_with("HTTP/1.1 200"));
    }
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestQueuesBetweenThreads)
#include "tst_queues_between_threads.moc"
