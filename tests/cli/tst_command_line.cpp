// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_outcome.h"
#include "engine/concurrency/model.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace lab {

namespace {

QString told(const std::string& text) { return QString::fromStdString(text); }

} // namespace

/// If these fail, a person or a script gets a wrong exit code, or an answer at the wrong place.
class CommandLineTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void everyCommandHelps();
    void wrongUsageIsToldOnStandardError_data();
    void wrongUsageIsToldOnStandardError();
    void badInputIsTold_data();
    void badInputIsTold();
    void listsModels();
    void checksByContent();
    void showsStates();
    void exportsAChromeTrace();
    void exportFailureHasItsCode();
    void printsToStandardStreams();

private:
    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }
    void write(const char* name, const QByteArray& content) const {
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    QTemporaryDir m_folder;
};

void CommandLineTest::initTestCase() {
    const QByteArray good = R"({ "title": "Short", "files": [ { "path": "a.txt", "octets": 100 } ],
        "phases": [ { "name": "p", "seconds": 0.2, "groups": [ { "name": "g", "clients": 2, "thinkSeconds": 0.01 } ] } ] })";
    write("good.json", good);
    write("broken.json", "{ \"title\": ");
    write("unknown.json", QByteArray(good).replace("\"clients\"", "\"clienst\""));
    write("model.json", QByteArray(good).replace("\"files\"", "\"server\": { \"model\": \"recator\" }, \"files\""));
    write("noise.bin", "this is no recording at all");
    write("empty.bin", "");
    const auto made = CommandOutcome::of({"run", path("good.json"), "--model", "reactor", "--trace", path("good.lab")});
    QCOMPARE(made.err, "");
    QCOMPARE(made.code, 0);
    QFile whole(m_folder.filePath("good.lab"));
    QVERIFY(whole.open(QIODevice::ReadOnly));
    const auto octets = whole.readAll();
    write("cut.lab", octets.left(octets.size() / 2));
}

void CommandLineTest::everyCommandHelps() {
    const auto all = CommandOutcome::of({"--help"});
    QCOMPARE(all.code, 0);
    QCOMPARE(all.err, "");
    for (const auto& command : engineCommands()) {
        QVERIFY2(all.out.find("\n  " + command.name + " ") != std::string::npos, command.name.c_str());
        const auto help = CommandOutcome::of({command.name, "--help"});
        QCOMPARE(help.code, 0);
        QCOMPARE(help.err, "");
        QVERIFY(told(help.out).startsWith(told("Usage: proactor-lab " + command.name)));
        QVERIFY2(help.out.find("Exit codes: 0 done; 1 failed while running; 2 wrong usage") != std::string::npos,
                 command.name.c_str());
    }
    QCOMPARE(CommandOutcome::of({"--version"}).out, "proactor-lab " LAB_VERSION "\n");
}

