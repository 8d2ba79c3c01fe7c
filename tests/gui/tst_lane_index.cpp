// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/lane_index.h"
#include "tests/gui/sample_recording.h"

#include <QTest>

#include <algorithm>
#include <random>
#include <set>

using namespace lab;
using namespace lab::test;

namespace {

struct Raw {
    SpanLane lane;
    std::vector<LaneSpan> spans;
};

/// Spans of random lengths and kinds, some with gaps between.
Raw randomLane(unsigned seed, std::size_t count) {
    std::mt19937 random(seed);
    Raw raw;
    std::uint64_t time = 1000;
    for (std::size_t i = 0; i < count; ++i) {
        LaneSpan span;
        time += random() % 7 == 0 ? random() % 500 : 0;
        span.begin = time;
        time += 1 + (random() % 50 == 0 ? random() % 100000 : random() % 300);
        span.end = time;
        span.event = i;
        span.workValue = random() % 7;
        span.blocked = random() % 2;
        span.connection = static_cast<std::uint32_t>(i); // nothing can be joined
        raw.lane.append(span);
        raw.spans.push_back(span);
    }
    return raw;
}

LaneTotals bruteForce(const std::vector<LaneSpan>& spans, std::uint64_t begin, std::uint64_t end) {
    LaneTotals totals;
    for (const auto& span : spans) {
        const auto from = std::max(span.begin, begin);
        const auto to = std::min(span.end, end);
        if (to > from) {
            totals.add(span, to - from);
        }
    }
    return totals;
}

std::vector<SampleRecording> samples() {
    return {threadPoolSample(),        reactorSample(),  proactorSample(),
            threadPerRequestCrowd(30), reactorCrowd(30), proactorCrowd(30)};
}

} // namespace

/// Lanes that tell another story than the stage, and figures of a zoomed-out lane that are not those of its events.
class TestLaneIndex : public QObject {
    Q_OBJECT

private slots:
    void lanesAgreeWithTheState() {
        for (const auto& sample : samples()) {
            const auto state = sample.state();
            LaneIndex lanes;
            lanes.follow(sample.recording()->view());
            std::size_t compared = 0;
            for (const auto& [actor, thread] : state.threads) {
                if (!thread.isServer) {
                    continue;
                }
                const auto& lane = lanes.threads().at(actor);
                auto totals = lane.spans.totals(0, state.time + 1);
                totals.add(lane.open, state.time - lane.open.begin);
                const auto now = state.time - thread.since;
                const bool runs = thread.activity == Activity::Running;
                QCOMPARE(totals.allRunning(), thread.busy + (runs ? now : 0));
                QCOMPARE(totals.allBlocked(), thread.blocked + (runs ? 0 : now));
                QVERIFY(!lane.isClient);
                ++compared;
            }
            QVERIFY(compared > 0);
            QCOMPARE(lanes.endTime(), state.time);
        }
    }

    /// What a process's end is told by comes after its last event, and does not let it run again.
    void anEndedProcessLeavesItsLane() {
        const auto event = [](EventType type, std::uint64_t time) {
            return Event{.time = time,
                         .kindAndValue = 0,
                         .connection = 0,
                         .operation = 0,
                         .typeAndSequence = static_cast<std::uint32_t>(type),
                         .actor = 3,
                         .site = 0};
        };
        Recording recording;
        const Event events[] = {event(EventType::ThreadStarted, 100), event(EventType::CallEntered, 200),
                                event(EventType::CallLeft, 300), event(EventType::ThreadEnded, 400),
                                event(EventType::ProcessEnded, 500)};
        recording.append(events);
        LaneIndex lanes;
        lanes.follow(recording.view());
        QVERIFY(lanes.threads().contains(3));
        QVERIFY(!lanes.threads().at(3).alive);
        QCOMPARE(lanes.threads().at(3).lives.size(), std::size_t{1});
    }

    void pyramidTotalsEqualRawTotals_data() {
        QTest::addColumn<int>("count");
        for (const int count : {1, 15, 16, 17, 255, 257, 4096, 20000}) {
            QTest::addRow("%d spans", count) << count;
        }
    }
    void pyramidTotalsEqualRawTotals() {
        QFETCH(int, count);
        const auto raw = randomLane(static_cast<unsigned>(count), static_cast<std::size_t>(count));
        const auto end = raw.spans.back().end;
        QCOMPARE(raw.lane.totals(0, end + 5), bruteForce(raw.spans, 0, end + 5));
        std::mt19937_64 random(7);
        for (int i = 0; i < 60; ++i) {
            const auto a = random() % (end + 100);
            const auto b = random() % (end + 100);
            QCOMPARE(raw.lane.totals(std::min(a, b), std::max(a, b)),
                     bruteForce(raw.spans, std::min(a, b), std::max(a, b)));
        }
        // As a painter asks: pixel by pixel, each look beginning where the last one ended.
        std::size_t hint = 0;
        LaneTotals sum;
        LaneTotals before = raw.lane.totalsBefore(0, hint);
        for (std::uint64_t pixel = 1; pixel <= 500; ++pixel) {
            const auto after = raw.lane.totalsBefore((end + 500) * pixel / 500, hint);
            auto step = after;
            step -= before;
            sum += step;
            before = after;
        }
        QCOMPARE(sum, bruteForce(raw.spans, 0, end + 500));
    }

    void runsOfShortSpansAreFound() {
        const auto raw = randomLane(3, 12000);
        for (const std::uint64_t shortest : {2u, 250u, 301u, 5000u, 1000000u}) {
            for (std::size_t i = 0; i < raw.spans.size(); i += 37) {
                std::size_t expected = i;
                while (expected < raw.spans.size() && raw.spans[expected].length() < shortest) {
                    ++expected;
                }
                QCOMPARE(raw.lane.shortRun(i, shortest), expected - i);
            }
        }
    }

