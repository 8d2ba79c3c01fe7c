// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/service_list.h"
#include "engine/configuration/service_reader.h"
#include "engine/traffic/scenario.h"

#include <QTest>

#include <set>

namespace lab {

/// What a configuration file, a scenario and the command line say of services. If these fail, a mistake in one of them
/// goes unnoticed or is told of the wrong place.
class ConfigurationFileTest : public QObject {
    Q_OBJECT

private slots:
    void readsServices();
    void readsTheServer();
    void tellsMistakes_data();
    void tellsMistakes();
    void readsArguments();
    void tellsMistakesInArguments_data();
    void tellsMistakesInArguments();
    void parametersReadBack();
    void namesOfSeveralDiffer();
    void scenariosNameServices();
    void listIsSound();
};

namespace {

std::string documentWith(const std::string& services) { return "{\n  \"services\": [\n    " + services + "\n  ]\n}\n"; }

} // namespace

void ConfigurationFileTest::readsServices() {
    const auto read = parseConfiguration(documentWith(R"({"service": "gzip", "level": 9},
    {"service": "headers", "name": "second", "suspended": true, "set": "A: b", "add": ["C: d", "E: f"]},
    {"service": "fault", "share": 0.25, "kind": "close"})"),
                                         "lab.json");
    QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
    const auto& services = read->services.value();
    QVERIFY(!read->changesModelOrSettings());
    QCOMPARE(services.size(), std::size_t{3});
    const ServiceSpec gzip{.service = "gzip", .name = {}, .parameters = {{"level", {"9"}}}};
    const ServiceSpec headers{.service = "headers",
                              .name = "second",
                              .suspended = true,
                              .parameters = {{"set", {"A: b"}}, {"add", {"C: d", "E: f"}}}};
    QVERIFY(services.at(0) == gzip);
    QVERIFY(services.at(1) == headers);
    QCOMPARE(services.at(2).called(), std::string("fault"));
}

void ConfigurationFileTest::readsTheServer() {
    const auto read = parseConfiguration(
        R"({"server": {"model": "thread-pool", "threads": 3, "cache": "lfu"}, "services": []})", "lab.json");
    QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
    QVERIFY(read->changesModelOrSettings() && read->services.value().empty());
    ServerOptions options;
    options.threads = 7;
    options.services = {{.service = "gzip", .name = {}, .parameters = {}}};
    applyWanted(*read, options);
    QCOMPARE(options.model, "thread-pool");
    QCOMPARE(options.threads, 3U);
    QVERIFY(options.services.empty());
}

void ConfigurationFileTest::tellsMistakes_data() {
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char* name, const std::string& document, const char* error) {
        QTest::newRow(name) << QByteArray::fromStdString(document) << QByteArray(error);
    };
    const auto service = [&](const char* name, const std::string& services, const char* error) {
        row(name, documentWith(services), error);
    };
    row("no JSON", "{\"services\": [}", "lab.json:1:");
    row("no object", "[]", "lab.json:1: must be an object, not a list");
    row("nothing", "{}", "lab.json:1: services: is missing");
    row("no list", "{\"services\": {}}", "lab.json:1: services: must be a list of services");
    row("unknown field", "{\"services\": [], \"servces\": 1}",
        "lab.json:1: servces: unknown field; did you mean \"services\"?");
    row("server: unknown field", "{\"services\": [],\n \"server\": {\"modl\": \"reactor\"}}",
        "lab.json:2: server.modl: unknown field; did you mean \"model\"?");
    row("server: no such value", "{\"services\": [], \"server\": {\"threads\": 0}}",
        "lab.json:1: server.threads: must be a whole number from 1 to 1000");
    row("server: services stand beside it", "{\"server\": {\"services\": []}}",
        "lab.json:1: server.services: unknown field");
    service("no service", "1", "lab.json:3: services[0]: must be an object, not a number");
    service("no name", "{\"level\": 1}", "lab.json:3: services[0].level: unknown field");
    service("missing", "{}", "lab.json:3: services[0].service: is missing");
    service("unknown service", "{\"service\": \"gzp\"}",
            "lab.json:3: services[0].service: there is no service \"gzp\"; did you mean \"gzip\"?");
    service("unknown parameter", "{\"service\": \"gzip\", \"levl\": 1}",
            "lab.json:3: services[0].levl: unknown field; did you mean \"level\"?");
    service("second line", "{\"service\": \"gzip\"},\n{\"service\": \"delay\",\n\"milliseconds\": 0}",
            "lab.json:5: services[1].milliseconds: must be a whole number from 1 to 10000");
    service("no whole number", "{\"service\": \"gzip\", \"level\": 1.5}",
            "lab.json:3: services[0].level: must be a whole number from 1 to 9");
    service("text for number", "{\"service\": \"gzip\", \"level\": \"9\"}",
            "lab.json:3: services[0].level: must be a whole number from 1 to 9");
    service("share above one", "{\"service\": \"fault\", \"share\": 1.1}",
            "lab.json:3: services[0].share: must be a number from 0 to 1");
    service("no such word", "{\"service\": \"fault\", \"kind\": \"fire\"}",
            "lab.json:3: services[0].kind: must be one of error, close, truncate, mixed");
    service("number in texts", "{\"service\": \"headers\", \"add\": [\"A: b\", 1]}",
            "lab.json:3: services[0].add: must be a text");
    service("required parameter", "{\"service\": \"access-log\"}",
            "lab.json:3: services[0]: access-log: file is missing: it must be the path of a file");
    service("empty path", "{\"service\": \"access-log\", \"file\": \"\"}",
            "lab.json:3: services[0].file: must be the path of a file");
    service("bounds crossed", "{\"service\": \"gzip\", \"least-octets\": 10, \"most-octets\": 9}",
            "lab.json:3: services[0]: gzip: least-octets must not be above most-octets");
    service("framing field", "{\"service\": \"headers\", \"set\": \"Content-Length: 5\"}",
            "lab.json:3: services[0]: headers: set: Content-Length is for the server alone to say");
    service("framing field left out", "{\"service\": \"headers\", \"remove\": [\"transfer-encoding\"]}",
            "lab.json:3: services[0]: headers: remove: transfer-encoding is for the server alone to say");
    service("line end in a value", "{\"service\": \"headers\", \"add\": \"A: b\\r\\nSet-Cookie: c\"}",
            "lab.json:3: services[0].add: must be a text");
    service("space in a name", "{\"service\": \"headers\", \"add\": \"A b: c\"}",
            "lab.json:3: services[0]: headers: add: \"A b\" is no name of a header field");
    service("no colon", "{\"service\": \"headers\", \"add\": \"A\"}",
            "lab.json:3: services[0]: headers: add: \"A\" must be a field, \"Name: value\"");
    service("name twice", "{\"service\": \"gzip\"}, {\"service\": \"gzip\"}",
            "lab.json:3: services[1]: an earlier service is called gzip too");
    service("bad name", "{\"service\": \"gzip\", \"name\": \"a b\"}",
            "lab.json:3: services[0].name: must have 1 to 40");
    service("suspended as text", "{\"service\": \"gzip\", \"suspended\": \"yes\"}",
            "lab.json:3: services[0].suspended: must be true or false, not a text");
    service("field twice", "{\"service\": \"gzip\", \"level\": 1, \"level\": 2}",
            "lab.json:3: services[0].level: is given twice");
}

