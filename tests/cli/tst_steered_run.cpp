// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_outcome.h"
#include "engine/concurrency/model.h"
#include "engine/stepping/schedule.h"
#include "engine/trace/recording_file.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace lab {

/// If these fail, an order of events that was found without the window cannot be found again.
class SteeredRunTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void schedulesAreWrittenAndFollowed_data();
    void schedulesAreWrittenAndFollowed();
    void firstDifferenceIsTold();
    void endsAtTheCondition();
    void pacedRunsAreSlow();
    void mistakesAreTold_data();
    void mistakesAreTold();

private:
    std::string file(const char* name) const { return m_folder.filePath(name).toStdString(); }

    QTemporaryDir m_folder;
};

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

void SteeredRunTest::initTestCase() {
    QFile scenario(m_folder.filePath("small.json"));
    QVERIFY(scenario.open(QIODevice::WriteOnly));
    scenario.write(R"({"title": "Small", "seed": 3, "files": [{"path": "a.txt", "octets": 500}],
        "phases": [{"name": "p", "seconds": 60, "groups": [{"name": "g", "clients": 4, "thinkSeconds": 0.002}]}]})");
}

void SteeredRunTest::schedulesAreWrittenAndFollowed_data() {
    QTest::addColumn<QString>("model");
    for (const auto& model : models()) {
        if (model.whyUnavailable().empty()) {
            const auto name = QString::fromUtf8(model.id.data(), static_cast<qsizetype>(model.id.size()));
            QTest::newRow(qPrintable(name)) << name;
        }
    }
}

void SteeredRunTest::schedulesAreWrittenAndFollowed() {
    QFETCH(const QString, model);
    const auto first =
        CommandOutcome::of({"run", file("small.json"), "--model", model.toStdString(), "--choose", "9", "--until",
                            "event >= 700", "--record-schedule", file("order.json"), "--trace", file("a.prolab")});
    QCOMPARE(first.err, "");
    QCOMPARE(first.code, 0);
    QVERIFY(has(first.out, "The run was stepped: its times are no measurement."));
    const auto schedule = Schedule::read(file("order.json"));
    QVERIFY(schedule.has_value());
    QVERIFY(schedule->turns.size() > 300);
    QCOMPARE(schedule->model, model.toStdString());

    // Model, seed and threads are the schedule's.
    const auto second =
        CommandOutcome::of({"run", file("small.json"), "--schedule", file("order.json"), "--trace", file("b.prolab")});
    QCOMPARE(second.err, "");
    QCOMPARE(second.code, 0);
    const auto compared = CommandOutcome::of({"compare", file("a.prolab"), file("b.prolab")});
    QCOMPARE(compared.err, "");
    QVERIFY2(compared.code == 0, compared.out.c_str());
    QCOMPARE(compared.out,
             "the same: " + std::to_string(schedule->turns.size()) + " pattern events in the same order\n");
    QVERIFY(has(CommandOutcome::of({"check", file("order.json")}).out, "a schedule of " + schedule->model));
}

void SteeredRunTest::firstDifferenceIsTold() {
    const auto record = [&](const char* seed, const char* name) {
        return CommandOutcome::of({"run", file("small.json"), "--model", "proactor-pool", "--choose", seed, "--until",
                                   "event >= 500", "--trace", file(name)});
    };
    QCOMPARE(record("1", "one.prolab").code, 0);
    QCOMPARE(record("2", "two.prolab").code, 0);
    const auto compared = CommandOutcome::of({"compare", file("one.prolab"), file("two.prolab"), "--before", "2"});
    QCOMPARE(compared.code, 1);
    QCOMPARE(compared.err, "");
    QVERIFY2(has(compared.out, "pattern events are the same; then:\n"), compared.out.c_str());
    QVERIFY(has(compared.out, "  A  event "));
    QVERIFY(has(compared.out, "  B  event "));
    QCOMPARE(CommandOutcome::of({"compare", file("one.prolab"), file("one.prolab")}).code, 0);
    QCOMPARE(CommandOutcome::of({"compare", file("one.prolab")}).code, 2);
    QCOMPARE(CommandOutcome::of({"compare", file("one.prolab"), file("missing.prolab")}).code, 2);
}

void SteeredRunTest::endsAtTheCondition() {
    const auto outcome = CommandOutcome::of({"run", file("small.json"), "--model", "reactor", "--until",
                                             "connections >= 3", "--trace", file("until.prolab")});
    QCOMPARE(outcome.err, "");
    QCOMPARE(outcome.code, 0);
    const auto read = readRecording(file("until.prolab"));
    QVERIFY(read.has_value());
    const auto view = read->recording->view();
    int accepted = 0;
    for (auto index = view.first(); index < view.end() && view[index].type() != EventType::DrainStarted; ++index) {
        accepted += view[index].type() == EventType::ConnectionAccepted ? 1 : 0;
    }
    QCOMPARE(accepted, 3);
    QVERIFY(read->recording->info().stepped);
}

void SteeredRunTest::pacedRunsAreSlow() {
    const auto outcome = CommandOutcome::of({"run", file("small.json"), "--model", "proactor", "--pace", "400",
                                             "--until", "event >= 100", "--trace", file("paced.prolab")});
    QCOMPARE(outcome.err, "");
    const auto read = readRecording(file("paced.prolab"));
    QVERIFY(read.has_value());
    const auto view = read->recording->view();
    // A hundred events at 2.5 ms each, less what may be made up for and those of the server's own start.
    QVERIFY(view[100].time - view[20].time > 150'000'000);
}

void SteeredRunTest::mistakesAreTold_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const QStringList& arguments, const char* says) {
        QTest::newRow(name) << arguments << says;
    };
    row("choose", {"--choose", "often"}, "--choose: \"often\" must be random, round-robin, or a whole number");
    row("until", {"--until", "completions"}, "--until: there is no condition \"completions\"; did you mean");
    row("pace", {"--pace", "0"}, "--pace must be a number from 0.01 to 1000000");
    row("untraced", {"--choose", "1", "--untraced"}, "without --untraced");
    row("several", {"--record-schedule", "x", "--model", "all"}, "one model at a time");
    row("no schedule", {"--schedule", "/missing.json"}, "cannot read /missing.json");
}

void SteeredRunTest::mistakesAreTold() {
    QFETCH(const QStringList, arguments);
    QFETCH(const QString, says);
    std::vector<std::string> all{"run", file("small.json")};
    for (const auto& argument : arguments) {
        all.push_back(argument.toStdString());
    }
    const auto outcome = CommandOutcome::of(all);
    QCOMPARE(outcome.code, 2);
    QVERIFY2(has(outcome.err, says.toStdString()), outcome.err.c_str());
}

} // namespace lab

QTEST_GUILESS_MAIN(lab::SteeredRunTest)
#include "tst_steered_run.moc"
