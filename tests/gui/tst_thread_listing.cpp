// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model.h"
#include "gui/model/queue_items.h"
#include "gui/model/thread_listing.h"
#include "tests/gui/real_recording.h"
#include "tests/gui/sample_recording.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace lab;
using namespace lab::test;

/// Shares that do not sum up, a wait without its reason, an item without its taker.
class TestThreadListing : public QObject {
    Q_OBJECT

private slots:
    void theSharesAreTheWholeLife_data() { addModelRows(); }
    void theSharesAreTheWholeLife();
    void everyWaitSaysForWhat_data() { addModelRows(); }
    void everyWaitSaysForWhat();
    void wakersAreInThePast_data() { addModelRows(); }
    void wakersAreInThePast();
    void onlyThoseAskedForAreListed();
    void anItemTellsWhoTakesIt();
    void withoutATakerThoseWhoWaitAreNamed();
    void eachWaitsAtItsOwnQueue();
};

void TestThreadListing::theSharesAreTheWholeLife() {
    QFETCH(std::string, id);
    const auto follower = followed(realRecording(id));
    const auto& view = follower->view();
    std::map<std::uint16_t, std::uint64_t> begun;
    std::size_t checked = 0;
    for (std::size_t position = 1; position <= view.end(); ++position) {
        const auto& event = view[position - 1];
        if (event.type() == EventType::ThreadStarted) {
            begun[event.actor] = event.time;
        }
        if (position % 29 != 0) {
            continue;
        }
        const auto state = follower->at(position);
        for (const auto& row : listThreads(state, *follower, 0, 100).rows) {
            QCOMPARE(row.time.whole(), state.time - begun.at(row.actor));
            QCOMPARE(row.time.waiting + row.time.runnable + row.time.running, row.time.whole());
            ++checked;
        }
    }
    QVERIFY(checked > 20);
}

void TestThreadListing::everyWaitSaysForWhat() {
    QFETCH(std::string, id);
    const auto follower = followed(realRecording(id));
    for (std::size_t position = 30; position < follower->view().end(); position += 17) {
        const auto state = follower->at(position);
        for (const auto& row : listThreads(state, *follower, 0, 100).rows) {
            QCOMPARE(row.waits, row.what.startsWith(QStringLiteral("waits")));
            QVERIFY2(!row.waits || row.what.contains(QStringLiteral(" for ")), qPrintable(row.what));
            // Only who has a completion queue waits at it.
            QVERIFY2(findModel(id)->family >= Family::Proactive || // adaptive ones too
                         !row.what.contains(QStringLiteral("completion")),
                     qPrintable(row.what));
            QVERIFY(!row.name.isEmpty());
        }
    }
}

void TestThreadListing::wakersAreInThePast() {
    QFETCH(std::string, id);
    const auto follower = followed(realRecording(id));
    const auto& view = follower->view();
    std::size_t found = 0;
    for (std::size_t position = 60; position < view.end(); position += 23) {
        const auto state = follower->at(position);
        for (const auto& row : listThreads(state, *follower, 0, 100).rows) {
            if (row.woken) {
                QVERIFY(*row.woken < position);
                QCOMPARE(view[*row.woken].actor, row.actor);
            }
            if (row.waker) {
                QVERIFY(!row.wokenBy.isEmpty());
                // A client may note that it connects a moment after the server has accepted it.
                QVERIFY(row.waker->event < *row.woken || row.waker->cause == Waker::Cause::ClientConnected);
                ++found;
            }
        }
    }
    QVERIFY(found > 5);
}

void TestThreadListing::onlyThoseAskedForAreListed() {
    const auto follower = followed(threadPerRequestCrowd(64).recording());
    const auto state = follower->newest();
    const auto all = listThreads(state, *follower, 0, 1000);
    QVERIFY(all.all > 60);
    QCOMPARE(all.rows.size(), all.all);
    const auto some = listThreads(state, *follower, 10, 5);
    QCOMPARE(some.all, all.all);
    QCOMPARE(some.rows.size(), std::size_t{5});
    QCOMPARE(some.rows.front().actor, all.rows[10].actor);
}

void TestThreadListing::anItemTellsWhoTakesIt() {
    const auto follower = followed(realRecording("proactor-pool"));
    const auto& view = follower->view();
    std::size_t checked = 0;
    for (std::size_t index = view.first(); index < view.end(); ++index) {
        if (view[index].type() != EventType::QueuePushed) {
            continue;
        }
        const auto state = follower->at(index + 1);
        const auto listing = listQueues(state, *follower, 60).front();
        const auto item = std::ranges::find(listing.items, view[index].operation,
                                            [](const QueueItem& one) { return one.selection.id; });
        QVERIFY(item != listing.items.end());
        QCOMPARE(item->pushedBy, QString::fromStdString(follower->nameOfThread(view[index].actor, index)));
        for (auto later = index + 1; later < view.end(); ++later) {
            if (view[later].type() == EventType::QueuePopped && view[later].operation == view[index].operation) {
                QCOMPARE(item->takenBy, QString::fromStdString(follower->nameOfThread(view[later].actor, later)));
                QCOMPARE(item->takenIn, view[later].time - state.time);
                ++checked;
                break;
            }
        }
    }
    QVERIFY(checked > 10);
}

void TestThreadListing::withoutATakerThoseWhoWaitAreNamed() {
    SampleRecording sample({});
    sample.startThread(1, "dispatcher-1");
    sample.startThread(2, "dispatcher-2");
    sample.startThread(3, "processor");
    sample.enter(2, SystemCall::QueueWait);
    sample.initiate(1, Operation::Read, 8, 201);
    sample.complete(3, Operation::Read, 8, 201, 1);
    const auto follower = followed(sample.recording());
    const auto listing = listQueues(follower->newest(), *follower, 60).front();
    QVERIFY(listing.items.front().takenBy.isEmpty());
    QVERIFY(listing.waiting == std::vector<QString>{QStringLiteral("dispatcher-2")});
}

/// A dispatcher does not wait for what its pool is to do, nor the pool for completions.
void TestThreadListing::eachWaitsAtItsOwnQueue() {
    const auto follower = followed(adaptiveSample().recording());
    const auto listings = listQueues(follower->newest(), *follower, 60);
    QCOMPARE(listings.size(), std::size_t{2});
    QVERIFY(listings[0].queue == Queue::Completion &&
            listings[0].waiting == std::vector<QString>{QStringLiteral("dispatcher")});
    QCOMPARE(listings[1].queue, Queue::Ready);
    QCOMPARE(listings[1].waiting.size(), std::size_t{3});
    QVERIFY(std::ranges::all_of(listings[1].waiting, [](auto& name) { return name.startsWith(u"pool-"); }));
}

QTEST_GUILESS_MAIN(TestThreadListing)
#include "tst_thread_listing.moc"