void ConfigurationFileTest::tellsMistakes() {
    QFETCH(QByteArray, document);
    QFETCH(QByteArray, error);
    const auto read = parseConfiguration(document.toStdString(), "lab.json");
    QVERIFY(!read);
    QVERIFY2(read.error().message.starts_with(error.toStdString()), read.error().message.c_str());
}

void ConfigurationFileTest::readsArguments() {
    const auto plain = parseServiceArgument("gzip");
    QVERIFY(plain && plain->service == "gzip" && plain->parameters.empty());
    const auto read = parseServiceArgument("headers:name=mine,set=A: b\\, c,add=D: e,add=F: \\\\");
    QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
    const ServiceSpec wanted{
        .service = "headers", .name = "mine", .parameters = {{"set", {"A: b, c"}}, {"add", {"D: e", "F: \\"}}}};
    QVERIFY(*read == wanted);
}

void ConfigurationFileTest::tellsMistakesInArguments_data() {
    QTest::addColumn<QByteArray>("argument");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char* argument, const char* error) {
        QTest::newRow(argument) << QByteArray(argument) << QByteArray(error);
    };
    row("", "there is no service \"\"");
    row("gzpi", "there is no service \"gzpi\"; did you mean \"gzip\"?");
    row("gzip:9", "gzip: \"9\" must be a parameter, \"name=value\"");
    row("gzip:level=10", "gzip: level must be a whole number from 1 to 9");
    row("gzip:levl=1", "gzip: levl: there is no such parameter; did you mean \"level\"?");
    row("gzip:level=1,level=2", "gzip: level must be a whole number from 1 to 9");
    row("gzip:name=a b", "the name \"a b\" of a service must have");
    row("delay:milliseconds=", "delay: milliseconds must be a whole number from 1 to 10000");
    row("access-log", "access-log: file is missing");
}