void CommandLineTest::wrongUsageIsToldOnStandardError_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("error"); ///< a part of it
    const auto row = [](const char* name, const QStringList& arguments, const char* error) {
        QTest::newRow(name) << arguments << QString(error);
    };
    row("nothing", {}, "Usage: proactor-lab COMMAND");
    row("unknown command", {"rnu"}, "there is no command \"rnu\"; did you mean \"run\"?");
    row("unknown option", {"models", "--jsno"}, "unrecognised option '--jsno'");
    row("abbreviated option", {"models", "--js"}, "unrecognised option '--js'");
    row("too many arguments", {"models", "x"}, "too many arguments");
    row("option without value", {"run", "x", "--seed"}, "--seed");
    row("run: no scenario", {"run"}, "SCENARIO is missing");
    row("run: no such scenario", {"run", "burts"}, "there is no scenario \"burts\"; did you mean \"burst\"?");
    row("run: no such model", {"run", "burst", "--model", "proactr"},
        "there is no model \"proactr\"; did you mean \"proactor\"?");
    row("run: duration", {"run", "burst", "--duration", "-1"}, "--duration must be a number from 0.01 to 86400");
    row("run: duration, no number", {"run", "burst", "--duration", "soon"}, "--duration must be a number");
    row("run: duration, not a number", {"run", "burst", "--duration", "nan"}, "--duration must be a number");
    row("run: seed", {"run", "burst", "--seed", "1.5"}, "--seed must be a whole number");
    row("run: threads", {"run", "burst", "--threads", "0"}, "--threads must be a whole number from 1 to 1000");
    row("run: demultiplexer", {"run", "burst", "--demultiplexer", "kqueue"},
        "--demultiplexer must be one of select, poll, epoll");
    row("run: transfer", {"run", "burst", "--transfer", "mmap"},
        "--transfer must be one of suited, by-size, read-write, mmap-writev, sendfile, splice, async-read-write, "
        "transmit-file");
    row("run: traced or not", {"run", "burst", "--untraced", "--trace", "x"}, "exclude each other");
    row("serve: no model", {"serve", "--root", "."}, "--model is missing");
    row("serve: no root", {"serve", "--model", "reactor"}, "--root is missing");
    row("serve: no such root", {"serve", "--model", "reactor", "--root", "/nowhere"},
        "the document root /nowhere is not a folder");
    row("serve: port", {"serve", "--model", "reactor", "--root", ".", "--port", "65536"},
        "--port must be a whole number from 0 to 65535");
    row("serve: address", {"serve", "--model", "reactor", "--root", ".", "--address", "localhost"},
        "--address must be a numeric address");
    row("serve: keep", {"serve", "--model", "reactor", "--root", ".", "--record", "--keep", "1000"},
        "--keep must be a whole number from 131072 to 1000000000");
    row("serve: keep what", {"serve", "--model", "reactor", "--root", ".", "--keep", "200000"},
        "--keep is for a recording");
    row("serve: open to others", {"serve", "--model", "reactor", "--root", ".", "--address", "0.0.0.0"},
        "--allow-remote");
    row("state: no recording", {"state"}, "RECORDING is missing");
    row("state: at", {"state", "x", "--at", "-3"}, "--at must be a whole number");
    row("export: no format", {"export", "x", "--output", "y"}, "--format is missing");
    row("export: no such format", {"export", "x", "--output", "y", "--format", "crome"},
        "there is no format \"crome\"; did you mean \"chrome\"?");
    row("export: no output", {"export", "x", "--format", "chrome"}, "--output is missing");
    row("export: size", {"export", "x", "--format", "chrome", "--output", "y", "--size", "1x1"},
        "--size is for pictures");
    row("check: nothing", {"check"}, "FILE is missing");
}

void CommandLineTest::wrongUsageIsToldOnStandardError() {
    QFETCH(const QStringList, arguments);
    QFETCH(const QString, error);
    std::vector<std::string> texts;
    for (const auto& argument : arguments) {
        texts.push_back(argument.toStdString());
    }
    const auto outcome = CommandOutcome::of(texts);
    QCOMPARE(outcome.code, 2);
    QCOMPARE(outcome.out, "");
    QVERIFY2(told(outcome.err).contains(error), outcome.err.c_str());
}

void CommandLineTest::badInputIsTold_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("error");
    QTest::newRow("cut off") << "broken.json"
                             << "broken.json:1:12: not JSON";
    QTest::newRow("unknown field") << "unknown.json"
                                   << "unknown.json:2: phases[0].groups[0].clienst: unknown field";
    QTest::newRow("unknown model") << "model.json"
                                   << "there is no model \"recator\"; did you mean \"reactor\"?";
    QTest::newRow("no recording") << "noise.bin"
                                  << "noise.bin";
    QTest::newRow("empty") << "empty.bin"
                           << "empty.bin";
    QTest::newRow("no file") << "nowhere.lab"
                             << "nowhere.lab: No such file or directory";
    QTest::newRow("recording cut off") << "cut.lab"
                                       << "cut.lab: ";
}