    void whatIsForgottenLeavesTheRestAlone() {
        auto raw = randomLane(11, 20000);
        const auto middle = raw.spans[10000].begin;
        const auto end = raw.spans.back().end;
        raw.lane.dropBefore(middle);
        QVERIFY(raw.lane.size() < 20000);
        QVERIFY(raw.lane[0].begin <= middle);
        QCOMPARE(raw.lane.totals(middle, end), bruteForce(raw.spans, middle, end));
        QCOMPARE(raw.lane[raw.lane.atTime(middle)].event, std::uint64_t{10000});
        QCOMPARE(raw.lane[*raw.lane.atEvent(15000)].event, std::uint64_t{15000});
    }

    void neighboursThatDoTheSameAreOne() {
        SpanLane lane;
        LaneSpan span;
        span.end = 10;
        lane.append(span);
        span.begin = 10;
        span.end = 25;
        lane.append(span);
        QCOMPARE(lane.size(), std::size_t{1});
        QCOMPARE(lane.totals(0, 100).allRunning(), std::uint64_t{25});
    }

    void countsEqualRawCounts() {
        std::mt19937 random(5);
        CountLane lane;
        std::vector<std::pair<std::uint64_t, std::uint32_t>> raw;
        std::uint64_t time = 0;
        for (int i = 0; i < 5000; ++i) {
            time += random() % 40;
            raw.emplace_back(time, random() % 60);
            lane.change(time, raw.back().second);
        }
        for (int i = 0; i < 40; ++i) {
            const std::uint64_t begin = random() % time;
            const std::uint64_t end = begin + 1 + random() % 4000;
            double area = 0;
            std::uint32_t most = 0;
            for (std::size_t k = 0; k < raw.size(); ++k) {
                const auto from = std::max(raw[k].first, begin);
                const auto to = std::min(k + 1 < raw.size() ? raw[k + 1].first : end, end);
                area += to > from ? static_cast<double>(raw[k].second) * static_cast<double>(to - from) : 0;
                most = to > from ? std::max(most, raw[k].second) : most;
            }
            const auto extent = lane.extent(begin, end);
            QVERIFY(std::abs(extent.mean - area / static_cast<double>(end - begin)) < 1e-6);
            QVERIFY(extent.most >= most);
            QVERIFY(extent.least <= extent.mean + 1e-9 && extent.mean <= extent.most + 1e-9);
        }
    }

    void stepByStepIsTheSameAsAtOnce() {
        for (const auto& sample : samples()) {
            const auto view = sample.recording()->view();
            LaneIndex once;
            QCOMPARE(once.follow(view), std::size_t{0});
            LaneIndex steps;
            while (steps.follow(view, 3) > 0) {
            }
            QCOMPARE(steps.next(), once.next());
            for (const auto& [actor, lane] : once.threads()) {
                const auto& other = steps.threads().at(actor);
                QCOMPARE(other.spans.size(), lane.spans.size());
                QCOMPARE(other.spans.totals(0, once.endTime()), lane.spans.totals(0, once.endTime()));
            }
            QCOMPARE(steps.kernel().size(), once.kernel().size());
        }
    }

    void operationsOfAConnectionStayInOneLane() {
        const auto sample = proactorSample();
        LaneIndex lanes;
        lanes.follow(sample.recording()->view());
        QCOMPARE(lanes.kernel().size(), std::size_t{6}); // the listening socket and five connections
        for (const auto& place : lanes.kernel()) {
            for (std::size_t i = 1; i < place.spans.size(); ++i) {
                QVERIFY(place.spans[i].begin >= place.spans[i - 1].end);
                QCOMPARE(place.spans[i].connection, place.spans[0].connection);
            }
        }
        QCOMPARE(lanes.moreOperations().most(), 0u);
    }

    /// The kernel does not perform it, so its lane is empty meanwhile.
    void whatIsLeftToAPoolLeavesTheKernel() {
        const auto sample = adaptiveSample();
        LaneIndex lanes;
        lanes.follow(sample.recording()->view());
        std::set<std::uint32_t> inKernel;
        for (const auto& place : lanes.kernel()) {
            inKernel.insert(place.operation);
        }
        QVERIFY(!inKernel.contains(301) && !inKernel.contains(302));
        QVERIFY(inKernel.contains(203)); // a read
    }

    void whatHasNoLaneIsCounted() {
        const auto sample = proactorCrowd(100);
        LaneIndex lanes;
        lanes.follow(sample.recording()->view());
        QCOMPARE(lanes.kernel().size(), LaneIndex::kernelLanes);
        std::size_t inLanes = 0;
        for (const auto& place : lanes.kernel()) {
            inLanes += place.operation != 0 ? 1 : 0;
        }
        std::size_t inKernel = 0;
        const auto state = sample.state();
        for (const auto& [id, operation] : state.operations) {
            inKernel += operation.phase == OperationPhase::InKernel ? 1 : 0;
        }
        QCOMPARE(inLanes + lanes.moreOperations().now(), inKernel);
        QCOMPARE(lanes.clientLoad().now(), 100u);
    }

    void memoryStaysBelowTwiceTheEvents() {
        const auto sample = proactorCrowd(20000);
        LaneIndex lanes;
        lanes.follow(sample.recording()->view());
        QVERIFY(lanes.memory() < 2 * sizeof(Event) * sample.size());
    }
};

QTEST_APPLESS_MAIN(TestLaneIndex)
#include "tst_lane_index.moc"
