// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/state_json.h"
#include "gui/bridge/step_control.h"
#include "gui/model/chart_series.h"
#include "gui/model/event_list_model.h"
#include "gui/model/event_words.h"
#include "gui/model/frame_statistics.h"
#include "gui/model/number_text.h"
#include "gui/model/playhead.h"
#include "gui/model/queue_items.h"
#include "gui/window/pace_scale.h"
#include "gui/window/time_bar.h"
#include "sample_recording.h"

#include <QAbstractItemModelTester>
#include <QTest>
#include <boost/json/serialize.hpp>

using namespace lab;
using namespace lab::test;

namespace {

constexpr std::chrono::microseconds ample{2'000'000};
constexpr std::uint64_t millisecond = 1'000'000;

RunInfo infoOf(const char* model) {
    RunInfo info;
    info.model = model;
    return info;
}

void followAll(Playhead& playhead) {
    while (playhead.end() < playhead.recorded()) {
        playhead.frame(0.016, ample);
    }
}

/// One client that is answered every 10 ms, the first byte after 1 to 100 µs, over and over.
SampleRecording steadySample(int requests) {
    SampleRecording sample(infoOf("reactor"));
    sample.startThread(1, "event loop");
    for (int count = 0; count < requests; ++count) {
        sample.add(1, EventType::ResponseSent, {1, 0, 0, 500}, 5 * millisecond);
        sample.add(2, EventType::ClientFirstByte, {1, 1, 0, (count % 100 + 1) * 1000}, 5 * millisecond);
    }
    return sample;
}

} // namespace

/// What the views read, without a window.
class WindowModelsTest : public QObject {
    Q_OBJECT

private slots:
    void playheadShowsEveryEventAsAFreshFold();
    void playheadPlaysAtItsPaceAndStopsAtTheEnd();
    void farBehindIsToldInRecordedTime();
    void openedRecordingBeginsAtItsFirstEvent();
    void pausedAtTheEndStandsWhileMoreComes();
    void eventListIsAProperModelWhileItGrows();
    void eventListForgetsWhatTheRecordingForgets();
    void eventListFindsRowsOfAFilter();
    void metricsTellRatesAndPercentiles();
    void metricsAreTheSameHoweverFollowed();
    void chartsKeepTheirSizeAndTheirSum();
    void queueTellsWhoPushed();
    void everyEventTypeHasItsDetailWithoutHarm();
    void frameStatisticsKeepTheLast240();
    void paceScaleGoesFromOneToFullSpeed();
    void numbersReadWell_data();
    void numbersReadWell();
};

void WindowModelsTest::playheadShowsEveryEventAsAFreshFold() {
    const auto sample = proactorSample();
    Playhead playhead;
    playhead.show(sample.recording(), true);
    followAll(playhead);
    QCOMPARE(playhead.mode(), Playhead::Mode::Live);
    QCOMPARE(playhead.position(), sample.size());
    for (auto index = sample.size(); index > 0; --index) {
        playhead.seek(index);
        QVERIFY(playhead.state() == sample.stateAt(index));
        QVERIFY(!playhead.sentence().empty());
    }
    playhead.seek(sample.size() + 1000);
    QCOMPARE(playhead.position(), sample.size());
}

