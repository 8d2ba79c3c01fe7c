// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/lesson_folder.h"
#include "engine/cli/scenario_folder.h"
#include "engine/lesson/lesson_walk.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTest>

namespace lab {

/// If these fail, a lesson of the lab does not reach its places, or says of a step or an answer what is not so.
class LessonsTest : public QObject {
    Q_OBJECT

private slots:
    void isGoneThroughToItsEnd_data();
    void isGoneThroughToItsEnd();
    void isShortEnoughToBeRead_data() { isGoneThroughToItsEnd_data(); }
    void isShortEnoughToBeRead();
    void thereAreNine();
};

namespace {

std::vector<std::string> files() { return lessonFiles(LAB_SOURCE_DIR "/lessons"); }

} // namespace

void LessonsTest::isGoneThroughToItsEnd_data() {
    QTest::addColumn<QString>("file");
    for (const auto& file : files()) {
        const auto name = QString::fromStdString(file);
        QTest::newRow(qPrintable(QFileInfo(name).baseName())) << name;
    }
}

/// Each stop is reached, each numbered step is the one it says it is, and each answer that the run gives is one of
/// the choices: walkLesson() fails otherwise.
void LessonsTest::isGoneThroughToItsEnd() {
    QFETCH(QString, file);
    const auto lesson = checkLesson(file.toStdString());
    QVERIFY2(lesson.has_value(), lesson ? "" : lesson.error().message.c_str());
    constexpr qint64 longest = 60'000; // ms: far more than it takes, far less than waiting for something in vain
    QElapsedTimer time;
    time.start();
    std::size_t pages = 0;
    std::size_t questions = 0;
    std::string stopsInvalid;
    const auto walked = walkLesson(*lesson, findScenario, [&](const WalkedPage& page) {
        const auto& written = lesson->pages[pages++];
        questions += page.questions.size();
        if (!written.stops.empty() && (!page.stop || page.narration.empty())) {
            stopsInvalid += written.title + "; ";
        }
        for (const auto& question : page.questions) {
            stopsInvalid +=
                question.text.empty() || question.why.find('{') != std::string::npos ? question.ask + "; " : "";
        }
    });
    if (!walked && walked.error().message.find("cannot run here") != std::string::npos) {
        QSKIP(walked.error().message.c_str());
    }
    QVERIFY2(walked.has_value(), walked ? "" : walked.error().message.c_str());
    QCOMPARE(pages, lesson->pages.size());
    QCOMPARE(QString::fromStdString(stopsInvalid), QString{});
    QVERIFY(questions >= 2);
    QVERIFY(time.elapsed() < longest);
}

/// A page is read beside the stage, or at a projector.
void LessonsTest::isShortEnoughToBeRead() {
    QFETCH(QString, file);
    const auto lesson = readLesson(file.toStdString());
    QVERIFY(lesson.has_value());
    QVERIFY(lesson->pages.size() >= 6 && lesson->pages.size() <= 10);
    QVERIFY(!lesson->about.empty());
    constexpr auto mostWords = 130;
    for (const auto& page : lesson->pages) {
        const auto words =
            QString::fromStdString(page.text).split(QRegularExpression("\\s+"), Qt::SkipEmptyParts).size();
        QVERIFY2(words >= 25 && words <= mostWords,
                 qPrintable(QString::fromStdString(page.title) + QString(": %1 words").arg(words)));
    }
}

void LessonsTest::thereAreNine() { QCOMPARE(files().size(), 9u); }

} // namespace lab

QTEST_APPLESS_MAIN(lab::LessonsTest)
#include "tst_lessons.moc"
