// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/scenario.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace lab {

/// If these fail, a person with a wrong scenario is not told where it is wrong, or a wrong one is run.
class ScenarioTest : public QObject {
    Q_OBJECT

private slots:
    void readsEveryField();
    void fieldsHaveDefaults();
    void tellsFileLineAndField_data();
    void tellsFileLineAndField();
    void readsFromFile();
    void tellsWhyAFileCannotBeRead();
    void listsAFolder();
    void everyScenarioOfTheLabIsGood();
};

namespace {

/// A good document, one field a line, with one line replaced: line numbers stay.
constexpr const char* goodLines[] = {
    R"({)",                                                    // 1
    R"(  "title": "A test",)",                                 // 2
    R"(  "seed": 5,)",                                         // 3
    R"(  "server": { "threads": 2 },)",                        // 4
    R"(  "files": [)",                                         // 5
    R"(    { "path": "a.txt", "octets": 10, "share": 1 },)",   // 6
    R"(    { "path": "b.txt", "octets": 20, "share": 1 })",    // 7
    R"(  ],)",                                                 // 8
    R"(  "phases": [)",                                        // 9
    R"(    { "name": "one", "seconds": 1, "groups": [)",       // 10
    R"(      { "name": "g", "clients": 1 },)",                 // 11
    R"(      { "name": "h",)",                                 // 12
    R"(        "clients": 2,)",                                // 13
    R"(        "arrivals": "poisson", "perSecond": 10 } ] })", // 14
    R"(  ])",                                                  // 15
    R"(})",                                                    // 16
};

std::string document(int line, const char* replacement) {
    std::string text;
    int number = 0;
    for (const auto* good : goodLines) {
        text += ++number == line ? replacement : good;
        text += '\n';
    }
    return text;
}

} // namespace

void ScenarioTest::readsEveryField() {
    const auto scenario = parseScenario(R"({
        "$schema": "scenario.schema.json",
        "title": "T", "description": "D", "seed": 9007199254740991, "pace": 2.5, "linkOctetsPerSecond": 6,
        "server": { "model": "reactor", "threads": 3, "demultiplexer": "poll", "transfer": "read-write" },
        "files": [ { "path": "d/a.txt", "octets": 10, "share": 2.5, "cold": true },
                   { "path": ".users", "content": "ann: ann\n" } ],
        "phases": [ { "name": "P", "seconds": 0.5, "server": { "model": "thread-pool", "threads": 5 }, "groups": [
            { "name": "G", "arrivals": "constant", "clients": 7, "perSecond": 0.5, "keepAlive": true,
              "requestsPerConnection": 3, "sendOctetsPerSecond": 4, "receiveOctetsPerSecond": 5,
              "mix": [ { "path": "x", "share": 0.25 }, { "path": "", "share": 1 } ] },
            { "name": "H", "clients": 1, "thinkSeconds": 1.5, "firstWithinSeconds": 0.25, "keepAlive": false,
              "linkOctetsPerSecond": 7,
              "host": "one.test", "fields": { "Accept-Encoding": "gzip", "X-Empty": "" }, "status": 404 } ] } ]
    })",
                                        "folder/name.json");
    QVERIFY2(scenario.has_value(), scenario ? "" : scenario.error().message.c_str());
    QCOMPARE(scenario->id, "name");
    QCOMPARE(scenario->title, "T");
    QCOMPARE(scenario->description, "D");
    QCOMPARE(scenario->seed, 9007199254740991u);
    QCOMPARE(scenario->pace.value(), 2.5);
    QCOMPARE(scenario->server.model.value(), "reactor");
    QCOMPARE(scenario->server.modelLine, 4u);
    QCOMPARE(
        scenario->server.settings,
        (std::vector<SettingValue>{{"threads", "3", 4}, {"demultiplexer", "poll", 4}, {"transfer", "read-write", 4}}));
    QCOMPARE(scenario->files.at(0).path, "d/a.txt");
    QCOMPARE(scenario->files.at(0).octets, 10);
    QCOMPARE(scenario->files.at(0).share, 2.5);
    QVERIFY(!scenario->files.at(0).content);
    QVERIFY(scenario->files.at(0).isCold && !scenario->files.at(1).isCold);
    const auto& changed = scenario->phases.at(0).server.value();
    QCOMPARE(changed.model.value(), "thread-pool");
    QCOMPARE(changed.settings, (std::vector<SettingValue>{{"threads", "5", 7}}));
    QCOMPARE(scenario->files.at(1).content.value(), "ann: ann\n");
    QCOMPARE(scenario->files.at(1).octets, 9);
    QCOMPARE(scenario->seconds(), 0.5);
    const auto& group = scenario->phases.at(0).groups.at(0);
    QCOMPARE(group.arrivals, Arrivals::Constant);
    QCOMPARE(group.clients, 7u);
    QCOMPARE(group.perSecond, 0.5);
    QCOMPARE(group.requestsPerConnection, 3u);
    QCOMPARE(group.sendOctetsPerSecond, 4);
    QCOMPARE(group.receiveOctetsPerSecond, 5);
    QCOMPARE(group.mix.at(0).first, "x");
    QCOMPARE(group.mix.at(0).second, 0.25);
    QCOMPARE(group.mix.at(1).first, "");
    QCOMPARE(scenario->phases.at(0).groups.at(1).thinkSeconds, 1.5);
    QCOMPARE(scenario->phases.at(0).groups.at(1).firstWithinSeconds.value(), 0.25);
    QCOMPARE(scenario->phases.at(0).groups.at(1).keepAlive, false);
    QCOMPARE(scenario->linkOctetsPerSecond, 6);
    const auto& other = scenario->phases.at(0).groups.at(1);
    QCOMPARE(other.linkOctetsPerSecond, 7);
    QCOMPARE(other.host, "one.test");
    QCOMPARE(other.fields,
             (std::vector<std::pair<std::string, std::string>>{{"Accept-Encoding", "gzip"}, {"X-Empty", ""}}));
    QCOMPARE(other.status, 404u);
    QVERIFY(group.host.empty() && group.fields.empty() && group.status == 0);
}

