// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/challenge/challenge.h"
#include "engine/trace/recording_file.h"
#include "tests/cli/command_outcome.h"

#include <QTemporaryDir>
#include <QtTest>
#include <boost/json/parse.hpp>

using namespace lab;

/// The challenges without a window.
class ChallengeCommandTest : public QObject {
    Q_OBJECT

private slots:
    void listsAll();
    void findsTheShortestAndProvesTheMended();
    void playsAnOrderAndRecordsIt();
    void mistakesAreTold_data();
    void mistakesAreTold();
};

void ChallengeCommandTest::listsAll() {
    const auto text = CommandOutcome::of({"challenge"});
    QCOMPARE(text.code, int(exitDone));
    const auto list = boost::json::parse(CommandOutcome::of({"challenge", "--json"}).out).as_array();
    QCOMPARE(list.size(), challenges().size());
    for (const auto& challenge : challenges()) {
        const std::string id(challenge.id);
        QVERIFY(text.out.find(id) != std::string::npos);
        const auto told = CommandOutcome::of({"challenge", id});
        QCOMPARE(told.code, int(exitDone));
        for (const auto words : {challenge.story, challenge.task, modelNotice, challenge.threads.front()}) {
            QVERIFY(told.out.find(words) != std::string::npos);
        }
    }
}

void ChallengeCommandTest::findsTheShortestAndProvesTheMended() {
    for (const auto& challenge : challenges()) {
        const std::string id(challenge.id);
        const auto found = CommandOutcome::of({"challenge", id, "--find", "--json"});
        QCOMPARE(found.code, int(exitDone));
        const auto object = boost::json::parse(found.out).as_object();
        QVERIFY(object.at("solved").as_bool());
        QVERIFY(object.at("found").as_bool());
        QVERIFY(!object.at("explanation").as_string().empty());
        // What was found can be played by name.
        std::string order;
        for (const auto& step : object.at("steps").as_array()) {
            QVERIFY(!step.at("events").as_array().empty());
            order += (order.empty() ? "" : ",") + std::string(step.at("thread").as_string());
        }
        QCOMPARE(CommandOutcome::of({"challenge", id, "--order", order}).code, int(exitDone));

        const auto mended = CommandOutcome::of({"challenge", id, "--find", "--mended"});
        QCOMPARE(mended.code, int(exitFailed));
        QVERIFY(mended.out.find("No order shows the fault") != std::string::npos);
        const auto json = boost::json::parse(CommandOutcome::of({"challenge", id, "--find", "--mended", "--json"}).out);
        QVERIFY(!json.at("found").as_bool());
        QVERIFY(json.at("states").to_number<int>() > 20);
    }
}

void ChallengeCommandTest::playsAnOrderAndRecordsIt() {
    const QTemporaryDir folder;
    const auto file = folder.filePath("challenge.plrec").toStdString();
    const auto played = CommandOutcome::of(
        {"challenge", "lost-wake-up", "--order", "dispatcher-1, 2,processor,processor,3,3,3,1,2", "--record", file});
    QVERIFY2(played.code == exitDone, played.err.c_str());
    QVERIFY(played.out.find("Solved.") != std::string::npos);
    QVERIFY(played.out.find("CompletionQueue::pop") != std::string::npos);
    const auto read = readRecording(file);
    QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
    QVERIFY(read->whole);
    QCOMPARE(read->recording->info().model, std::string("lost-wake-up"));
    const auto events = CommandOutcome::of({"events", file, "--thread", "dispatcher-2"});
    QCOMPARE(events.code, int(exitDone));
    QVERIFY(events.out.find("looks into the completion queue") != std::string::npos);

    const auto lucky = CommandOutcome::of({"challenge", "lost-wake-up", "--order", "1,1"});
    QCOMPARE(lucky.code, int(exitFailed));
    QVERIFY(lucky.out.find("Who can go now") != std::string::npos);
}

void ChallengeCommandTest::mistakesAreTold_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("told");
    QTest::newRow("name") << QStringList{"nothing-of-the-kind"} << "nothing-of-the-kind";
    QTest::newRow("thread") << QStringList{"lost-wake-up", "--order", "1,nobody"} << "nobody";
    QTest::newRow("cannot go") << QStringList{"lost-wake-up", "--order", "1,1,1"} << "step 3";
    QTest::newRow("both") << QStringList{"lost-wake-up", "--find", "--order", "1"} << "--find and --order";
}

void ChallengeCommandTest::mistakesAreTold() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, told);
    std::vector<std::string> all{"challenge"};
    for (const auto& argument : arguments) {
        all.push_back(argument.toStdString());
    }
    const auto outcome = CommandOutcome::of(all);
    QCOMPARE(outcome.code, int(exitUsage));
    QVERIFY2(QString::fromStdString(outcome.err).contains(told), outcome.err.c_str());
}

QTEST_APPLESS_MAIN(ChallengeCommandTest)
#include "tst_challenge_command.moc"
