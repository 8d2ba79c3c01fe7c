// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/lesson_folder.h"
#include "gui/lesson/question_card.h"
#include "window_driver.h"

#include <QRadioButton>
#include <QTest>

using namespace lab;
using namespace lab::test;

/// If these fail, somebody who follows a lesson in the window is not where its text says, or does not come back.
class LessonPanelTest : public QObject {
    Q_OBJECT

private slots:
    void lessonSixToItsEnd();
    void beginsFromTheGuide();

private:
    static constexpr int patience = 30'000; // ms
};

namespace {

LessonPanel& panel(WindowDriver& driver) { return *driver.window().views().lesson; }

/// The window shows the place of the lesson's page.
bool isAtPlace(WindowDriver& driver) {
    auto& lesson = panel(driver);
    const auto place = lesson.isOpen() ? lesson.run().place() : std::nullopt;
    return lesson.isThere() && !lesson.isAway() && place && driver.playhead().position() == *place + 1;
}

QuestionCard* cardWithoutAnswer(WindowDriver& driver) {
    for (auto* card : panel(driver).findChildren<QuestionCard*>()) {
        if (card->isVisibleTo(&panel(driver)) && !card->isAnswered()) {
            return card;
        }
    }
    return nullptr;
}

} // namespace

void LessonPanelTest::lessonSixToItsEnd() {
    WindowDriver driver(lightScenario());
    QVERIFY(driver.waitForEvents(10));
    driver.window().openLesson(6);
    auto& lesson = panel(driver);
    QVERIFY(lesson.isOpen());
    QVERIFY(lesson.isVisible()); // brought into sight
    const auto pages = lesson.run().lesson().pages.size();
    for (std::size_t page = 0; page < pages; ++page) {
        QVERIFY2(QTest::qWaitFor([&] { return isAtPlace(driver); }, patience), qPrintable(QString::number(page)));
        QCOMPARE(lesson.run().page(), page);
        while (auto* card = cardWithoutAnswer(driver)) {
            auto* observe = card->findChild<QPushButton*>(QStringLiteral("observe"));
            QVERIFY(!observe->isEnabled()); // predict first
            card->findChild<QRadioButton*>()->click();
            QVERIFY(observe->isEnabled());
            observe->click();
            QVERIFY(QTest::qWaitFor([&] { return card->isAnswered() && isAtPlace(driver); }, patience));
            QVERIFY(!card->findChild<QLabel*>(QStringLiteral("verdict"))->text().isEmpty());
        }
        if (page == 4) { // wanders off: elsewhere in this run, then into another one
            driver.playhead().toStart();
            QVERIFY(QTest::qWaitFor([&] { return lesson.isAway(); }, patience));
            driver.click("lessonReturn");
            QVERIFY(QTest::qWaitFor([&] { return isAtPlace(driver); }, patience));
            const auto recording = driver.session().recording();
            driver.window().chooseModel(QStringLiteral("reactor"));
            QVERIFY(driver.waitForModel(QStringLiteral("reactor")));
            QVERIFY(QTest::qWaitFor([&] { return lesson.isAway(); }, patience));
            QCOMPARE(lesson.run().page(), page); // the lesson keeps its page
            driver.click("lessonReturn");
            QVERIFY(QTest::qWaitFor([&] { return isAtPlace(driver); }, patience));
            QCOMPARE(driver.session().recording()->info().model, std::string("proactor"));
            QVERIFY(driver.session().recording() != recording); // a new run, at the same place
        }
        if (page + 2 < pages) {
            driver.press(Qt::Key_PageDown, Qt::ControlModifier);
        } else if (page + 1 < pages) {
            driver.click("lessonNext");
        }
    }
    QVERIFY(!driver.find<QPushButton>("lessonNext")->isEnabled());
    const auto* focused = driver.window().focusWidget();
    QVERIFY2(focused == driver.find<QPushButton>("lessonBack"), "the keyboard has left the lesson");

    // Back again: nothing is run anew, and what was answered stays answered.
    const auto recording = driver.session().recording();
    driver.click("lessonBack");
    QVERIFY(QTest::qWaitFor([&] { return isAtPlace(driver); }, patience));
    QCOMPARE(lesson.run().page(), pages - 2);
    QVERIFY(driver.session().recording() == recording);
    QVERIFY(cardWithoutAnswer(driver) == nullptr);
    driver.click("lessonAll");
    QVERIFY(!lesson.isOpen());
}

void LessonPanelTest::beginsFromTheGuide() {
    WindowDriver driver(lightScenario());
    QVERIFY(driver.waitForEvents(10));
    driver.window().showView(driver.window().views().guide);
    driver.click("guideLesson1");
    QVERIFY(panel(driver).isOpen() && panel(driver).isVisible());
    QCOMPARE(panel(driver).run().lesson().id, std::string("01-one-thread"));
    QVERIFY(QTest::qWaitFor([&] { return isAtPlace(driver); }, patience));
    QCOMPARE(driver.session().recording()->info().model, std::string("iterative"));
    QVERIFY(driver.session().wasStepped()); // no measurement
}

QTEST_MAIN(LessonPanelTest)
#include "tst_lesson_panel.moc"