void ScenarioTest::fieldsHaveDefaults() {
    const auto scenario = parseScenario(document(0, ""), "x.json");
    QVERIFY2(scenario.has_value(), scenario ? "" : scenario.error().message.c_str());
    QVERIFY(!scenario->pace);
    QVERIFY(!scenario->server.model);
    QVERIFY(!scenario->phases.at(0).server);
    const auto& group = scenario->phases.at(0).groups.at(0);
    QCOMPARE(group.arrivals, Arrivals::Closed);
    QCOMPARE(group.thinkSeconds, 0.0);
    QVERIFY(!group.firstWithinSeconds);
    QCOMPARE(group.keepAlive, true);
    QVERIFY(group.mix.empty());
}

void ScenarioTest::tellsFileLineAndField_data() {
    QTest::addColumn<int>("line");
    QTest::addColumn<QString>("replacement");
    QTest::addColumn<QString>("error"); ///< its beginning

    const auto row = [](const char* name, int line, const char* replacement, const char* error) {
        QTest::newRow(name) << line << QString(replacement) << QString(error);
    };
    row("syntax: no comma", 3, R"(  "seed": 5)", "x.json:4:3: not JSON");
    row("syntax: comment", 3, R"(  "seed": 5, // five)", "x.json:3:14: not JSON");
    row("syntax: trailing comma", 7, R"(    { "path": "b.txt", "octets": 20, "share": 1 },)", "x.json:8:3: not JSON");
    row("syntax: cut off", 16, "", "x.json:17:1: not JSON: the text ends too early");
    row("syntax: more behind it", 16, "} }", "x.json:16:3: not JSON");
    row("syntax: not UTF-8", 2, "  \"title\": \"A \xff test\",", "x.json:2:");
    row("given twice", 7, R"(    { "path": "b.txt", "octets": 20, "octets": 1 })",
        "x.json:7: files[1].octets: is given twice");
    row("unknown field", 3, R"(  "sede": 5,)", "x.json:3: sede: unknown field; did you mean \"seed\"?");
    row("unknown field, nested", 13, R"(        "clients": 2, "client": 2,)",
        "x.json:13: phases[0].groups[1].client: unknown field; did you mean \"clients\"?");
    row("missing", 2, "", "x.json:1: title: is missing");
    row("missing in a list", 12, R"(      {)", "x.json:12: phases[0].groups[1].name: is missing");
    row("wrong type: text", 3, R"(  "seed": "5",)", "x.json:3: seed: must be a number, not a text");
    row("wrong type: object", 4, R"(  "server": [],)", "x.json:4: server: must be an object, not a list");
    row("wrong type: list", 9, R"(  "phases": 1, "title2": [)", "x.json:9: title2: unknown field");
    row("wrong type: entry", 6, R"(    17,)", "x.json:6: files[0]: must be an object, not a number");
    row("wrong type: boolean", 13, R"(        "clients": 2, "keepAlive": 1,)",
        "x.json:13: phases[0].groups[1].keepAlive: must be true or false, not a number");
    row("out of range: low", 13, R"(        "clients": 0,)",
        "x.json:13: phases[0].groups[1].clients: must be from 1 to 20000");
    row("out of range: high", 13, R"(        "clients": 20001,)",
        "x.json:13: phases[0].groups[1].clients: must be from 1 to 20000");
    row("out of range: beyond all integers", 13, R"(        "clients": 1e300,)",
        "x.json:13: phases[0].groups[1].clients: must be from 1 to 20000");
    row("not whole", 13, R"(        "clients": 2.5,)",
        "x.json:13: phases[0].groups[1].clients: must be a whole number");
    row("too many together", 13, R"(        "clients": 20000,)",
        "x.json:10: phases[0].groups: all groups together must not have more than 20000 clients");
    row("negative time", 10, R"(    { "name": "one", "seconds": -1, "groups": [)",
        "x.json:10: phases[0].seconds: must be from 0.01 to 86400");
    row("no word that is known", 4, R"(  "server": { "demultiplexer": "kqueue" },)",
        "x.json:4: server.demultiplexer: must be one of select, poll, epoll");
    row("open without a rate", 14, R"(        "arrivals": "poisson" } ] })",
        "x.json:12: phases[0].groups[1].perSecond: is missing");
    row("closed with a rate", 14, R"(        "perSecond": 10 } ] })",
        "x.json:14: phases[0].groups[1].perSecond: is for \"poisson\" and \"constant\" arrivals only");
    row("open with think time", 13, R"(        "clients": 2, "thinkSeconds": 1,)",
        "x.json:13: phases[0].groups[1].thinkSeconds: is for \"closed\" arrivals only");
    row("open with a time for the first", 13, R"(        "clients": 2, "firstWithinSeconds": 1,)",
        "x.json:13: phases[0].groups[1].firstWithinSeconds: is for \"closed\" arrivals only");
    row("a line of one's own and a shared one", 13,
        R"(        "clients": 2, "receiveOctetsPerSecond": 5, "linkOctetsPerSecond": 6,)",
        "x.json:13: phases[0].groups[1].linkOctetsPerSecond: makes no sense with receiveOctetsPerSecond");
    row("a line without speed", 3, R"(  "linkOctetsPerSecond": -1,)",
        "x.json:3: linkOctetsPerSecond: must be from 0 to 1000000000");
    row("no order that is known", 4, R"(  "server": { "order": "lottery" },)",
        "x.json:4: server.order: must be one of fifo, priority, shortest-job-first");
    row("out of the root", 6, R"(    { "path": "../a.txt", "octets": 10 },)",
        "x.json:6: files[0].path: must be a path");
    row("absolute path", 6, R"(    { "path": "/a.txt", "octets": 10 },)", "x.json:6: files[0].path: must be a path");
    row("same file twice", 7, R"(    { "path": "a.txt", "octets": 20 })",
        "x.json:7: files[1].path: is the path of an earlier file too");
    row("both a length and a content", 6, R"(    { "path": "a.txt", "octets": 10, "content": "x" },)",
        "x.json:6: files[0].octets: makes no sense with content");
    row("neither length nor content", 6, R"(    { "path": "a.txt" },)", "x.json:6: files[0].octets: is missing");
    row("a host that is none", 13, R"(        "clients": 2, "host": "one test",)",
        "x.json:13: phases[0].groups[1].host: must be of visible ASCII letters");
    row("a field with a line end", 13, R"(        "clients": 2, "fields": { "X": "a\r\nb" },)",
        "x.json:13: phases[0].groups[1].fields: must hold names and values of header fields, and not \"X\"");
    row("a field that is no name", 13, R"(        "clients": 2, "fields": { "X Y": "a" },)",
        "x.json:13: phases[0].groups[1].fields: must hold names and values of header fields, and not \"X Y\"");
    row("a field that the client sends", 13, R"(        "clients": 2, "fields": { "connection": "close" },)",
        "x.json:13: phases[0].groups[1].fields: must not hold connection");
    row("a status that is good anyway", 13, R"(        "clients": 2, "status": 200,)",
        "x.json:13: phases[0].groups[1].status: must be from 300 to 599");
    row("same group twice", 12, R"(      { "name": "g",)",
        "x.json:12: phases[0].groups[1].name: is the name of an earlier group of this phase too");
    row("nothing to ask for", 13, R"(        "clients": 2, "mix": [ { "path": "a.txt", "share": 0 } ],)",
        "x.json:13: phases[0].groups[1].mix: at least one share must be above 0");
    row("target with a line end", 13, R"(        "clients": 2, "mix": [ { "path": "a\r\nb" } ],)",
        "x.json:13: phases[0].groups[1].mix[0].path: must be of visible ASCII letters");
}

