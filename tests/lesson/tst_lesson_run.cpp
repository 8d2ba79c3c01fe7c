// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/scenario_folder.h"
#include "engine/lesson/lesson_run.h"
#include "engine/lesson/lesson_walk.h"
#include "engine/lesson/solitary_bench.h"

#include <QTest>

namespace lab {

/// If these fail, a lesson loses its place when somebody goes back and forth, or away; or it says that it is where it
/// is not.
class LessonRunTest : public QObject {
    Q_OBJECT

private slots:
    void goesBackAndForthInTheSameRun();
    void stopsWhereAQuestionWasObserved();
    void comesBackAfterAnotherRun();
    void comparesItsRuns();
    void saysWhatDoesNotComeAbout_data();
    void saysWhatDoesNotComeAbout();
};

namespace {

constexpr const char* run = "```lab\nscenario: lesson-one-client\nmodel: proactor\n";

Lesson lessonOf(const std::string& pages) {
    auto lesson = parseLesson("# Test\n" + pages, "test.md");
    if (!lesson) {
        qFatal("%s", lesson.error().message.c_str());
    }
    return *lesson;
}

/// Goes on until the page's place is reached, or cannot be.
void settle(LessonRun& lesson, SolitaryBench& bench) {
    while (lesson.phase() == LessonRun::Phase::Starting || lesson.phase() == LessonRun::Phase::Driving) {
        lesson.poll();
        bench.wait();
    }
}

void enter(LessonRun& lesson, SolitaryBench& bench, std::size_t page) {
    lesson.enter(page);
    settle(lesson, bench);
}

} // namespace

void LessonRunTest::goesBackAndForthInTheSameRun() {
    SolitaryBench bench(findScenario);
    LessonRun lesson(lessonOf("## 1\n" + std::string(run) +
                              "until: accept\n```\n## 2\n```lab\nuntil: request-done\n```\n"
                              "## 3\nNo stop.\n"),
                     bench);
    enter(lesson, bench, 0);
    const auto first = lesson.place();
    enter(lesson, bench, 1);
    const auto second = lesson.place();
    QVERIFY(first && second && *first < *second);
    const auto recording = bench.recording();
    const auto end = recording->end();
    enter(lesson, bench, 0);
    QCOMPARE(*lesson.place(), *first);
    enter(lesson, bench, 1);
    QCOMPARE(*lesson.place(), *second);
    enter(lesson, bench, 2);
    QCOMPARE(*lesson.place(), *second);
    QVERIFY(bench.recording() == recording);
    // The server has made no event for all that (the sampler may have).
    for (auto index = end; index < recording->end(); ++index) {
        QVERIFY(recording->view()[index].type() >= EventType::ResourceSampled);
    }
}

void LessonRunTest::stopsWhereAQuestionWasObserved() {
    SolitaryBench bench(findScenario);
    LessonRun lesson(
        lessonOf("## 1\n" + std::string(run) +
                 "until: listening\n```\n```question\nask: When?\nunit: times\nobserve: accept\nanswer: count "
                 "accept\n```\n## 2\n```lab\nuntil: accept\n```\n"),
        bench);
    enter(lesson, bench, 0);
    QVERIFY(!lesson.answer(0, 0).has_value()); // not observed yet
    lesson.observe(0);
    settle(lesson, bench);
    const auto observed = lesson.place();
    const auto answer = lesson.answer(0, 0);
    QVERIFY(answer.has_value());
    QCOMPARE(answer->text, std::string("1"));
    enter(lesson, bench, 1);
    QCOMPARE(lesson.place(), observed);
}

void LessonRunTest::comesBackAfterAnotherRun() {
    SolitaryBench bench(findScenario);
    LessonRun lesson(
        lessonOf("## 1\n" + std::string(run) + "until: accept\n```\n## 2\n```lab\nuntil: request-done\n```\n"), bench);
    enter(lesson, bench, 1);
    QVERIFY(lesson.hasItsRun());
    LessonSetup other;
    other.scenario = "lesson-two-clients";
    other.model = "reactor";
    bench.start(other);
    QVERIFY(!lesson.hasItsRun());
    lesson.restore();
    settle(lesson, bench);
    QVERIFY(lesson.phase() == LessonRun::Phase::There);
    QVERIFY(lesson.hasItsRun());
    QCOMPARE(bench.recording()->info().model, std::string("proactor"));
    QVERIFY(bench.recording()->view()[*lesson.place()].type() == EventType::ResponseSent);
}

void LessonRunTest::comparesItsRuns() {
    SolitaryBench bench(findScenario);
    const std::string other = "```lab\nscenario: lesson-one-client\nmodel: thread-pool\nthreads: 3\n";
    LessonRun lesson(
        lessonOf("## 1\n" + std::string(run) + "until: request-done\nuntil: blocked\n```\n## 2\n" + other +
                 "until: request-done\nuntil: blocked\n```\n```question\nask: Which?\nchoice: proactor\nchoice: "
                 "thread-pool\nanswer: highest threads-blocked\n```\n"),
        bench);
    enter(lesson, bench, 1);
    QVERIFY(!lesson.answer(1, 0).has_value()); // the first run was not made
    enter(lesson, bench, 0);
    enter(lesson, bench, 1);
    const auto answer = lesson.answer(1, 0);
    QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
    QCOMPARE(answer->text, std::string("thread-pool"));
}

void LessonRunTest::saysWhatDoesNotComeAbout_data() {
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, const std::string& page, const char* message) {
        QTest::newRow(name) << QString::fromStdString(page) << message;
    };
    const std::string begin = "## 1\n" + std::string(run);
    row("no scenario", "## 1\n```lab\nscenario: nowhere\nmodel: proactor\nuntil: accept\n```\n",
        "test.md:6: there is no scenario \"nowhere\"");
    row("not the step", begin + "until: accept of connection 1\nstep: proactor-get 4\n```\n", "test.md:7: event ");
    row("not among the choices",
        begin +
            "until: accept\n```\n```question\nask: How many?\nchoice: 7\nchoice: 8\nanswer: connections-open\n```\n",
        "test.md:8: the run's answer is \"1\", which is none of the choices");
    row("nothing to measure",
        begin + "until: accept\n```\n```question\nask: Who?\nchoices: threads\nanswer: thread-of readiness\n```\n",
        "test.md:8: there was no \"readiness\"");
}

void LessonRunTest::saysWhatDoesNotComeAbout() {
    QFETCH(QString, page);
    QFETCH(QString, message);
    const auto walked = walkLesson(lessonOf(page.toStdString()), findScenario, [](const WalkedPage&) {});
    QVERIFY(!walked.has_value());
    const auto said = QString::fromStdString(walked.error().message);
    QVERIFY2(said.startsWith(message), qPrintable(said));
}

} // namespace lab

QTEST_APPLESS_MAIN(lab::LessonRunTest)
#include "tst_lesson_run.moc"