void CommandLineTest::badInputIsTold() {
    QFETCH(const QString, file);
    QFETCH(const QString, error);
    const auto name = path(file.toUtf8().constData());
    const auto checked = CommandOutcome::of({"check", path("good.json"), name});
    QCOMPARE(checked.code, 2);
    QVERIFY2(told(checked.err).contains(error), checked.err.c_str());
    QCOMPARE(std::count(checked.out.begin(), checked.out.end(), '\n'), 1); // the good one
    QCOMPARE(std::count(checked.err.begin(), checked.err.end(), '\n'), 1);
    if (file.endsWith(".json")) {
        const auto run = CommandOutcome::of({"run", name});
        QCOMPARE(run.code, 2);
        QCOMPARE(run.out, "");
        QVERIFY2(told(run.err).contains(error), run.err.c_str());
    } else if (file != "cut.lab") {
        QCOMPARE(CommandOutcome::of({"state", name}).code, 2);
        QCOMPARE(CommandOutcome::of({"export", name, "--format", "chrome", "--output", path("x.json")}).code, 2);
    }
}

void CommandLineTest::listsModels() {
    const auto table = CommandOutcome::of({"models"});
    const auto list = CommandOutcome::of({"models", "--json"});
    QCOMPARE(table.code, 0);
    QCOMPARE(list.code, 0);
    const auto entries = QJsonDocument::fromJson(QByteArray::fromStdString(list.out)).array();
    QCOMPARE(static_cast<std::size_t>(entries.size()), models().size());
    for (const auto& model : models()) {
        QVERIFY(told(table.out).contains(told("\n" + std::string(model.id) + " ")));
    }
    for (const auto& entry : entries) {
        const auto model = entry.toObject();
        for (const auto* field : {"id", "family", "title", "threads", "source", "summary"}) {
            QVERIFY2(!model[field].toString().isEmpty(), field);
        }
        QCOMPARE(model["available"].toBool(), model["reason"].toString().isEmpty());
    }
}

void CommandLineTest::checksByContent() {
    const auto outcome = CommandOutcome::of({"check", path("good.json"), path("good.lab")});
    QCOMPARE(outcome.err, "");
    QCOMPARE(outcome.code, 0);
    const auto lines = told(outcome.out).split('\n');
    QCOMPARE(lines[0], told(path("good.json") + ": a scenario, \"Short\": 1 phase, 0.2 s, 2 clients"));
    QVERIFY2(lines[1].startsWith(told(path("good.lab") + ": a recording of reactor under good: ")),
             qPrintable(lines[1]));
}

void CommandLineTest::showsStates() {
    const auto recording = path("good.lab");
    const auto json = CommandOutcome::of({"state", recording, "--at", "10", "--json"});
    QCOMPARE(json.err, "");
    QCOMPARE(json.code, 0);
    QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(json.out)).isObject());
    const auto text = CommandOutcome::of({"state", recording});
    QCOMPARE(text.code, 0);
    QVERIFY(!text.out.empty());
    QCOMPARE(CommandOutcome::of({"state", recording, "--at", "0"}).code, 0);
    const auto beyond = CommandOutcome::of({"state", recording, "--at", "999999999"});
    QCOMPARE(beyond.code, 2);
    QVERIFY(told(beyond.err).contains("--at: the recording has "));
}

void CommandLineTest::exportsAChromeTrace() {
    const auto outcome =
        CommandOutcome::of({"export", path("good.lab"), "--format", "chrome", "--output", path("good-chrome.json")});
    QCOMPARE(outcome.err, "");
    QCOMPARE(outcome.code, 0);
    QFile file(m_folder.filePath("good-chrome.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!QJsonDocument::fromJson(file.readAll()).isNull());
}

void CommandLineTest::exportFailureHasItsCode() {
    const auto outcome = CommandOutcome::of(
        {"export", path("good.lab"), "--format", "chrome", "--output", path("no-such-folder/x.json")});
    QCOMPARE(outcome.code, 1);
    QVERIFY(told(outcome.err).contains("No such file or directory"));
}

void CommandLineTest::printsToStandardStreams() {
    QProcess program;
    program.start(LAB_COMMAND_LINE, {"check", m_folder.filePath("good.json"), m_folder.filePath("broken.json")});
    QVERIFY(program.waitForFinished(60'000));
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.exitCode(), 2);
    QVERIFY(program.readAllStandardOutput().contains("a scenario"));
    QVERIFY(program.readAllStandardError().contains("not JSON"));
}

} // namespace lab

QTEST_GUILESS_MAIN(lab::CommandLineTest)
#include "tst_command_line.moc"
