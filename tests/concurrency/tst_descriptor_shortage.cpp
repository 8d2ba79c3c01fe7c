// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/combination.h"
#include "engine/dispatch/processor_list.h"
#include "tests/base/descriptor_limit.h"
#include "tests/concurrency/descriptor_shortage.h"
#include "tests/concurrency/late_client.h"
#include "tests/concurrency/traced_server.h"
#include "tests/contract/raw_client.h"
#include "tests/contract/response_reader.h"
#include "tests/contract/variants.h"
#include "tests/process/process_watch.h"

#include <QTest>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <list>
#include <map>
#include <optional>

namespace lab::test {

namespace {

/// Each model with each processor, or each demultiplexer, that it takes.
std::vector<Variant> waysToWait() {
    std::vector<Variant> all;
    for (const auto& plain : plainVariants()) {
        const auto& model = *findModel(plain.options.model);
        for (const char* name : {"processor", "demultiplexer"}) {
            const auto& setting = *findServerSetting(name);
            for (const auto& [word, title] : setting.words) {
                auto variant = plain;
                if (takes(model, setting) && setting.set(variant.options, word) &&
                    refusal(model, variant.options).empty()) {
                    variant.name += ": " + std::string(word);
                    all.push_back(std::move(variant));
                }
            }
        }
        if (model.family == Family::Synchronous) {
            all.push_back(plain);
        }
    }
    for (auto& variant : all) {
        variant.options.threads = 2;
    }
    return all;
}

/// One thread serves one connection to its end: with one open, nobody accepts, or could run out of anything.
bool servesOneAtATime(const ServerOptions& options) { return options.model == "iterative"; }

std::string request(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: lab.test\r\n\r\n"; }

/// The status of the answer to a request on an open connection; 0: none came.
unsigned ask(RawClient& client, const std::string& path) {
    client.forget();
    client.send(request(path));
    const auto ending = client.readUntil([](const std::string& octets) {
        std::string_view rest = octets;
        return takeResponse(rest, false).has_value();
    });
    std::string_view rest = client.received();
    return ending == RawClient::Ending::Enough ? takeResponse(rest, false)->status : 0;
}

/// A parent that accepts has the descriptor of a connection as well, until it accepts the next.
bool hasGivenAway(TracedServer& traced) {
    return traced.server().options().model != "process-per-connection" || traced.count([](const Event& event) {
        return event.type() == EventType::CallEntered && event.kindAs<SystemCall>() == SystemCall::Accept;
    }) == traced.counts().accepted + 1;
}

/// The program of a process model has not even its libraries open when it ends for that.
bool saysWhy(const Error& error, const std::string& model) {
    const auto isOfProcesses = std::find(processModels.begin(), processModels.end(), model) != processModels.end();
    return error.message.find(std::strerror(EMFILE)) != std::string::npos ||
           (isOfProcesses && error.message.find("before it could begin") != std::string::npos);
}

bool isAcceptFailure(const Event& event) { return event.type() == EventType::AcceptFailed; }

} // namespace

/// That a server goes on, and says what happened, when there are no descriptors to be had: under every model, and however
/// it waits. If these fail, a shortage ends a server, or makes it spin, or loses somebody.
class TestDescriptorShortage : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void restsWithoutDescriptorsForClients_data() { addVariantRows(m_ways); }
    void restsWithoutDescriptorsForClients();
    void answersWithoutDescriptorsForFiles_data() { addVariantRows(m_plain); }
    void answersWithoutDescriptorsForFiles();
    void startsOrSaysWhy_data() { addVariantRows(m_ways); }
    void startsOrSaysWhy();
    void changesOrSaysWhy_data() { addVariantRows(m_plain); }
    void changesOrSaysWhy();

private:
    ServerOptions row(const std::vector<Variant>& variants) const {
        QFETCH(int, variant);
        auto options = variants[static_cast<std::size_t>(variant)].options;
        options.root = m_tree.root();
        return options;
    }
    static void checkRests(const std::vector<Event>& events);

