// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model.h"
#include "engine/state/state_history.h"
#include "gui/bridge/step_control.h"
#include "window_driver.h"

#include <QTest>
#include <QThread>

using namespace lab;
using namespace lab::test;

namespace {

constexpr std::size_t steps = 1'000;
constexpr int patience = 60'000; // ms

/// What a window does each frame, without one.
struct Frames {
    LabSession session;
    Playhead playhead;
    SharedSelection selection;
    StepControl control{session, playhead, selection};

    Frames() {
        QObject::connect(&session, &LabSession::recordingChanged, &playhead,
                         [this](bool grows) { playhead.show(session.recording(), grows); });
    }
    template <typename Condition>
    bool until(Condition condition) {
        QElapsedTimer timer;
        timer.start();
        while (!condition()) {
            QCoreApplication::processEvents();
            QThread::usleep(200); // the processors are the server's
            if (playhead.hasRecording()) {
                playhead.frame(0.0002, std::chrono::microseconds(5'000));
            }
            control.frame();
            if (timer.elapsed() > patience) {
                return false;
            }
        }
        return true;
    }
};

} // namespace

/// A thousand steps on, back and on again show the same states, which are those of the recording's own fold.
class PlayheadStepsTest : public QObject {
    Q_OBJECT

private slots:
    void aThousandForwardBackAndForward_data();
    void aThousandForwardBackAndForward();
};

void PlayheadStepsTest::aThousandForwardBackAndForward_data() {
    QTest::addColumn<QString>("model");
    for (const auto& model : models()) {
        if (model.whyUnavailable().empty()) {
            const auto id = QString::fromUtf8(model.id.data(), static_cast<qsizetype>(model.id.size()));
            QTest::newRow(qPrintable(id)) << id;
        }
    }
}

void PlayheadStepsTest::aThousandForwardBackAndForward() {
    QFETCH(QString, model);
    const auto scenario = readScenario(lightScenario().toStdString());
    QVERIFY2(scenario.has_value(), scenario ? "" : scenario.error().message.c_str());
    Frames frames;
    auto& playhead = frames.playhead;
    RunRequest request;
    request.scenario = *scenario;
    request.server.model = model.toStdString();
    request.startHeld = true;
    frames.session.start(std::move(request));
    QVERIFY(frames.until([&] { return frames.control.isHeld(); }));
    const auto start = playhead.position();
    std::vector<LabState> states;
    for (std::size_t step = 1; step <= steps; ++step) {
        frames.control.forward(1);
        QVERIFY2(frames.until([&] { return playhead.position() == start + step; }),
                 qPrintable(QStringLiteral("step %1: %2").arg(step).arg(frames.control.status())));
        states.push_back(playhead.state());
    }
    for (std::size_t step = steps - 1; step > 0; --step) {
        frames.control.forward(-1);
        QCOMPARE(playhead.position(), start + step);
        QVERIFY(playhead.state() == states[step - 1]);
    }
    frames.control.forward(-1);
    for (std::size_t step = 1; step <= steps; ++step) {
        frames.control.forward(1);
        QCOMPARE(playhead.position(), start + step);
        QVERIFY(playhead.state() == states[step - 1]);
    }
    StateHistory history(frames.session.recording());
    while (history.newest().next < start + steps) {
        history.follow(start + steps - history.newest().next);
    }
    for (std::size_t step = 1; step <= steps; ++step) {
        QVERIFY2(history.at(start + step) == states[step - 1], qPrintable(QString::number(start + step)));
    }
}

QTEST_MAIN(PlayheadStepsTest)
#include "tst_playhead_steps.moc"
