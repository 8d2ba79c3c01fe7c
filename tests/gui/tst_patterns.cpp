// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/scenario_folder.h"
#include "engine/concurrency/model.h"
#include "engine/pattern/pattern.h"
#include "gui/view/patterns_view.h"
#include "gui/view/source_view.h"
#include "window_driver.h"

#include <QFile>
#include <QSignalSpy>
#include <QTest>

namespace lab {

using test::WindowDriver;

namespace {

QString text(std::string_view words) { return QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size())); }

} // namespace

/// If these fail, the patterns' page leads nowhere, or says something of the engine that is not so.
class PatternsTest : public QObject {
    Q_OBJECT

private slots:
    void everyPlayerIsDeclaredWhereThePageSays_data();
    void everyPlayerIsDeclaredWhereThePageSays();
    void everyRunExists_data() { rows(); }
    void everyRunExists();
    void anAnnouncementIsNoDeclaration();
    void aClickShowsTheClassAndTheWayBack();
    void aClickBeginsTheRun();

private:
    static void rows();
};

void PatternsTest::rows() {
    QTest::addColumn<int>("index");
    int index = 0;
    for (const auto& pattern : patterns()) {
        QTest::newRow(std::string(pattern.id).c_str()) << index++;
    }
}

void PatternsTest::everyPlayerIsDeclaredWhereThePageSays_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("name");
    for (const auto& pattern : patterns()) {
        for (const auto& player : pattern.players) {
            const auto row = std::string(pattern.id) + ": " + std::string(player.name);
            QTest::newRow(row.c_str()) << text(player.file) << text(player.name);
        }
    }
}

void PatternsTest::everyPlayerIsDeclaredWhereThePageSays() {
    QFETCH(const QString, file);
    QFETCH(const QString, name);
    const auto header = SourceView::compiledText(file);
    QVERIFY2(!header.isEmpty(), "the program does not carry this file");
    QVERIFY(declarationLine(header.toStdString(), name.toStdString()) > 0);
}

void PatternsTest::everyRunExists() {
    QFETCH(const int, index);
    const auto& pattern = patterns()[static_cast<std::size_t>(index)];
    QVERIFY(pattern.model.empty() || findModel(pattern.model) != nullptr);
    QVERIFY(QFile::exists(QString::fromStdString(scenarioFolder()) + QLatin1Char('/') + text(pattern.scenario) +
                          QStringLiteral(".json")));
    QVERIFY(!pattern.players.empty() || !pattern.departure.empty());
}

void PatternsTest::anAnnouncementIsNoDeclaration() {
    const std::string_view header =
        "// class Gate is elsewhere\nclass Gate;\nclass GateKeeper {};\nclass Gate final {\n";
    QCOMPARE(declarationLine(header, "Gate"), 4);
    QCOMPARE(declarationLine(header, "GateKeeper"), 3);
    QCOMPARE(declarationLine(header, "Keeper"), 0);
}

void PatternsTest::aClickShowsTheClassAndTheWayBack() {
    WindowDriver driver(test::lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(50));
    auto* page = driver.find<QTextBrowser>("patternsText");
    auto* source = driver.window().findChild<SourceView*>();
    emit page->anchorClicked(QUrl(QStringLiteral("source:engine/dispatch/completion_queue.h#CompletionQueue")));
    QVERIFY(source->isVisible());
    QCOMPARE(source->shownFile(), QStringLiteral("engine/dispatch/completion_queue.h"));
    const auto lines = source->shownText().split(QLatin1Char('\n'));
    QVERIFY(lines.at(source->shownLine() - 1).contains(QStringLiteral("CompletionQueue")));
    QTest::qWait(200); // events go on; the class stays
    QCOMPARE(source->shownFile(), QStringLiteral("engine/dispatch/completion_queue.h"));
    driver.click("sourceBack");
    QTRY_VERIFY(source->shownFile() != QStringLiteral("engine/dispatch/completion_queue.h"));
}

void PatternsTest::aClickBeginsTheRun() {
    WindowDriver driver(test::lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(50));
    emit driver.find<QTextBrowser>("patternsText")->anchorClicked(QUrl(QStringLiteral("run:first-light#proactor")));
    QVERIFY(driver.waitForModel(QStringLiteral("proactor")));
}

} // namespace lab

QTEST_MAIN(lab::PatternsTest)
#include "tst_patterns.moc"
