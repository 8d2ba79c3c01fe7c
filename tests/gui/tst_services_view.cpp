// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/services_view.h"
#include "window_driver.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace lab {

using test::WindowDriver;

/// If these fail, the window's panel does not do to the running server what a configuration file does, or tells
/// something that is not so.
class ServicesViewTest : public QObject {
    Q_OBJECT

private slots:
    void linksSuspendsReconfiguresAndUnlinks();
    void mistakesAreTold();
    void readsConfigurationFiles();
    void aFileNamesAnotherServer();
    void theNextServerBeginsWithThem();
    void processesSayWhyNot();
    void aFileLeadsOutOfProcesses();
    void aRunThatEndsDuringTheChangeIsTold();

private:
    /// In a file that names another model and a service.
    static QString otherServer(const QTemporaryDir& folder) {
        QFile file(folder.filePath(QStringLiteral("other.json")));
        file.open(QIODevice::WriteOnly);
        file.write(R"({"server": {"model": "thread-pool", "threads": 9}, "services": [{"service": "headers"}]})");
        return file.fileName();
    }
    static QStringList names(ServicesView& view) {
        QStringList names;
        for (int row = 0; row < view.list().topLevelItemCount(); ++row) {
            names << view.list().topLevelItem(row)->text(0);
        }
        return names;
    }
    static void choose(WindowDriver& driver, const char* service, const QString& parameters) {
        auto* kinds = driver.find<QComboBox>("serviceKind");
        kinds->setCurrentIndex(kinds->findData(QString::fromLatin1(service)));
        driver.find<QLineEdit>("serviceParameters")->setText(parameters);
    }
    /// A window whose server runs, with the panel in front.
    static ServicesView& shown(WindowDriver& driver) {
        auto& view = *driver.window().views().services;
        driver.window().showView(&view);
        return view;
    }
    static bool canLink(WindowDriver& driver) {
        return QTest::qWaitFor([&] { return driver.find<QPushButton>("serviceLink")->isEnabled(); }, 60'000);
    }
    /// Presses a button, and waits until what it asks for is done.
    static void act(WindowDriver& driver, const char* button) {
        auto& view = *driver.window().views().services;
        driver.click(button);
        QTRY_VERIFY_WITH_TIMEOUT(!view.isChanging(), 60'000);
    }
    static void read(ServicesView& view, const QString& file) {
        view.readFile(file);
        QTRY_VERIFY_WITH_TIMEOUT(!view.isChanging(), 60'000);
    }
    static QByteArray answer(WindowDriver& driver) { return test::fetch(driver.session().url(), "/"); }
};

void ServicesViewTest::linksSuspendsReconfiguresAndUnlinks() {
    WindowDriver driver(test::lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(50));
    auto& view = shown(driver);
    QVERIFY(canLink(driver));
    QCOMPARE(names(view), QStringList());
    QVERIFY(!driver.find<QPushButton>("serviceUnlink")->isEnabled());
    choose(driver, "headers", QStringLiteral("set=X-Seen: one\\, two"));
    act(driver, "serviceLink");
    QCOMPARE(view.message(), QString());
    QCOMPARE(names(view), QStringList{QStringLiteral("headers")});
    QVERIFY(answer(driver).contains("X-Seen: one, two\r\n"));

    view.list().setCurrentItem(view.list().topLevelItem(0));
    QCOMPARE(driver.find<QLineEdit>("serviceParameters")->text(), QStringLiteral("set=X-Seen: one\\, two"));
    act(driver, "serviceSuspend");
    QCOMPARE(driver.find<QPushButton>("serviceSuspend")->text(), QStringLiteral("Resume"));
    QVERIFY(!answer(driver).contains("X-Seen"));
    act(driver, "serviceSuspend");
    QVERIFY(answer(driver).contains("X-Seen: one, two\r\n"));

    driver.find<QLineEdit>("serviceParameters")->setText(QStringLiteral("set=X-Seen: three"));
    act(driver, "serviceReconfigure");
    QVERIFY(answer(driver).contains("X-Seen: three\r\n"));
    act(driver, "serviceUnlink");
    QCOMPARE(names(view), QStringList());
    QVERIFY(!answer(driver).contains("X-Seen"));
}

void ServicesViewTest::mistakesAreTold() {
    WindowDriver driver(test::lightScenario(), QStringLiteral("thread-pool"));
    QVERIFY(driver.waitForEvents(50));
    auto& view = shown(driver);
    QVERIFY(canLink(driver));
    choose(driver, "gzip", QStringLiteral("level=10"));
    act(driver, "serviceLink");
    QVERIFY2(view.message().contains(QStringLiteral("level must be a whole number from 1 to 9")),
             qPrintable(view.message()));
    choose(driver, "gzip", QStringLiteral("level"));
    act(driver, "serviceLink");
    QVERIFY2(view.message().contains(QStringLiteral("must be a parameter")), qPrintable(view.message()));
    QCOMPARE(names(view), QStringList());
    choose(driver, "gzip", QStringLiteral("level=9"));
    act(driver, "serviceLink");
    QCOMPARE(view.message(), QString());
    QCOMPARE(names(view), QStringList{QStringLiteral("gzip")});
}

void ServicesViewTest::readsConfigurationFiles() {
    const QTemporaryDir folder;
    const auto write = [&](const char* name, const QByteArray& text) {
        QFile file(folder.filePath(QString::fromLatin1(name)));
        file.open(QIODevice::WriteOnly);
        file.write(text);
        return file.fileName();
    };
    WindowDriver driver(test::lightScenario(), QStringLiteral("proactor"));
    QVERIFY(driver.waitForEvents(50));
    auto& view = shown(driver);
    QVERIFY(canLink(driver));
    read(view, write("good.json", R"({"services": [{"service": "gzip"}, {"service": "delay", "suspended": true}]})"));
    QCOMPARE(view.message(), QString());
    const QStringList linked{QStringLiteral("gzip"), QStringLiteral("delay")};
    QCOMPARE(names(view), linked);
    read(view, write("bad.json", "{\"services\": [{\"service\": \"headers\"},\n {\"service\": \"gzp\"}]}"));
    QVERIFY2(view.message().contains(QStringLiteral("bad.json:2: services[1].service: there is no service")),
             qPrintable(view.message()));
    QCOMPARE(names(view), linked);
}

void ServicesViewTest::aFileNamesAnotherServer() {
    const QTemporaryDir folder;
    WindowDriver driver(test::lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(50));
    const auto url = driver.session().url();
    auto& view = shown(driver);
    QVERIFY(canLink(driver));
    read(view, otherServer(folder));
    QCOMPARE(view.message(), QString());
    QTRY_COMPARE_WITH_TIMEOUT(driver.session().presentModel(), QStringLiteral("thread-pool"), 60'000);
    QCOMPARE(driver.window().runBar().model(), QStringLiteral("thread-pool"));
    QCOMPARE(driver.session().url(), url);
    QCOMPARE(names(view), QStringList{QStringLiteral("headers")});
    QCOMPARE(driver.window().runBar().options().applied({}).threads, 9U);
}

void ServicesViewTest::theNextServerBeginsWithThem() {
    WindowDriver driver(test::lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(50));
    auto& view = shown(driver);
    QVERIFY(canLink(driver));
    choose(driver, "headers", QStringLiteral("set=X-Seen: again"));
    act(driver, "serviceLink");
    driver.window().chooseModel(QStringLiteral("proactor-pool"));
    QVERIFY(driver.waitForModel(QStringLiteral("proactor-pool")));
    QTRY_VERIFY_WITH_TIMEOUT(answer(driver).contains("X-Seen: again\r\n"), 60'000);
    QTRY_COMPARE_WITH_TIMEOUT(names(view), QStringList{QStringLiteral("headers")}, 60'000);
}

void ServicesViewTest::processesSayWhyNot() {
    WindowDriver driver(test::lightScenario(), QStringLiteral("prefork"));
    QVERIFY(driver.waitForEvents(50));
    shown(driver);
    QTRY_VERIFY_WITH_TIMEOUT(!driver.find<QPushButton>("serviceLink")->isEnabled(), 60'000);
    QTRY_VERIFY_WITH_TIMEOUT(driver.find<QLabel>("servicesState")->text().contains(QStringLiteral("prefork")), 60'000);
}

/// One that names no other model is refused with the reason; one that does is taken.
void ServicesViewTest::aFileLeadsOutOfProcesses() {
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("same.json")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"services": [{"service": "gzip"}]})");
    file.close();
    WindowDriver driver(test::lightScenario(), QStringLiteral("prefork"));
    QVERIFY(driver.waitForEvents(50));
    auto& view = shown(driver);
    const auto* button = driver.find<QPushButton>("serviceFile");
    QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), 60'000);
    read(view, file.fileName());
    QVERIFY2(view.message().contains(QStringLiteral("prefork")), qPrintable(view.message()));
    QVERIFY(button->isEnabled());
    read(view, otherServer(folder));
    QCOMPARE(view.message(), QString());
    QCOMPARE(driver.session().presentModel(), QStringLiteral("thread-pool"));
    QCOMPARE(names(view), QStringList{QStringLiteral("headers")});
    QVERIFY(canLink(driver));
}

/// And the next run's server can be changed.
void ServicesViewTest::aRunThatEndsDuringTheChangeIsTold() {
    const QTemporaryDir folder;
    WindowDriver driver(test::lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(50));
    auto& view = shown(driver);
    QVERIFY(canLink(driver));
    // What the worker thread says of the change comes later than this.
    const auto stopping = connect(&driver.session(), &LabSession::phaseChanged, this, [&] {
        if (driver.session().phaseText().startsWith(QStringLiteral("changing to"))) {
            QMetaObject::invokeMethod(&driver.session(), &LabSession::stop, Qt::QueuedConnection);
        }
    });
    read(view, otherServer(folder));
    disconnect(stopping);
    QVERIFY2(view.message().contains(QStringLiteral("ended")), qPrintable(view.message()));
    QTRY_VERIFY_WITH_TIMEOUT(!driver.session().isBusy(), 60'000);
    QVERIFY(!driver.session().isLive());
    driver.window().chooseModel(QStringLiteral("reactor"));
    QVERIFY(canLink(driver));
    read(view, otherServer(folder));
    QCOMPARE(view.message(), QString());
    QCOMPARE(driver.session().presentModel(), QStringLiteral("thread-pool"));
}

} // namespace lab

QTEST_MAIN(lab::ServicesViewTest)
#include "tst_services_view.moc"
