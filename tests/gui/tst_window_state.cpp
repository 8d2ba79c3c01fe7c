// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/command.h"
#include "engine/concurrency/model.h"
#include "engine/run/lab_run.h"
#include "engine/state/state_json.h"
#include "engine/trace/recording_file.h"
#include "gui/window/lab_window.h"
#include "gui/window/recording_ending.h"
#include "window_driver.h"

#include <QTemporaryDir>
#include <QTest>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <random>
#include <sstream>

using namespace lab;
using namespace lab::test;

namespace {

constexpr std::size_t leastEvents = 100'000;
constexpr int places = 100;

/// Runs `model` as fast as it goes until enough is recorded, and keeps the recording in `file`.
Result<std::size_t> record(const std::string& model, const std::string& file) {
    LabRun::Options options;
    auto scenario = readScenario(busyScenario().toStdString());
    if (!scenario) {
        return scenario.error();
    }
    options.scenario = *scenario;
    options.server.model = model;
    options.repeat = true;
    auto run = LabRun::start(std::move(options));
    if (!run) {
        return run.error();
    }
    const auto recording = (*run)->recording();
    while (recording->end() < leastEvents) {
        (*run)->waitForTraffic(std::chrono::milliseconds(2));
    }
    (*run)->stop();
    if (const auto written = writeRecording(recording, file); !written) {
        return written.error();
    }
    return recording->end();
}

} // namespace

/// What the window shows at an event is what the headless program prints for the same event.
class WindowStateTest : public QObject {
    Q_OBJECT

private slots:
    void windowShowsWhatStatePrints_data();
    void windowShowsWhatStatePrints();
};

void WindowStateTest::windowShowsWhatStatePrints_data() {
    QTest::addColumn<QString>("model");
    for (const auto& model : models()) {
        if (model.whyUnavailable().empty()) {
            const auto id = QString::fromUtf8(model.id.data(), static_cast<qsizetype>(model.id.size()));
            QTest::newRow(qPrintable(id)) << id;
        }
    }
}

void WindowStateTest::windowShowsWhatStatePrints() {
    QFETCH(QString, model);
    const QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("run.") + recordingEnding);
    const auto events = record(model.toStdString(), file.toStdString());
    QVERIFY2(events.has_value(), events ? "" : events.error().message.c_str());
    QVERIFY(*events >= leastEvents);

    WindowDriver driver(file);
    QTRY_VERIFY_WITH_TIMEOUT(driver.session().isReplay() && driver.playhead().end() == *events, 120'000);
    const auto commands = engineCommands();
    std::mt19937 random(20'241);
    for (int place = 0; place < places; ++place) {
        const auto index = std::uniform_int_distribution<std::size_t>(1, *events)(random);
        driver.playhead().seek(index);
        QCOMPARE(driver.playhead().position(), index);
        std::ostringstream out;
        std::ostringstream err;
        const std::vector<std::string> arguments{"state", file.toStdString(), "--at", std::to_string(index), "--json"};
        QCOMPARE(runCommandLine(commands, arguments, out, err), int(exitDone));
        QVERIFY2(driver.shownState() + '\n' == out.str(), qPrintable(QStringLiteral("differs at event %1").arg(index)));
    }
}

QTEST_MAIN(WindowStateTest)
#include "tst_window_state.moc"
