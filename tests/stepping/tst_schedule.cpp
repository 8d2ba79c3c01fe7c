// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stepping/schedule.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace lab {

/// If these fail, a schedule that somebody saved cannot be read again, or a mistake in one cannot be found.
class ScheduleTest : public QObject {
    Q_OBJECT

private slots:
    void writtenOnesAreReadBack();
    void mistakesNameLineAndField_data();
    void mistakesNameLineAndField();
    void filesThatCannotBeUsedAreTold();

private:
    QTemporaryDir m_folder;
};

namespace {

const std::string good = R"({
  "format": "proactor-lab schedule",
  "version": 1,
  "model": "proactor-pool",
  "scenario": "light-load",
  "seed": 11,
  "threads": 4,
  "turns": [
    ["processor", "ThreadStarted", 0, 0, 0],
    ["dispatcher-1", "HookEntered", 4, 3, 14]
  ]
}
)";

std::string with(const std::string& what, const std::string& instead) {
    auto text = good;
    const auto at = text.find(what);
    return at == std::string::npos ? std::string() : text.replace(at, what.size(), instead);
}

} // namespace

void ScheduleTest::writtenOnesAreReadBack() {
    const auto read = Schedule::parse(good, "x");
    QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
    QCOMPARE(read->model, std::string("proactor-pool"));
    QCOMPARE(read->scenario, std::string("light-load"));
    QCOMPARE(read->seed, std::uint64_t{11});
    QCOMPARE(read->threads, 4U);
    QCOMPARE(read->turns.size(), std::size_t{2});
    const Turn turn{"dispatcher-1", EventType::HookEntered, 4, 3, 14};
    QVERIFY(read->turns[1] == turn);
    QCOMPARE(turn.words(), std::string("dispatcher-1: hook entered, connection 3, operation 14"));
    QCOMPARE(read->text(), good);

    // Every type, a name with everything in it, and a run without a scenario.
    Schedule all{.model = "m", .scenario = {}, .seed = 0, .threads = 0, .turns = {}};
    for (int type = 0; type < static_cast<int>(EventType::Count); ++type) {
        all.turns.push_back({"\"quoted\\\" \xc3\xa4", static_cast<EventType>(type), 255, 4'294'967'295, 4'294'967'295});
    }
    const auto file = m_folder.filePath("all.json").toStdString();
    QVERIFY(all.write(file).has_value());
    const auto again = Schedule::read(file);
    QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
    QVERIFY(again->turns == all.turns);
}

void ScheduleTest::mistakesNameLineAndField_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const std::string& text, const char* says) {
        QTest::newRow(name) << QString::fromStdString(text) << says;
    };
    row("not JSON", "{", "x:");
    row("another format", with("proactor-lab schedule", "other"), "x:2: format: ");
    row("newer", with("\"version\": 1", "\"version\": 2"), "x:3: version: ");
    row("model", with("\"proactor-pool\"", "7"), "x:4: model: ");
    row("no model", with("  \"model\": \"proactor-pool\",\n", ""), "model: ");
    row("seed", with("11", "-1"), "x:6: seed: ");
    row("threads", with("\"threads\": 4", "\"threads\": 1001"), "x:7: threads: ");
    row("unknown field", with("\"threads\"", "\"thread\""), "x:7: thread: unknown field; did you mean \"threads\"?");
    row("turns", with("[\n    [\"proc", "[ 3, [\"proc"), "turns[0]: must be a list of five");
    row("short turn", with(", 14]", "]"), "x:10: turns[1]: must be a list of five");
    row("thread", with("\"dispatcher-1\"", "\"\""), "x:10: turns[1][0]: ");
    row("type", with("HookEntered", "HookEnterd"), "turns[1][1]: there is no event type \"HookEnterd\"; did you mean");
    row("kind", with(" 4, 3, 14", " 256, 3, 14"), "turns[1][2]: kind must be a whole number from 0 to 255");
    row("connection", with(" 4, 3, 14", " 4, 3.5, 14"), "turns[1][3]: connection must be");
    row("operation", with(" 4, 3, 14", " 4, 3, \"a\""), "turns[1][4]: operation must be");
}

void ScheduleTest::mistakesNameLineAndField() {
    QFETCH(const QString, text);
    QFETCH(const QString, says);
    QVERIFY(!text.isEmpty());
    const auto read = Schedule::parse(text.toStdString(), "x");
    QVERIFY(!read.has_value());
    QVERIFY2(read.error().message.find(says.toStdString()) != std::string::npos, read.error().message.c_str());
    QVERIFY2(read.error().message.starts_with("x:"), read.error().message.c_str());
}

void ScheduleTest::filesThatCannotBeUsedAreTold() {
    const auto missing = m_folder.filePath("missing.json").toStdString();
    QVERIFY(Schedule::read(missing).error().message.find(missing) != std::string::npos);
    QVERIFY(!Schedule::read(m_folder.path().toStdString()).has_value());
    const auto nowhere = m_folder.filePath("no/such/folder.json").toStdString();
    QVERIFY(Schedule().write(nowhere).error().message.find(nowhere) != std::string::npos);
}

} // namespace lab

QTEST_APPLESS_MAIN(lab::ScheduleTest)
#include "tst_schedule.moc"