void WindowModelsTest::playheadPlaysAtItsPaceAndStopsAtTheEnd() {
    const auto sample = reactorSample();
    Playhead playhead;
    playhead.show(sample.recording(), false);
    followAll(playhead);
    playhead.seek(1);
    playhead.setPace(10);
    playhead.resume();
    QCOMPARE(playhead.mode(), Playhead::Mode::Playing);
    for (int frame = 0; frame < 20; ++frame) {
        playhead.frame(0.025, ample);
    }
    QCOMPARE(playhead.position(), std::size_t{6}); // half a second at ten events a second
    playhead.frame(1'000, ample);
    QCOMPARE(playhead.position(), sample.size());
    QVERIFY(playhead.isPaused());
    playhead.step(-3);
    QCOMPARE(playhead.position(), sample.size() - 3);
}

void WindowModelsTest::farBehindIsToldInRecordedTime() {
    const auto sample = steadySample(20'000); // 200 s of recorded time
    Playhead playhead;
    QCOMPARE(playhead.behindTime(), std::uint64_t{0});
    playhead.show(sample.recording(), true);
    LabSession session;
    SharedSelection selection;
    StepControl control(session, playhead, selection);
    TimeBar bar(control, playhead);
    const auto words = [&] {
        bar.refresh();
        return bar.findChild<QLabel*>(QStringLiteral("eventNumber"))->text();
    };
    playhead.frame(0.016, std::chrono::microseconds{0});
    QCOMPARE(playhead.mode(), Playhead::Mode::Live);
    QVERIFY(playhead.behindTime() > 100'000 * millisecond);
    QVERIFY2(words().contains(countText(playhead.behind()) + QStringLiteral(" behind")), qPrintable(words()));
    followAll(playhead);
    QCOMPARE(playhead.behindTime(), std::uint64_t{0});
    QVERIFY2(!words().contains(QStringLiteral("behind")), qPrintable(words()));
}

void WindowModelsTest::openedRecordingBeginsAtItsFirstEvent() {
    const auto sample = threadPoolSample();
    Playhead playhead;
    playhead.show(sample.recording(), false);
    followAll(playhead);
    QVERIFY(playhead.isPaused());
    QCOMPARE(playhead.position(), std::size_t{1});
    playhead.seekTime(playhead.follower().view()[5].time);
    QCOMPARE(playhead.position(), std::size_t{6});
}

void WindowModelsTest::pausedAtTheEndStandsWhileMoreComes() {
    auto sample = threadPoolSample();
    Playhead playhead;
    playhead.show(sample.recording(), true);
    followAll(playhead);
    playhead.pause();
    const auto position = playhead.position();
    const auto state = playhead.state();
    sample.startThread(9, "late");
    followAll(playhead);
    QCOMPARE(playhead.position(), position);
    QVERIFY(playhead.state() == state);
    QCOMPARE(playhead.behind(), std::size_t{1});
}

void WindowModelsTest::eventListIsAProperModelWhileItGrows() {
    auto sample = proactorSample();
    Playhead playhead;
    playhead.show(sample.recording(), true);
    EventListModel model(playhead);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (int round = 0; round < 5; ++round) {
        followAll(playhead);
        model.refresh();
        if (model.filter().kind == Selection::Kind::None) {
            QCOMPARE(static_cast<std::size_t>(model.rowCount()), playhead.end());
        }
        sample.add(1, EventType::RequestParsed, {1, 0, 1, 80});
        model.setFilter(round % 2 == 0 ? Selection{Selection::Kind::Connection, 1} : Selection{});
    }
    model.setFilter({});
    followAll(playhead);
    model.refresh();
    const int last = model.rowCount() - 1;
    QCOMPARE(model.index(last, EventListModel::What).data().toString(), QStringLiteral("GET, 80 octets"));
    QCOMPARE(model.index(last, EventListModel::Connection).data().toString(), QStringLiteral("#1"));
    QCOMPARE(model.index(last, EventListModel::EventColumn).data().toString(), QStringLiteral("request parsed"));
}

void WindowModelsTest::eventListForgetsWhatTheRecordingForgets() {
    const auto recording = std::make_shared<Recording>(2 * eventsPerBlock);
    Playhead playhead;
    playhead.show(recording, true);
    EventListModel model(playhead);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    std::vector<Event> events(eventsPerBlock / 2);
    std::uint64_t time = 0;
    for (int round = 0; round < 12; ++round) {
        for (auto& event : events) {
            event = {};
            event.time = time += 1000;
            event.typeAndSequence = static_cast<std::uint32_t>(EventType::RequestParsed);
            event.connection = time % 7000 == 0 ? 7 : 8;
        }
        recording->append(events);
        followAll(playhead);
        model.setFilter(round > 6 ? Selection{Selection::Kind::Connection, 7} : Selection{});
        model.refresh(10 * eventsPerBlock);
        const auto& view = playhead.follower().view();
        QVERIFY(model.rowCount() > 0);
        QCOMPARE(model.eventAt(0) >= view.first(), true);
        QVERIFY(model.index(0, EventListModel::Number).data().isValid());
    }
    QVERIFY(playhead.follower().view().first() > 0);
}

void WindowModelsTest::eventListFindsRowsOfAFilter() {
    const auto sample = proactorSample();
    Playhead playhead;
    playhead.show(sample.recording(), true);
    followAll(playhead);
    EventListModel model(playhead);
    model.setFilter({Selection::Kind::Thread, 1});
    QVERIFY(model.rowCount() > 2);
    const auto& view = playhead.follower().view();
    for (int row = 0; row < model.rowCount(); ++row) {
        QCOMPARE(int(view[model.eventAt(row)].actor), 1);
        QCOMPARE(model.rowAt(model.eventAt(row)), std::optional(row));
    }
    QCOMPARE(model.rowAt(view.end()), std::optional(model.rowCount() - 1));
}

void WindowModelsTest::metricsTellRatesAndPercentiles() {
    const auto sample = steadySample(1'000);
    Playhead playhead;
    playhead.show(sample.recording(), true);
    followAll(playhead);
    const auto& follower = playhead.follower();
    const auto values = follower.series().metrics(playhead.state(), follower.view());
    QVERIFY2(std::abs(values.requestsPerSecond - 100) < 1.5, qPrintable(QString::number(values.requestsPerSecond)));
    QVERIFY(values.windowSeconds >= 1);
    QVERIFY(values.firstByteP50.has_value());
    QVERIFY2(std::abs(*values.firstByteP50 - 50'000) <= 6'000, qPrintable(QString::number(*values.firstByteP50)));
    QVERIFY2(*values.firstByteP99 >= 97'000 && *values.firstByteP99 <= 100'000,
             qPrintable(QString::number(*values.firstByteP99)));
    QCOMPARE(playhead.eventsPerSecond(), 200.0);
}

void WindowModelsTest::metricsAreTheSameHoweverFollowed() {
    const auto sample = steadySample(2'000);
    Playhead atOnce;
    atOnce.show(sample.recording(), true);
    followAll(atOnce);
    Playhead inPieces;
    inPieces.show(sample.recording(), true);
    while (inPieces.end() < inPieces.recorded()) {
        inPieces.frame(0.016, std::chrono::microseconds(0)); // as little as it can
    }
    for (const std::size_t index : {sample.size(), std::size_t{1'700}, std::size_t{513}, std::size_t{3}}) {
        atOnce.seek(index);
        inPieces.seek(index);
        const auto one = atOnce.follower().series().metrics(atOnce.state(), atOnce.follower().view());
        const auto other = inPieces.follower().series().metrics(inPieces.state(), inPieces.follower().view());
        QCOMPARE(one.requestsPerSecond, other.requestsPerSecond);
        QCOMPARE(one.firstByteP50, other.firstByteP50);
        QCOMPARE(one.firstByteP99, other.firstByteP99);
        QCOMPARE(one.windowSeconds, other.windowSeconds);
    }
}

void WindowModelsTest::chartsKeepTheirSizeAndTheirSum() {
    const auto sample = steadySample(30'000); // 300 s
    Playhead playhead;
    playhead.show(sample.recording(), true);
    followAll(playhead);
    ChartSeries charts;
    for (int round = 0; round < 12; ++round) {
        charts.follow(playhead.follower().series());
        QVERIFY(charts.points().size() <= 240);
    }
    QVERIFY(charts.points().size() > 40);
    for (const auto& point : charts.points()) {
        QVERIFY2(std::abs(point.requestsPerSecond - 100) < 1, qPrintable(QString::number(point.requestsPerSecond)));
        QVERIFY(point.hasLatency);
        QVERIFY(point.p99 >= point.p50);
    }
}

void WindowModelsTest::queueTellsWhoPushed() {
    SampleRecording sample(infoOf("proactor-pool"));
    sample.startThread(1, "processor");
    sample.startThread(2, "dispatcher-1");
    sample.initiate(2, Operation::Read, 12, 88);
    sample.complete(1, Operation::Read, 12, 88, 1);
    sample.add(2, EventType::RequestParsed, {3, 0, 0, 0}, 18'000);
    Playhead playhead;
    playhead.show(sample.recording(), true);
    followAll(playhead);
    const auto listings = listQueues(playhead.state(), playhead.follower(), 10);
    QCOMPARE(listings.size(), std::size_t{1});
    QCOMPARE(listings[0].depth, std::size_t{1});
    const auto& item = listings[0].items.at(0);
    QCOMPARE(item.pushedBy, QStringLiteral("processor"));
    QVERIFY(item.waited >= 18'000);
    QVERIFY(item.what.contains(QStringLiteral("read of #12")));
    QCOMPARE(item.selection, (Selection{Selection::Kind::Operation, 88}));
}

void WindowModelsTest::everyEventTypeHasItsDetailWithoutHarm() {
    // Files may hold anything: no kind or value may be trusted.
    const Glossary glossary;
    for (int type = 0; type <= static_cast<int>(EventType::Count); ++type) {
        for (const int kind : {0, 1, 5, 200}) {
            for (const std::int64_t value : {std::int64_t{-5}, std::int64_t{0}, std::int64_t{123456}}) {
                Event event{};
                event.typeAndSequence = static_cast<std::uint32_t>(type);
                event.kindAndValue = Event::pack(static_cast<std::uint8_t>(kind), value);
                eventDetail(event, glossary);
                eventConnection(event);
                workOf(event);
            }
        }
    }
    Event event{};
    event.typeAndSequence = static_cast<std::uint32_t>(EventType::CallLeft);
    event.kindAndValue = Event::pack(static_cast<std::uint8_t>(SystemCall::Epoll), 3);
    QCOMPARE(eventDetail(event, glossary), QStringLiteral("epoll_wait, 3"));
}

void WindowModelsTest::frameStatisticsKeepTheLast240() {
    FrameStatistics statistics;
    for (int frame = 0; frame < 100; ++frame) {
        statistics.addInterval(100);
    }
    for (int frame = 0; frame < 240; ++frame) {
        statistics.addInterval(frame < 228 ? 16 : 40); // 5 % late
    }
    const auto recent = statistics.recentIntervals();
    QCOMPARE(recent.frames, std::size_t{240});
    QCOMPARE(recent.p50, 16.0);
    QCOMPARE(recent.p95, 16.0);
    QCOMPARE(recent.maximum, 40.0);
    QCOMPARE(recent.within33, 0.95);
    const auto all = statistics.allIntervals();
    QCOMPARE(all.frames, std::size_t{340});
    QCOMPARE(all.maximum, 100.0);
    QVERIFY(std::abs(all.within33 - 228.0 / 340) < 1e-9);
}

void WindowModelsTest::paceScaleGoesFromOneToFullSpeed() {
    QCOMPARE(PaceScale::paceAt(0), 1.0);
    QCOMPARE(PaceScale::paceAt(PaceScale::steps), 0.0);
    double last = 0;
    for (int position = 0; position < PaceScale::steps; ++position) {
        const double pace = PaceScale::paceAt(position);
        QVERIFY(pace >= last);
        last = pace;
        QVERIFY(std::abs(PaceScale::positionOf(pace) - position) <= 1);
    }
    QCOMPARE(last, PaceScale::fastest);
    QCOMPARE(PaceScale::positionOf(0), PaceScale::steps);
    QCOMPARE(PaceScale::text(0), QStringLiteral("full speed"));
}

void WindowModelsTest::numbersReadWell_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("count") << countText(88'310) << QStringLiteral("88,310");
    QTest::newRow("ns") << durationText(840) << QStringLiteral("840 ns");
    QTest::newRow("us") << durationText(12'420) << QStringLiteral("12.4 µs");
    QTest::newRow("ms") << durationText(3.1e6) << QStringLiteral("3.10 ms");
    QTest::newRow("nearly a second") << durationText(999.7e6) << QStringLiteral("1.00 s");
    QTest::newRow("moment") << momentText(12'004'318'000) << QStringLiteral("12.004 318");
    QTest::newRow("octets") << octetsText(312) << QStringLiteral("312 B");
    QTest::newRow("kilobytes") << octetsText(5'000) << QStringLiteral("5.00 KB");
    QTest::newRow("no rate") << rateText(0) << QStringLiteral("0");
    QTest::newRow("slow rate") << rateText(7.42) << QStringLiteral("7.4");
    QTest::newRow("rate") << rateText(12'480.4) << QStringLiteral("12,480");
}

void WindowModelsTest::numbersReadWell() {
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(text, expected);
}

QTEST_MAIN(WindowModelsTest)
#include "tst_window_models.moc"