void ConfigurationFileTest::tellsMistakesInArguments() {
    QFETCH(QByteArray, argument);
    QFETCH(QByteArray, error);
    const auto read = parseServiceArgument(argument.toStdString());
    QVERIFY(!read);
    QVERIFY2(read.error().message.starts_with(error.toStdString()), read.error().message.c_str());
}

/// What the window shows in its line is what it reads from there.
void ConfigurationFileTest::parametersReadBack() {
    const std::vector<ParameterSpec> parameters{{"set", {"A: b, c", "D: \\,"}}, {"remove", {"E"}}};
    QVERIFY(parseParameters(textOf(parameters)).value() == parameters);
}

void ConfigurationFileTest::namesOfSeveralDiffer() {
    std::vector<ServiceSpec> services;
    for (int i = 0; i < 3; ++i) {
        addService(services, {.service = "delay", .name = {}, .parameters = {}});
    }
    QCOMPARE(services[0].called(), std::string("delay"));
    QCOMPARE(services[1].called(), std::string("delay-2"));
    QCOMPARE(services[2].called(), std::string("delay-3"));
}

void ConfigurationFileTest::scenariosNameServices() {
    const auto scenarioWith = [](const std::string& services) {
        return parseScenario(R"({"title": "t", "seed": 1, "server": {"services": )" + services +
                                 R"(}, "files": [{"path": "a.bin", "octets": 10}],
"phases": [{"name": "p", "seconds": 1, "groups": [{"name": "g", "clients": 1}]}]})",
                             "s.json");
    };
    const auto good = scenarioWith(R"([{"service": "delay", "milliseconds": 5}])");
    QVERIFY2(good.has_value(), good ? "" : good.error().message.c_str());
    QVERIFY(good->server.services && good->server.services->size() == 1);
    const auto bad = scenarioWith(R"([{"service": "delay", "milliseconds": -5}])");
    QVERIFY(!bad);
    QVERIFY2(bad.error().message.starts_with("s.json:1: server.services[0].milliseconds: must be"),
             bad.error().message.c_str());
}

/// What menus, `services` and this file's readers take from the list.
void ConfigurationFileTest::listIsSound() {
    std::set<std::string_view> ids;
    for (const auto* service : serviceDescriptions()) {
        QVERIFY2(ids.insert(service->id).second, service->id.data());
        QVERIFY(!service->title.empty() && !service->source.empty() && service->about.ends_with('.'));
        QVERIFY(service->hooks.size() > 0 && service->create != nullptr);
        QCOMPARE(findService(service->id), service);
        std::set<std::string_view> names{"service", "name", "suspended"};
        for (const auto& parameter : service->parameters) {
            QVERIFY2(names.insert(parameter.name).second, parameter.name.data());
            QVERIFY(!parameter.about.empty() && !parameter.about.ends_with('.'));
            QVERIFY2(parameter.byDefault.empty() || parameter.fits(std::string(parameter.byDefault)),
                     parameter.name.data());
        }
    }
}

} // namespace lab

QTEST_GUILESS_MAIN(lab::ConfigurationFileTest)
#include "tst_configuration_file.moc"