void ScenarioTest::tellsFileLineAndField() {
    QFETCH(const int, line);
    QFETCH(const QString, replacement);
    QFETCH(const QString, error);
    const auto octets = QByteArray(QTest::currentDataTag()) == "syntax: not UTF-8"
                            ? QByteArray("  \"title\": \"A \xff test\",")
                            : replacement.toUtf8();
    const auto scenario = parseScenario(document(line, octets.constData()), "x.json");
    QVERIFY(!scenario.has_value());
    const auto told = QString::fromStdString(scenario.error().message);
    QVERIFY2(told.startsWith(error), qPrintable(told));
}

void ScenarioTest::readsFromFile() {
    const QTemporaryDir folder;
    QFile file(folder.filePath("here.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(document(13, R"(        "clients": -1,)").c_str());
    file.close();
    const auto scenario = readScenario(file.fileName().toStdString());
    QVERIFY(!scenario.has_value());
    QCOMPARE(QString::fromStdString(scenario.error().message),
             file.fileName() + ":13: phases[0].groups[1].clients: must be from 1 to 20000");
}

void ScenarioTest::tellsWhyAFileCannotBeRead() {
    const QTemporaryDir folder;
    const auto missing = readScenario(folder.filePath("none.json").toStdString());
    QVERIFY(!missing.has_value());
    QVERIFY(missing.error().message.ends_with("none.json: No such file or directory"));
    const auto isFolder = readScenario(folder.path().toStdString());
    QVERIFY(!isFolder.has_value());
    QVERIFY(isFolder.error().message.ends_with("Is a directory"));
}

void ScenarioTest::listsAFolder() {
    const QTemporaryDir folder;
    const auto write = [&](const char* name, const std::string& text) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.c_str());
    };
    write("b.json", document(0, ""));
    write("a.json", document(0, ""));
    write("broken.json", "{");
    write("scenario.schema.json", document(0, ""));
    write("notes.txt", document(0, ""));
    const auto files = scenarioFiles(folder.path().toStdString());
    QCOMPARE(files.size(), 2u);
    QCOMPARE(QString::fromStdString(files[0]), folder.filePath("a.json"));
    QCOMPARE(QString::fromStdString(files[1]), folder.filePath("b.json"));
    QVERIFY(scenarioFiles(folder.filePath("nowhere").toStdString()).empty());
}

void ScenarioTest::everyScenarioOfTheLabIsGood() {
    const QDir folder(LAB_SOURCE_DIR "/scenarios");
    const auto names = folder.entryList({"*.json"}, QDir::Files);
    for (const auto& name : names) {
        if (name == "scenario.schema.json") {
            continue;
        }
        const auto scenario = readScenario(folder.filePath(name).toStdString());
        QVERIFY2(scenario.has_value(), scenario ? "" : scenario.error().message.c_str());
        QVERIFY(!scenario->description.empty());
    }
    QVERIFY(scenarioFiles(folder.path().toStdString()).size() >= 7);
}

} // namespace lab

QTEST_APPLESS_MAIN(lab::ScenarioTest)
#include "tst_scenario.moc"
