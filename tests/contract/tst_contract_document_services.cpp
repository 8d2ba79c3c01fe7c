// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/service_configurator.h"
#include "engine/http/file_fields.h"
#include "tests/contract/document_tree.h"
#include "tests/contract/raw_client.h"
#include "tests/contract/response_reader.h"
#include "tests/contract/variants.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>
#include <QTemporaryDir>
#include <QTest>

#include <crypt.h>
#include <functional>

namespace lab::test {

namespace {

std::string hashOf(const std::string& password) {
    crypt_data work{};
    return ::crypt_r(password.c_str(), "$6$rounds=1000$somesalt$", &work);
}

std::string basic(const std::string& credentials) {
    return "Authorization: Basic " + QByteArray::fromStdString(credentials).toBase64().toStdString() + "\r\n";
}

/// Each of several processes notices a change by itself: the one that is asked next may not have looked yet. So nothing
/// is asked again once the answer was the right one, as QTRY_COMPARE would.
bool eventually(const std::function<bool()>& holds) { return QTest::qWaitFor(holds, 30'000); }

} // namespace

/// The services that decide which files are served, to whom, and what stands in for them: with every model.
class TestContractDocumentServices : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase() { m_servers.stopAll(); }

    void servesPublicFolders_data() { addVariantRows(m_variants); }
    void servesPublicFolders();
    void findsNewUsers_data() { addVariantRows(m_variants); }
    void findsNewUsers();
    void servesVirtualServers_data() { addVariantRows(m_variants); }
    void servesVirtualServers();
    void asksForNameAndPassword_data() { addVariantRows(m_variants); }
    void asksForNameAndPassword();
    void protectsTheIndexOfAFolder_data() { addVariantRows(m_variants); }
    void protectsTheIndexOfAFolder();
    void followsFoldersThatMove_data() { addVariantRows(m_variants); }
    void followsFoldersThatMove();
    void readsPasswordsAnew_data() { addVariantRows(m_variants); }
    void readsPasswordsAnew();
    void sendsErrorPages_data() { addVariantRows(m_variants); }
    void sendsErrorPages();
    void areLinkedWhileServing();
    void goOnWithAnotherCache();
    void nameTheDocumentRoot();
    void refusesWhatCannotBe_data();
    void refusesWhatCannotBe();

private:
    std::vector<Variant> withServices() const;
    std::vector<ServiceSpec> services() const;
    std::string in(const char* path) const { return m_folder.filePath(path).toStdString(); }
    void put(const char* path, const std::string& content) const;
    Response ask(std::uint16_t port, const std::string& target, const std::string& fields = "Host: lab.test\r\n",
                 const std::string& method = "GET");
    Response ask(const std::string& target, const std::string& fields = "Host: lab.test\r\n",
                 const std::string& method = "GET") {
        QFETCH(int, variant);
        const auto& asked = m_variants[static_cast<std::size_t>(variant)];
        return ask(m_servers.of(asked, m_tree.root()).port(), target, fields, method);
    }

    DocumentTree m_tree;
    QTemporaryDir m_folder;
    std::vector<Variant> m_variants = withServices();
    Servers m_servers;
};

std::vector<ServiceSpec> TestContractDocumentServices::services() const {
    const auto spec = [](const char* service, std::vector<ParameterSpec> parameters) {
        return ServiceSpec{.service = service, .name = {}, .suspended = false, .parameters = std::move(parameters)};
    };
    return {spec("tilde", {{"users", {in("users")}}}),
            spec("virtual-servers", {{"hosts", {"one.test=" + in("one"), "Two.Test.=" + in("two")}}}),
            spec("basic-authentication", {{"people", {in("people")}},
                                          {"paths", {"/sub/", "/~ann/private", "/guarded/index.html"}},
                                          {"realm", {"the \"inner\" lab"}}}),
            spec("error-pages", {{"pages", {"404=/style.css", "400=/hello.txt", "405=/large.bin", "501=/nowhere"}}})};
}

std::vector<Variant> TestContractDocumentServices::withServices() const {
    auto all = plainVariants();
    for (auto& variant : all) {
        variant.name += ", with services";
        variant.options.services = services();
    }
    return all;
}

void TestContractDocumentServices::put(const char* path, const std::string& content) const {
    const auto file = m_folder.filePath(path);
    QVERIFY(QDir().mkpath(QFileInfo(file).path()));
    QSaveFile stream(file); // whole or not at all: nobody reads half of it
    QVERIFY(stream.open(QIODevice::WriteOnly));
    stream.write(QByteArray::fromStdString(content));
    QVERIFY(stream.commit());
}

void TestContractDocumentServices::initTestCase() {
    put("users", "ann:pages/ann\n");
    put("pages/ann/index.html", "ann's page\n");
    put("pages/ann/private/diary.txt", "dear diary\n");
    put("pages/bob/index.html", "bob's page\n");
    put("outside.txt", std::string(DocumentTree::secret));
    QVERIFY(QFile::link(m_folder.filePath("outside.txt"), m_folder.filePath("pages/ann/leak.txt")));
    QVERIFY(QFile::link("../../outside.txt", m_folder.filePath("pages/ann/up.txt")));
    put("one/index.html", "first server\n");
    put("two/index.html", "second server\n");
    QVERIFY(QDir().mkpath(QString::fromStdString(m_tree.root()) + "/guarded"));
    m_tree.write("guarded/index.html", "for ann\n");
    m_tree.write("guarded/other.html", "for everybody\n");
    put("people", "ann:" + hashOf("open sesame") + "\n");
}

Response TestContractDocumentServices::ask(std::uint16_t port, const std::string& target, const std::string& fields,
                                           const std::string& method) {
    RawClient client(port);
    client.send(method + " " + target + " HTTP/1.1\r\n" + fields + "Connection: close\r\n\r\n");
    client.readToEnd();
    std::string_view octets = client.received();
    return takeResponse(octets, method == "HEAD").value_or(Response{});
}

void TestContractDocumentServices::servesPublicFolders() {
    QCOMPARE(ask("/~ann/").content, std::string("ann's page\n"));
    QCOMPARE(ask("/%7Eann/index.html").content, std::string("ann's page\n"));
    const auto redirect = ask("/~ann?x=1");
    QCOMPARE(redirect.status, 301U);
    QCOMPARE(redirect.field("Location"), std::optional<std::string>("/~ann/?x=1"));
    for (const auto* target : {"/~eve/", "/~eve", "/~", "/~ann/nothing", "/~ann/leak.txt", "/~ann/up.txt",
                               "/~ann/../bob/", "/~ann/..%2f..%2foutside.txt", "/~ann/%2e%2e/bob/index.html"}) {
        const auto response = ask(target);
        QVERIFY2(response.status == 404, target);
        QVERIFY2(response.content.find(DocumentTree::secret) == std::string::npos, target);
    }
    QCOMPARE(ask("/hello.txt").content, m_tree.content("/hello.txt"));
}

/// Who is written into the file is served without a word to the server.
void TestContractDocumentServices::findsNewUsers() {
    put("users", "ann:pages/ann\n");
    QVERIFY(eventually([this] { return ask("/~bob/").status == 404; }));
    put("users", "ann:pages/ann\nbob:pages/bob\n");
    QVERIFY(eventually([this] { return ask("/~bob/").content == "bob's page\n"; }));
    put("users", "ann:pages/ann\nthis line is wrong\n"); // then those known before stay known
    QCOMPARE(ask("/~ann/").content, std::string("ann's page\n"));
    put("users", "ann:pages/ann\n");
}

void TestContractDocumentServices::servesVirtualServers() {
    const auto content = [this](const std::string& host) { return ask("/", "Host: " + host + "\r\n").content; };
    QCOMPARE(content("one.test"), std::string("first server\n"));
    QCOMPARE(content("ONE.test:8080"), std::string("first server\n"));
    QCOMPARE(content("one.test."), std::string("first server\n"));
    QCOMPARE(content("two.test"), std::string("second server\n"));
    for (const auto* host : {"three.test", "one", "one.test.org", "127.0.0.1"}) {
        QCOMPARE(content(host), m_tree.content("/index.html"));
    }
    // RFC 9112 section 3.2.2: what an absolute target says wins over Host.
    QCOMPARE(ask("http://two.test/", "Host: one.test\r\n").content, std::string("second server\n"));
    QCOMPARE(ask("/hello.txt", "Host: one.test\r\n").status, 404U);
    QCOMPARE(ask("/~ann/", "Host: one.test\r\n").content, std::string("ann's page\n"));
}

void TestContractDocumentServices::asksForNameAndPassword() {
    const std::string host = "Host: lab.test\r\n";
    for (const auto& fields :
         {host, host + basic("ann:open sesam"), host + basic("eve:open sesame"), host + basic("ann"),
          host + "Authorization: Bearer x\r\n", host + basic("ann:open sesame") + basic("ann:open sesame")}) {
        for (const auto* target : {"/sub/page.html", "/sub", "/sub/", "/sub/nothing", "/%73ub/page.html"}) {
            const auto refused = ask(target, fields);
            QVERIFY2(refused.status == 401, (std::string(target) + " with " + fields).c_str());
            QCOMPARE(refused.field("WWW-Authenticate"),
                     std::optional<std::string>("Basic realm=\"the \\\"inner\\\" lab\", charset=\"UTF-8\""));
            QVERIFY(refused.content.find("<title>page") == std::string::npos);
        }
    }
    const auto good = host + basic("ann:open sesame");
    QCOMPARE(ask("/sub/page.html", good).content, m_tree.content("/sub/page.html"));
    QCOMPARE(ask("/sub/nothing", good).status, 404U);
    QCOMPARE(ask("/~ann/private/diary.txt").status, 401U);
    QCOMPARE(ask("/~ann/private/diary.txt", good).content, std::string("dear diary\n"));
    QCOMPARE(ask("/subway").status, 404U); // another name, not below
    QCOMPARE(ask("/hello.txt").status, 200U);
    QCOMPARE(ask("/sub/page.html", host, "HEAD").status, 401U);
}

/// By every address that leads to it.
void TestContractDocumentServices::protectsTheIndexOfAFolder() {
    const auto ann = "Host: lab.test\r\n" + basic("ann:open sesame");
    for (const auto* target : {"/guarded/index.html", "/guarded/", "/guarded/?x=1", "/%67uarded/"}) {
        const auto refused = ask(target);
        QVERIFY2(refused.status == 401, target);
        QVERIFY(refused.content.find("for ann") == std::string::npos);
        QCOMPARE(ask(target, ann).content, std::string("for ann\n"));
    }
    QCOMPARE(ask("/guarded/other.html").content, std::string("for everybody\n"));
}

/// The document root of a virtual server is the folder that stands there, not the one that once did.
void TestContractDocumentServices::followsFoldersThatMove() {
    const auto content = [this] { return ask("/", "Host: one.test\r\n"); };
    put("one/index.html", "first server\n");
    QVERIFY(eventually([&] { return content().content == "first server\n"; }));
    QVERIFY(QDir().rename(m_folder.filePath("one"), m_folder.filePath("away")));
    QVERIFY(eventually([&] { return content().status == 404; }));
    put("one/index.html", "another first server\n");
    QVERIFY(eventually([&] { return content().content == "another first server\n"; }));
    QVERIFY(QDir(m_folder.filePath("one")).removeRecursively());
    QVERIFY(QDir().rename(m_folder.filePath("away"), m_folder.filePath("one")));
    QVERIFY(eventually([&] { return content().content == "first server\n"; }));
}

void TestContractDocumentServices::readsPasswordsAnew() {
    const auto fields = "Host: lab.test\r\n" + basic("bob:mellon");
    put("people", "ann:" + hashOf("open sesame") + "\n");
    QVERIFY(eventually([&] { return ask("/sub/", fields).status == 401; }));
    put("people", "ann:" + hashOf("open sesame") + "\nbob:" + hashOf("mellon") + "\n");
    QVERIFY(eventually([&] { return ask("/sub/", fields).status == 200; }));
    put("people", "ann:" + hashOf("open sesame") + "\n");
}

void TestContractDocumentServices::sendsErrorPages() {
    const auto missing = ask("/nothing");
    QCOMPARE(missing.status, 404U);
    QCOMPARE(missing.content, m_tree.content("/style.css"));
    QCOMPARE(missing.field("Content-Type"), std::optional<std::string>("text/css; charset=utf-8"));
    QVERIFY(!missing.field("ETag").has_value());
    const auto head = ask("/nothing", "Host: lab.test\r\n", "HEAD");
    QCOMPARE(head.status, 404U);
    QCOMPARE(head.field("Content-Length"), missing.field("Content-Length"));
    const auto broken = ask("/hello.txt", ""); // no Host
    QCOMPARE(broken.status, 400U);
    QCOMPARE(broken.content, m_tree.content("/hello.txt"));
    const auto forbidden = ask("/hello.txt", "Host: lab.test\r\n", "DELETE"); // a page that is not in memory
    QCOMPARE(forbidden.status, 405U);
    QVERIFY(forbidden.content == m_tree.content("/large.bin"));
    QCOMPARE(forbidden.field("Allow"), std::optional<std::string>("GET, HEAD"));
    const auto unknown = ask("/hello.txt", "Host: lab.test\r\n", "BREW"); // its page is not there
    QCOMPARE(unknown.status, 501U);
    QVERIFY(unknown.content.find("501 Not Implemented") != std::string::npos);
    QCOMPARE(ask("/hello.txt").content, m_tree.content("/hello.txt"));
}

/// Each comes and goes without the server, nor a connection, noticing more than that.
void TestContractDocumentServices::areLinkedWhileServing() {
    ServerOptions options;
    options.root = m_tree.root();
    const auto server = std::move(Server::start(options, nullptr).value());
    auto& configurator = server->configurator();
    const auto port = server->port();
    for (int round = 0; round < 3; ++round) {
        QCOMPARE(ask(port, "/~ann/").status, 404U);
        QCOMPARE(ask(port, "/sub/").status, 200U);
        for (const auto& spec : services()) {
            const auto linked = configurator.link(spec);
            QVERIFY2(linked.has_value(), linked ? "" : linked.error().message.c_str());
        }
        QCOMPARE(ask(port, "/~ann/").content, std::string("ann's page\n"));
        QCOMPARE(ask(port, "/", "Host: two.test\r\n").content, std::string("second server\n"));
        QCOMPARE(ask(port, "/sub/").status, 401U);
        QCOMPARE(ask(port, "/nothing").content, m_tree.content("/style.css"));
        QVERIFY(configurator.suspend("tilde").has_value());
        QCOMPARE(ask(port, "/~ann/").status, 404U);
        QVERIFY(configurator.resume("tilde").has_value());
        QCOMPARE(ask(port, "/~ann/").status, 200U);
        for (const auto& spec : services()) {
            QVERIFY(configurator.unlink(spec.called()).has_value());
        }
    }
}

/// The server's files are found through another cache; what is beside or instead of them must not be lost.
void TestContractDocumentServices::goOnWithAnotherCache() {
    ServerOptions options;
    options.root = m_tree.root();
    options.services = services();
    const auto server = std::move(Server::start(options, nullptr).value());
    const auto port = server->port();
    for (const auto policy : {CacheKind::Lfu, CacheKind::Lru}) {
        options.files.policy = policy;
        const auto changed = server->change(options);
        QVERIFY2(changed.has_value(), changed ? "" : changed.error().message.c_str());
        QCOMPARE(ask(port, "/~ann/").content, std::string("ann's page\n"));
        QCOMPARE(ask(port, "/", "Host: two.test\r\n").content, std::string("second server\n"));
        const auto before = server->cacheCounts();
        QCOMPARE(ask(port, "/nothing").content, m_tree.content("/style.css"));
        const auto after = server->cacheCounts();
        QVERIFY(after.hits + after.misses > before.hits + before.misses); // asked of the present cache
    }
}

/// "{root}" in a value; the specification, which the window shows and files hold, keeps it.
void TestContractDocumentServices::nameTheDocumentRoot() {
    const ServiceSpec spec{.service = "virtual-servers",
                           .name = {},
                           .suspended = false,
                           .parameters = {{"hosts", {"sub.test={root}/sub"}}}};
    for (const char* model : {"reactor", "prefork"}) {
        ServerOptions options;
        options.model = model;
        options.root = m_tree.root();
        options.services = {spec};
        const auto server = std::move(Server::start(options, nullptr).value());
        QCOMPARE(ask(server->port(), "/page.html", "Host: sub.test\r\n").content, m_tree.content("/sub/page.html"));
        QCOMPARE(server->configurator().services().at(0).spec.parameters, spec.parameters);
    }
}

void TestContractDocumentServices::refusesWhatCannotBe_data() {
    QTest::addColumn<QString>("service");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* service, const char* name, const char* value, const char* message) {
        QTest::addRow("%s, %s %s", service, name, value) << service << name << value << message;
    };
    row("tilde", "public-folder", "www", "users or passwd must say who there is");
    row("tilde", "users", "/nowhere/users", "cannot read /nowhere/users");
    row("virtual-servers", "hosts", "one.test", "written HOST=FOLDER");
    row("virtual-servers", "hosts", "one.test:80=/tmp", "without a port");
    row("virtual-servers", "hosts", "one/x=/tmp", "written HOST=FOLDER");
    row("virtual-servers", "hosts", "one.test=/nowhere", "cannot open the document root /nowhere");
    row("basic-authentication", "people", "/nowhere/people", "cannot read /nowhere/people");
    row("error-pages", "pages", "404", "written STATUS=/PATH");
    row("error-pages", "pages", "404=page.html", "written STATUS=/PATH");
    row("error-pages", "pages", "200=/page.html", "200 is no error status");
    row("error-pages", "pages", "418=/page.html", "418 is no error status");
}

void TestContractDocumentServices::refusesWhatCannotBe() {
    QFETCH(QString, service);
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(QString, message);
    ServerOptions options;
    options.root = m_tree.root();
    options.services = {{.service = service.toStdString(),
                         .name = {},
                         .suspended = false,
                         .parameters = {{name.toStdString(), {value.toStdString()}}}}};
    const auto server = Server::start(options, nullptr);
    QVERIFY(server.has_error());
    QVERIFY2(QString::fromStdString(server.error().message).contains(message), server.error().message.c_str());
    QVERIFY(QString::fromStdString(server.error().message).startsWith(service));
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestContractDocumentServices)
#include "tst_contract_document_services.moc"