    const DocumentTree m_tree;
    const std::vector<Variant> m_ways = waysToWait();
    const std::vector<Variant> m_plain = plainVariants();
};

void TestDescriptorShortage::initTestCase() {
    if (const auto* reason = whyDescriptorsAreNeeded()) {
        QSKIP(reason);
    }
    DescriptorShortage::prepare();
}

/// An acceptor for whom there is no descriptor tries again after a while, and not at once.
void TestDescriptorShortage::checkRests(const std::vector<Event>& events) {
    constexpr std::int64_t rest = 200;                // ms
    constexpr std::uint64_t nearlyRest = 190'000'000; // ns; clocks are read one after the other
    std::map<std::uint16_t, std::uint64_t> last;      // by the thread
    for (const auto& event : events) {
        if (isAcceptFailure(event)) {
            QCOMPARE(int{event.kind()}, EMFILE);
            QCOMPARE(event.value(), rest);
            const auto before = last.find(event.actor);
            QVERIFY(before == last.end() || event.time - before->second >= nearlyRest);
            last[event.actor] = event.time;
        }
    }
}

/// Who comes meanwhile waits in the accept queue, who is there already is served on; afterwards all are.
void TestDescriptorShortage::restsWithoutDescriptorsForClients() {
    const auto options = row(m_ways);
    TracedServer traced(options);
    // Both threads or processes have served somebody, and so have what that takes, but one is free again.
    std::list<RawClient> kept;
    for (int count = servesOneAtATime(options) ? 1 : 2; count > 0; --count) {
        kept.emplace_back(traced.port());
        QCOMPARE(ask(kept.back(), "/hello.txt"), 200U);
    }
    kept.pop_back();
    const auto before = traced.counts().accepted;
    QVERIFY(eventually([&] { return traced.counts().open() == kept.size() && hasGivenAway(traced); }));
    std::list<LateClient> crowd(6);
    {
        const DescriptorShortage shortage;
        for (auto& client : crowd) {
            client.call(traced.port());
        }
        constexpr std::size_t severalTries = 3; // so that one of two threads has tried again
        QVERIFY(eventually([&] {
            goOn(crowd); // a thread that waited in accept had a descriptor for one
            return traced.count(isAcceptFailure) >= severalTries;
        }));
        QVERIFY(traced.counts().accepted < before + crowd.size());
        QCOMPARE(kept.empty() ? 200U : ask(kept.front(), "/hello.txt"), 200U);
    }
    QVERIFY(areServed(crowd));
    QCOMPARE(traced.counts().accepted, before + crowd.size());
    QCOMPARE(kept.empty() ? 200U : ask(kept.front(), "/hello.txt"), 200U);
    kept.clear();
    QVERIFY(eventually([&] { return traced.counts().open() == 0; }));
    checkRests(traced.events());
}

/// With status 503, and the connection stays.
void TestDescriptorShortage::answersWithoutDescriptorsForFiles() {
    TracedServer traced(row(m_plain));
    RawClient client(traced.port());
    QCOMPARE(ask(client, "/hello.txt"), 200U);
    {
        const DescriptorShortage shortage;
        QCOMPARE(ask(client, "/5k.bin"), 503U);
        QCOMPARE(ask(client, "/5m.bin"), 503U);
        QCOMPARE(ask(client, "/hello.txt"), 200U);
    }
    QCOMPARE(ask(client, "/5k.bin"), 200U);
    QCOMPARE(ask(client, "/5m.bin"), 200U);
}

/// However few there are, down to none: a server that begins then works, and nothing is left of one that does not.
void TestDescriptorShortage::startsOrSaysWhy() {
    const auto options = row(m_ways);
    bool hasStarted = false;
    for (std::size_t left = 0; !hasStarted; ++left) {
        DescriptorShortage::prepare();
        const auto descriptors = openDescriptors();
        const auto processes = descendants();
        std::optional<DescriptorShortage> shortage(left);
        auto server = Server::start(options, nullptr);
        shortage.reset();
        hasStarted = server.has_value();
        if (hasStarted) {
            RawClient client((*server)->port());
            QCOMPARE(ask(client, "/hello.txt"), 200U);
            server->reset();
        } else {
            QVERIFY2(saysWhy(server.error(), options.model), server.error().message.c_str());
        }
        DescriptorShortage::prepare();
        QCOMPARE(openDescriptors(), descriptors);
        QCOMPARE(descendants(), processes);
        constexpr std::size_t plenty = 50;
        QVERIFY2(hasStarted || left < plenty, server.error().message.c_str());
    }
}

/// However few there are, a change to this model comes about, or the server goes on as it was, with all connections; or
/// without a model, and says so: until another change, for which there is enough, it keeps them.
void TestDescriptorShortage::changesOrSaysWhy() {
    const auto next = row(m_plain);
    bool hasChanged = false;
    for (std::size_t left = 0; !hasChanged; ++left) {
        DescriptorShortage::prepare();
        const auto descriptors = openDescriptors();
        {
            auto former = optionsOf("reactor", 2);
            former.root = next.root;
            const auto server = std::move(Server::start(former, nullptr).value());
            RawClient client(server->port());
            QCOMPARE(ask(client, "/hello.txt"), 200U);
            std::optional<DescriptorShortage> shortage(left);
            const auto changed = server->change(next);
            shortage.reset();
            hasChanged = changed.has_value();
            QVERIFY2(hasChanged || saysWhy(changed.error(), next.model),
                     hasChanged ? "" : changed.error().message.c_str());
            QCOMPARE(server->options().model, hasChanged ? next.model : former.model);
            if (!server->whyNotServing().empty()) {
                QVERIFY(!hasChanged);
                QVERIFY(server->change(server->options()).has_value());
                QCOMPARE(server->whyNotServing(), std::string());
            }
            QCOMPARE(ask(client, "/hello.txt"), 200U);
            QCOMPARE(server->counts().accepted, std::uint64_t{1});
            constexpr std::size_t plenty = 50;
            QVERIFY2(hasChanged || left < plenty, changed.error().message.c_str());
        }
        DescriptorShortage::prepare();
        QCOMPARE(openDescriptors(), descriptors);
    }
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestDescriptorShortage)
#include "tst_descriptor_shortage.moc"
