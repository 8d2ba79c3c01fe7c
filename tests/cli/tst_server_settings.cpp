// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/server_arguments.h"
#include "engine/concurrency/combination.h"
#include "engine/concurrency/model_info.h"
#include "engine/lesson/lesson.h"
#include "engine/run/server_settings.h"
#include "engine/server/server.h"
#include "tests/cli/command_outcome.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <sstream>

namespace lab {

namespace {

/// Every value that is worth trying: all words, or both ends of the range.
std::vector<std::string> valuesOf(const ServerSetting& setting) {
    std::vector<std::string> values;
    for (const auto& one : setting.words) {
        values.emplace_back(one.word);
    }
    if (values.empty()) {
        values = {std::to_string(setting.least), std::to_string(setting.most)};
    }
    return values;
}

/// A model that takes the value; null where none does.
const ModelDescription* modelFor(const ServerSetting& setting, const std::string& value) {
    for (const auto& model : models()) {
        if (takes(model, setting) && refusal(model, setting, value).empty()) {
            return &model;
        }
    }
    return nullptr;
}

std::string scenarioText(const std::string& server) {
    return "{ \"title\": \"T\",\n  \"server\": { " + server +
           " },\n  \"files\": [ { \"path\": \"a\", \"octets\": 1 } ],\n  \"phases\": [ { \"name\": \"P\", \"seconds\": "
           "1, "
           "\"groups\": [] } ] }";
}

std::string lessonText(const std::string& model, const std::string& line) {
    return "# T\nAbout.\n## P\n```lab\nscenario: s\nmodel: " + model + "\n" + line + "\n```\n";
}

Result<ServerOptions> byCommandLine(const std::vector<std::string>& arguments) {
    Arguments command("test", "", "");
    addServerOptions(command);
    std::ostringstream out;
    if (command.read(arguments, out, out)) {
        return Error{out.str()};
    }
    ServerOptions options;
    const auto read = readServerOptions(command, options);
    return read ? Result<ServerOptions>(options) : read.error();
}

} // namespace

/// If these fail, an option can be set in one place and not in another, or a senseless combination runs.
class ServerSettingsTest : public QObject {
    Q_OBJECT

private slots:
    void everyoneKnowsEverySetting_data() { addSettings(); }
    void everyoneKnowsEverySetting();
    void everyoneTellsWhatASettingTakes_data() { addSettings(); }
    void everyoneTellsWhatASettingTakes();
    void documentsEverySetting_data() { addSettings(); }
    void documentsEverySetting();
    void octetsMayHaveASuffix();
    void modelsListTheirOptions();
    void recordingsTellTheSettings();
    void senselessCombinationsAreRefused_data();
    void senselessCombinationsAreRefused();
    void clientsNeedAServerThatAnswers();
    void whatSuitsIsNeverRefused();
    void aRunNamesTheProcessorThatSuits();
    void allLeavesOutWhoRefuses();

private:
    static void addSettings();
    QTemporaryDir m_folder;
};

void ServerSettingsTest::addSettings() {
    QTest::addColumn<QString>("name");
    for (const auto name : serverSettingNames()) {
        const auto text = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
        QTest::newRow(qPrintable(text)) << text;
    }
}

void ServerSettingsTest::everyoneKnowsEverySetting() {
    QFETCH(QString, name);
    const auto& setting = *findServerSetting(name.toStdString());
    const bool isChoice = setting.kind == ServerSetting::Kind::Choice;
    for (const auto& value : valuesOf(setting)) {
        const auto option = "--" + name.toStdString();
        const auto commanded = byCommandLine({option, value});
        QVERIFY2(commanded.has_value(), commanded ? "" : commanded.error().message.c_str());
        QCOMPARE(setting.text(*commanded), value);

        const auto quoted = isChoice ? "\"" + value + "\"" : value;
        const auto scenario = parseScenario(scenarioText("\"" + name.toStdString() + "\": " + quoted), "x.json");
        QVERIFY2(scenario.has_value(), scenario ? "" : scenario.error().message.c_str());
        ServerOptions options;
        applyWanted(scenario->server, options);
        QCOMPARE(setting.text(options), value);

        const auto* model = modelFor(setting, value);
        if (model == nullptr) {
            continue; // io_uring, where the kernel refuses it
        }
        const auto lesson =
            parseLesson(lessonText(std::string(model->id), name.toStdString() + ": " + value), "1-x.md");
        QVERIFY2(lesson.has_value(), lesson ? "" : lesson.error().message.c_str());
        options = {};
        lesson->pages.front().setup->apply(*scenario, options);
        QCOMPARE(setting.text(options), value);
    }
}

void ServerSettingsTest::everyoneTellsWhatASettingTakes() {
    QFETCH(QString, name);
    const auto& setting = *findServerSetting(name.toStdString());
    const auto option = name.toStdString();
    const auto commanded = byCommandLine({"--" + option, "what"});
    QVERIFY(commanded.has_error());
    QCOMPARE(commanded.error().message, "--" + option + " " + setting.expected());
    const auto wrong = setting.kind == ServerSetting::Kind::Choice ? std::string("\"what\"") : std::string("-1");
    const auto scenario = parseScenario(scenarioText("\"" + option + "\": " + wrong), "x.json");
    QVERIFY(scenario.has_error());
    QCOMPARE(scenario.error().message, "x.json:2: server." + option + ": " + setting.expected());
    const auto lesson = parseLesson(lessonText("proactor-pool", option + ": what"), "1-x.md");
    QVERIFY(lesson.has_error());
    QCOMPARE(lesson.error().message, "1-x.md:7: " + option + ": " + setting.expected());
    for (const auto& one : setting.words) {
        QVERIFY(setting.expected().find(one.word) != std::string::npos);
        QVERIFY(!one.title.empty());
    }
    QVERIFY(!setting.title.empty() && !setting.about.empty());
}

/// Editors and readers are told the same as the program.
void ServerSettingsTest::documentsEverySetting() {
    QFETCH(QString, name);
    const auto& setting = *findServerSetting(name.toStdString());
    QFile schema(LAB_SOURCE_DIR "/scenarios/schema/scenario.schema.json");
    QVERIFY(schema.open(QIODevice::ReadOnly));
    const auto known = QJsonDocument::fromJson(schema.readAll())["properties"]["server"]["properties"][name];
    QFile readme(LAB_SOURCE_DIR "/scenarios/README.md");
    QVERIFY(readme.open(QIODevice::ReadOnly));
    const auto text = QString::fromUtf8(readme.readAll());
    const auto from = text.indexOf("| `" + name + "` |");
    QVERIFY(from >= 0);
    const auto row = text.mid(from, text.indexOf('\n', from) - from);
    if (setting.kind != ServerSetting::Kind::Choice) {
        QCOMPARE(known["minimum"].toInteger(-1), setting.least);
        QCOMPARE(known["maximum"].toInteger(-1), setting.most);
        QVERIFY2(row.contains(QStringLiteral("%1 to %2; %3")
                                  .arg(setting.least)
                                  .arg(setting.most)
                                  .arg(QString::fromStdString(setting.defaultText()))),
                 qPrintable(row));
        return;
    }
    QStringList words;
    for (const auto& word : known["enum"].toArray()) {
        words.push_back(word.toString());
    }
    QString list;
    QStringList expected;
    for (const auto& one : setting.words) {
        expected.push_back(QString::fromUtf8(one.word.data(), static_cast<qsizetype>(one.word.size())));
        list += (list.isEmpty() ? "`\"" : ", `\"") + expected.back() + "\"`";
    }
    QCOMPARE(words, expected);
    QVERIFY2(row.contains(list + "; " + QString::fromStdString(setting.defaultText()) + " |"), qPrintable(row));
}

void ServerSettingsTest::octetsMayHaveASuffix() {
    const auto& size = *findServerSetting("cache-size");
    const auto octets = [&](std::string_view text) {
        ServerOptions options;
        return size.set(options, text) ? size.get(options) : -1;
    };
    QCOMPARE(octets("1000"), 1'000);
    QCOMPARE(octets("3K"), 3'072);
    QCOMPARE(octets("64M"), 67'108'864);
    QCOMPARE(octets("2G"), 2'147'483'648);
    for (const auto* wrong : {"", "K", "1k", "1KB", "1.5M", "-1K", "9999999999G", "1 K", "5T"}) {
        QCOMPARE(octets(wrong), -1);
    }
}

void ServerSettingsTest::modelsListTheirOptions() {
    const auto list = CommandOutcome::of({"models", "--json"});
    const auto entries = QJsonDocument::fromJson(QByteArray::fromStdString(list.out)).array();
    QCOMPARE(static_cast<std::size_t>(entries.size()), models().size());
    for (qsizetype index = 0; index < entries.size(); ++index) {
        const auto& model = models()[static_cast<std::size_t>(index)];
        std::size_t taken = 0;
        for (const auto& entry : entries[index].toObject()["options"].toArray()) {
            const auto option = entry.toObject();
            const auto* setting = findServerSetting(option["name"].toString().toStdString());
            QVERIFY(setting != nullptr && takes(model, *setting));
            ++taken;
            const auto allowed = option["values"].toArray();
            const auto refused = option["refused"].toObject();
            QCOMPARE(static_cast<std::size_t>(allowed.size() + refused.size()), setting->words.size());
            for (const auto& word : allowed) {
                QCOMPARE(refusal(model, *setting, word.toString().toStdString()), std::string());
            }
            for (const auto& word : refused.keys()) {
                QVERIFY(!refused[word].toString().isEmpty());
            }
        }
        for (const auto name : model.options) {
            QVERIFY2(findServerSetting(name) != nullptr, (std::string(model.id) + ": " + std::string(name)).c_str());
        }
        const auto all = serverSettings();
        QCOMPARE(taken, static_cast<std::size_t>(std::count_if(
                            all.begin(), all.end(), [&](const auto& setting) { return takes(model, setting); })));
    }
}

void ServerSettingsTest::recordingsTellTheSettings() {
    const auto outcome = CommandOutcome::of({"run", "light-load", "--duration", "0.2", "--model", "thread-pool",
                                             "--threads", "2", "--cache", "lfu", "--json", "-"});
    QCOMPARE(outcome.err, std::string());
    const auto run = QJsonDocument::fromJson(QByteArray::fromStdString(outcome.out))["runs"][0].toObject();
    const auto settings = run["settings"].toObject();
    QCOMPARE(settings["threads"].toString(), QStringLiteral("2"));
    QCOMPARE(settings["cache"].toString(), QStringLiteral("lfu"));
    QCOMPARE(settings["transfer"].toString(), QStringLiteral("by-size")); // what suits the model
    QVERIFY(!settings.contains("demultiplexer"));
    QCOMPARE(run["transfer"].toString(), QStringLiteral("sendfile, large files mmap and writev"));
    QVERIFY(run["cacheHits"].toInteger() + run["cacheMisses"].toInteger() >= run["requests"].toInteger());
    QVERIFY(run["cacheMisses"].toInteger() > 0);
}

void ServerSettingsTest::senselessCombinationsAreRefused_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* model, const char* name, const char* value, const char* reason) {
        QTest::addRow("%s, %s %s", model, name, value) << model << name << value << reason;
    };
    row("reactor", "transfer", "transmit-file",
        "reactor has no Asynchronous Operation Processor that could perform transmit-file");
    row("thread-pool", "transfer", "async-read-write",
        "thread-pool has no Asynchronous Operation Processor that could perform async-read-write");
    row("proactor", "transfer", "sendfile", "a thread of proactor never waits for a socket by itself");
    row("proactor", "transfer", "by-size", "never waits for a socket by itself, as by-size makes it");
    row("proactor-pool", "transfer", "splice", "a thread of proactor-pool never waits for a socket by itself");
    row("proactor", "transfer", "async-read-write", "has no asynchronous read of files");
    row("reactor", "processor", "posix-aio", "reactor does not take the option processor, so \"posix-aio\"");
    row("thread-pool", "demultiplexer", "select", "thread-pool does not take the option demultiplexer");
}

void ServerSettingsTest::senselessCombinationsAreRefused() {
    QFETCH(QString, model);
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(QString, reason);
    ServerOptions options;
    options.model = model.toStdString();
    options.root = m_folder.path().toStdString();
    QVERIFY(findServerSetting(name.toStdString())->set(options, value.toStdString()).has_value());
    const auto told = [&](const std::string& text) { return QString::fromStdString(text).contains(reason); };
    QVERIFY2(told(refusal(*findModel(options.model), options)), refusal(*findModel(options.model), options).c_str());

    const auto started = Server::start(options, nullptr);
    QVERIFY(started.has_error());
    QVERIFY2(told(started.error().message), started.error().message.c_str());

    const auto commanded = CommandOutcome::of(
        {"run", "light-load", "--model", options.model, "--" + name.toStdString(), value.toStdString()});
    QCOMPARE(commanded.code, 2);
    QVERIFY2(told(commanded.err), commanded.err.c_str());

    QFile file(m_folder.filePath("x.json"));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(QByteArray::fromStdString(
        scenarioText(("\"model\": \"" + model + "\", \"" + name + "\": \"" + value + "\"").toStdString())));
    file.close();
    const auto checked = CommandOutcome::of({"check", file.fileName().toStdString()});
    QCOMPARE(checked.code, 2);
    QVERIFY2(told(checked.err) && checked.err.find("x.json:2: server.model: ") != std::string::npos,
             checked.err.c_str());

    const auto lesson = parseLesson(lessonText(options.model, (name + ": " + value).toStdString()), "1-x.md");
    QVERIFY(lesson.has_error());
    QVERIFY2(told(lesson.error().message), lesson.error().message.c_str());
}

/// A scenario asks for files, and echo has none: that is told before anything runs.
void ServerSettingsTest::clientsNeedAServerThatAnswers() {
    const auto commanded = CommandOutcome::of({"run", "light-load", "--protocol", "echo"});
    QCOMPARE(commanded.code, 2);
    QVERIFY2(commanded.err.find("clients ask for files by HTTP") != std::string::npos, commanded.err.c_str());
    const auto files = CommandOutcome::of({"run", "light-load", "--protocol", "echo", "--transfer", "splice"});
    QCOMPARE(files.code, 2);

    QFile file(m_folder.filePath("echo.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    auto text = scenarioText("\"protocol\": \"echo\"");
    const std::string nobody = "\"groups\": []";
    text.replace(text.find(nobody), nobody.size(), "\"groups\": [ { \"name\": \"G\", \"clients\": 1 } ]");
    file.write(QByteArray::fromStdString(text));
    file.close();
    const auto checked = CommandOutcome::of({"check", file.fileName().toStdString()});
    QCOMPARE(checked.code, 2);
    QVERIFY2(checked.err.find("echo.json:2: server.protocol: ") != std::string::npos, checked.err.c_str());

    ServerOptions options;
    QVERIFY(findServerSetting("protocol")->set(options, "echo").has_value());
    QCOMPARE(refusal(*findModel("reactor"), options), std::string());
    QVERIFY(findServerSetting("transfer")->set(options, "splice").has_value());
    QVERIFY(refusal(*findModel("reactor"), options).find("echo sends no files") == 0);
}

/// A recording must not leave open who performed the operations.
void ServerSettingsTest::aRunNamesTheProcessorThatSuits() {
    const bool hasRings = findProcessor(ProcessorKind::IoUring).whyUnavailable().empty();
    for (const auto& model : models()) {
        ServerOptions options;
        options.model = model.id;
        const auto info = describeRun(options);
        if (!takes(model, *findServerSetting("processor"))) {
            QCOMPARE(info.settings.count("processor"), std::size_t{0});
            continue;
        }
        const std::string expected = model.family == Family::Adaptive && hasRings ? "io_uring" : "asio";
        QCOMPARE(info.settings.at("processor"), expected);
        options.processor = ProcessorKind::Asio;
        QCOMPARE(describeRun(options).settings.at("processor"), std::string("asio"));
    }
}

/// Whoever says nothing of transfers gets one that the model can do, with any processor.
void ServerSettingsTest::whatSuitsIsNeverRefused() {
    for (const auto& model : models()) {
        for (const auto& processor : findServerSetting("processor")->words) {
            ServerOptions options;
            QVERIFY(findServerSetting("processor")->set(options, processor.word).has_value());
            if (refusal(model, options).empty()) {
                options.transfer = suitedTransfer(model, options);
                QVERIFY(options.transfer != FileTransfer::Suited);
                QCOMPARE(refusal(model, options), std::string());
            }
        }
    }
}

void ServerSettingsTest::allLeavesOutWhoRefuses() {
    const auto outcome = CommandOutcome::of(
        {"run", "light-load", "--duration", "0.1", "--model", "all", "--demultiplexer", "poll", "--json", "-"});
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.err.find("left out: thread-pool does not take the option demultiplexer") != std::string::npos);
    std::size_t able = 0;
    for (const auto& model : models()) {
        able += refusal(model, *findServerSetting("demultiplexer"), "poll").empty() ? 1 : 0;
    }
    const auto runs = QJsonDocument::fromJson(QByteArray::fromStdString(outcome.out))["runs"].toArray();
    QCOMPARE(static_cast<std::size_t>(runs.size()), able);
}

} // namespace lab

QTEST_GUILESS_MAIN(lab::ServerSettingsTest)
#include "tst_server_settings.moc"
