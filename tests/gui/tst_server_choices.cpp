// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/scenario_folder.h"
#include "engine/concurrency/combination.h"
#include "engine/dispatch/processor_list.h"
#include "gui/model/text.h"
#include "window_driver.h"

#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTest>

#include <memory>

using namespace lab;
using namespace lab::test;

namespace {

QComboBox& fieldOf(QObject& parent, const char* objectName) {
    return *parent.findChild<QComboBox*>(QString::fromLatin1(objectName));
}

QStandardItem* itemOf(QComboBox& field, std::string_view setting, std::string_view word) {
    const auto& words = findServerSetting(setting)->words;
    const auto found = std::ranges::find(words, word, &SettingWord::word);
    return qobject_cast<QStandardItemModel*>(field.model())->item(static_cast<int>(found - words.begin()));
}

/// As a person would: what cannot be chosen is not.
bool choose(QObject& parent, const char* objectName, std::string_view setting, std::string_view word) {
    auto& field = fieldOf(parent, objectName);
    const auto* item = itemOf(field, setting, word);
    if (!field.isEnabled() || !item->isEnabled()) {
        return false;
    }
    field.setCurrentIndex(item->row());
    return true;
}

std::string textOf(const ServerOptions& options, std::string_view setting) {
    return findServerSetting(setting)->text(options);
}

/// What the run on show was begun with.
std::string begunWith(WindowDriver& driver, const std::string& setting) {
    const auto info = driver.session().recording()->info();
    const auto found = info.settings.find(setting);
    return found == info.settings.end() ? std::string() : found->second;
}

void load(WindowDriver& driver, const char* scenario) {
    driver.window().loadScenario(text(scenarioFolder() + "/" + scenario + ".json"));
}

/// A new run is on show, of this scenario.
bool waitForRunOf(WindowDriver& driver, const std::string& scenario) {
    return QTest::qWaitFor(
        [&] {
            return driver.session().phase() == LabSession::Phase::Running && driver.playhead().hasRecording() &&
                   driver.session().recording()->info().scenario == scenario && driver.playhead().end() > 0;
        },
        30'000);
}

} // namespace

/// If these fail, the server in the window is not the one that was chosen, or a scenario leaves something of its own to the
/// next one.
class ServerChoicesTest : public QObject {
    Q_OBJECT

private slots:
    void whatTheCommandLineTakesCanBeChosen_data();
    void whatTheCommandLineTakesCanBeChosen();
    void nothingThatIsRefusedCanBeChosen();
    void whatMakesNoSenseAnyMoreGivesWayAndTellsIt();
    void asynchronousReadsRunAsChosen();
    void aScenarioKeepsItsTransferThroughARestart();
    void aScenarioTakesItsOptionsWithIt();
    void theModelStaysWhereTheScenarioNamesNone();
    void whatWasChosenByHandStays();
    void aLessonRunsAsItsPageSays();
};

void ServerChoicesTest::whatTheCommandLineTakesCanBeChosen_data() {
    QTest::addColumn<QString>("model");
    for (const auto& model : models()) {
        QTest::newRow(std::string(model.id).c_str()) << text(model.id);
    }
}

void ServerChoicesTest::whatTheCommandLineTakesCanBeChosen() {
    QFETCH(QString, model);
    const auto& description = *findModel(model.toStdString());
    OptionsPopup popup;
    int combinations = 0;
    for (const auto& protocol : findServerSetting("protocol")->words) {
        for (const auto& processor : findServerSetting("processor")->words) {
            for (const auto& transfer : findServerSetting("transfer")->words) {
                ServerOptions options;
                options.model = description.id;
                QVERIFY(findServerSetting("protocol")->set(options, protocol.word));
                QVERIFY(findServerSetting("processor")->set(options, processor.word));
                QVERIFY(findServerSetting("transfer")->set(options, transfer.word));
                if (!refusal(description, options).empty()) {
                    continue;
                }
                popup.setServer(model, {});
                QVERIFY(choose(popup, "optionProtocol", "protocol", protocol.word));
                if (takes(description, *findServerSetting("processor"))) {
                    QVERIFY(choose(popup, "optionProcessor", "processor", processor.word));
                }
                QVERIFY2(choose(popup, "optionTransfer", "transfer", transfer.word),
                         (std::string(processor.word) + ", " + std::string(transfer.word)).c_str());
                const auto applied = popup.applied({});
                for (const auto* setting : {"protocol", "processor", "transfer"}) {
                    QCOMPARE(textOf(applied, setting), textOf(options, setting));
                }
                ++combinations;
            }
        }
    }
    QVERIFY(combinations > 3);
}

/// Whatever is chosen, one after another, the command line would take it.
void ServerChoicesTest::nothingThatIsRefusedCanBeChosen() {
    constexpr int choices = 3'000;
    OptionsPopup popup;
    std::uint32_t random = 7;
    const auto upTo = [&random](std::size_t end) {
        random = random * 1'664'525 + 1'013'904'223;
        return (random >> 8) % end;
    };
    const auto fields = popup.findChildren<QComboBox*>();
    const auto* model = &models().front();
    for (int choice = 0; choice < choices; ++choice) {
        if (upTo(4) == 0) {
            model = &models()[upTo(models().size())];
            popup.setModel(text(model->id));
        }
        auto& field = *fields[static_cast<qsizetype>(upTo(static_cast<std::size_t>(fields.size())))];
        const auto* item = qobject_cast<QStandardItemModel*>(field.model())
                               ->item(static_cast<int>(upTo(static_cast<std::size_t>(field.count()))));
        if (field.isEnabled() && item->isEnabled()) {
            field.setCurrentIndex(item->row());
        }
        ServerOptions options;
        options.model = model->id;
        const auto reason = refusal(*model, popup.applied(options));
        QVERIFY2(reason.empty(), reason.c_str());
    }
}

void ServerChoicesTest::whatMakesNoSenseAnyMoreGivesWayAndTellsIt() {
    OptionsPopup popup;
    QSignalSpy told(&popup, &OptionsPopup::told);
    popup.setServer(QStringLiteral("proactor"), {});
    auto& transfer = fieldOf(popup, "optionTransfer");
    const auto* word = itemOf(transfer, "transfer", "async-read-write");
    QVERIFY(!word->isEnabled());
    QVERIFY(word->toolTip().contains(QStringLiteral("posix-aio")));
    QVERIFY(choose(popup, "optionProcessor", "processor", "posix-aio"));
    QVERIFY(word->isEnabled());
    QVERIFY(word->toolTip().isEmpty());
    QVERIFY(choose(popup, "optionTransfer", "transfer", "async-read-write"));
    QCOMPARE(told.count(), 0);

    QVERIFY(choose(popup, "optionProcessor", "processor", "asio"));
    QCOMPARE(textOf(popup.applied({}), "transfer"), "suited");
    QCOMPARE(told.count(), 1);
    QVERIFY2(told[0][0].toString().contains(QStringLiteral("asynchronous read and write")),
             qPrintable(told[0][0].toString()));
    QVERIFY(told[0][0].toString().contains(QStringLiteral("posix-aio"))); // the reason
    QCOMPARE(popup.findChild<QLabel*>(QStringLiteral("optionNote"))->text(), told[0][0].toString());

    QVERIFY(choose(popup, "optionProcessor", "processor", "posix-aio"));
    QCOMPARE(textOf(popup.applied({}), "transfer"), "async-read-write");
    QCOMPARE(told.count(), 2);

    popup.setModel(QStringLiteral("thread-pool"));
    QCOMPARE(textOf(popup.applied({}), "transfer"), "suited");
    QCOMPARE(textOf(popup.applied({}), "processor"), "suited");
    QCOMPARE(told.count(), 3);
    ServerOptions same;
    QVERIFY(findServerSetting("transfer")->set(same, "async-read-write"));
    popup.setServer(QStringLiteral("reactor"), same); // told already
    QCOMPARE(textOf(popup.applied({}), "transfer"), "suited");
    QCOMPARE(told.count(), 3);
}

void ServerChoicesTest::asynchronousReadsRunAsChosen() {
    WindowDriver driver(lightScenario(), QStringLiteral("proactor"));
    QVERIFY(driver.waitForModel(QStringLiteral("proactor")));
    auto& window = driver.window();
    QVERIFY(choose(window.runBar().options(), "optionProcessor", "processor", "posix-aio"));
    QVERIFY(choose(window.runBar().options(), "optionTransfer", "transfer", "async-read-write"));
    for (int run = 0; run < 2; ++run) {
        const auto before = driver.session().recording();
        window.restart();
        QTRY_VERIFY_WITH_TIMEOUT(driver.session().recording() != before, 30'000);
        QCOMPARE(begunWith(driver, "processor"), "posix-aio");
        QCOMPARE(begunWith(driver, "transfer"), "async-read-write");
        QCOMPARE(textOf(window.runBar().options().applied({}), "transfer"), "async-read-write");
    }
    window.chooseModel(QStringLiteral("reactor"));
    QVERIFY(driver.waitForModel(QStringLiteral("reactor")));
    QVERIFY2(window.message().contains(QStringLiteral("asynchronous read and write")), qPrintable(window.message()));
}

void ServerChoicesTest::aScenarioKeepsItsTransferThroughARestart() {
    WindowDriver driver(scenarioFile("reads.json", R"({
        "title": "Reads", "files": [{"path": "page.html", "octets": 5000}],
        "server": {"model": "proactor", "processor": "posix-aio", "transfer": "async-read-write"},
        "phases": [{"name": "all", "seconds": 600, "groups": [{"name": "g", "clients": 2, "thinkSeconds": 0.02}]}]
    })"));
    QVERIFY(driver.waitForModel(QStringLiteral("proactor")));
    const auto before = driver.session().recording();
    driver.window().restart();
    QTRY_VERIFY_WITH_TIMEOUT(driver.session().recording() != before, 30'000);
    QCOMPARE(begunWith(driver, "transfer"), "async-read-write");
    // What suits this processor is the same, so that the run alone does not tell.
    QCOMPARE(textOf(driver.window().runBar().options().applied({}), "transfer"), "async-read-write");
}

void ServerChoicesTest::aScenarioTakesItsOptionsWithIt() {
    WindowDriver driver(text(scenarioFolder() + "/slow-link.json"));
    QVERIFY(driver.waitForModel(QStringLiteral("proactor")));
    QCOMPARE(begunWith(driver, "order"), "shortest-job-first");
    load(driver, "changing-server");
    QVERIFY2(waitForRunOf(driver, "changing-server"), qPrintable(driver.window().message()));
    QCOMPARE(driver.session().recording()->info().model, "reactor");

    load(driver, "http-1-0");
    QVERIFY2(waitForRunOf(driver, "http-1-0"), qPrintable(driver.window().message()));
    QCOMPARE(begunWith(driver, "protocol"), "http/1.0");
    QCOMPARE(begunWith(driver, "order"), "fifo");
    QCOMPARE(begunWith(driver, "transmits"), "0");
    load(driver, "first-light");
    QVERIFY2(waitForRunOf(driver, "first-light"), qPrintable(driver.window().message()));
    QCOMPARE(begunWith(driver, "protocol"), "http");
    QCOMPARE(textOf(driver.window().runBar().options().applied({}), "protocol"), "http");
}

void ServerChoicesTest::theModelStaysWhereTheScenarioNamesNone() {
    WindowDriver driver(lightScenario(), QStringLiteral("thread-pool"));
    QVERIFY(driver.waitForModel(QStringLiteral("thread-pool")));
    load(driver, "first-light");
    QVERIFY(waitForRunOf(driver, "first-light"));
    QCOMPARE(driver.session().recording()->info().model, "thread-pool");
    driver.window().chooseModel(QStringLiteral("reactor"));
    QVERIFY(driver.waitForModel(QStringLiteral("reactor")));
    load(driver, "slow-link"); // which names one
    QVERIFY(waitForRunOf(driver, "slow-link"));
    QCOMPARE(driver.session().recording()->info().model, "proactor");
    load(driver, "light-load");
    QVERIFY(waitForRunOf(driver, "light-load"));
    QCOMPARE(driver.session().recording()->info().model, "reactor");
    QCOMPARE(driver.window().runBar().model(), QStringLiteral("reactor"));
}

void ServerChoicesTest::whatWasChosenByHandStays() {
    WindowDriver driver(lightScenario(), QStringLiteral("thread-pool"));
    QVERIFY(driver.waitForModel(QStringLiteral("thread-pool")));
    driver.find<QSpinBox>("optionThreads")->setValue(7);
    QVERIFY(choose(driver.window(), "optionTransfer", "transfer", "sendfile"));
    driver.window().loadScenario(scenarioFile("named.json", R"({
        "title": "Named", "files": [{"path": "page.html", "octets": 5000}],
        "server": {"model": "proactor-pool", "threads": 3, "cache-size": 100000},
        "phases": [{"name": "all", "seconds": 600, "groups": [{"name": "g", "clients": 2, "thinkSeconds": 0.02}]}]
    })"));
    QVERIFY2(waitForRunOf(driver, "named"), qPrintable(driver.window().message()));
    QCOMPARE(begunWith(driver, "threads"), "3");
    QCOMPARE(begunWith(driver, "cache-size"), "100000"); // though no whole number of KiB
    QCOMPARE(begunWith(driver, "transfer"), "transmit-file");
    QVERIFY2(driver.window().message().contains(QStringLiteral("sendfile")), qPrintable(driver.window().message()));
    load(driver, "light-load");
    QVERIFY2(waitForRunOf(driver, "light-load"), qPrintable(driver.window().message()));
    QCOMPARE(driver.session().recording()->info().model, "thread-pool");
    QCOMPARE(begunWith(driver, "threads"), "7");
    QCOMPARE(begunWith(driver, "transfer"), "sendfile");
    QCOMPARE(begunWith(driver, "cache-size"), findServerSetting("cache-size")->defaultText());
}

void ServerChoicesTest::aLessonRunsAsItsPageSays() {
    WindowDriver driver(lightScenario(), QStringLiteral("thread-pool"));
    QVERIFY(driver.waitForModel(QStringLiteral("thread-pool")));
    QVERIFY(choose(driver.window(), "optionProtocol", "protocol", "http/1.0"));
    driver.window().openLesson(1);
    QVERIFY(driver.waitForModel(QStringLiteral("iterative")));
    QCOMPARE(begunWith(driver, "protocol"), "http");
}

QTEST_MAIN(ServerChoicesTest)
#include "tst_server_choices.moc"
