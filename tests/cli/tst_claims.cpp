// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/claim/claim.h"
#include "engine/concurrency/combination.h"
#include "engine/concurrency/model.h"
#include "engine/run/lab_run.h"
#include "engine/run/server_settings.h"
#include "engine/traffic/scenario.h"
#include "tests/cli/command_outcome.h"

#include <QTest>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <set>

using namespace lab;

/// What the documents claim: each test can be run, and judges by its figures alone.
class ClaimsTest : public QObject {
    Q_OBJECT

private slots:
    void everyClaimCanBePutToTheTest();
    void judgesByTheMedianOfQuotients();
    void whoAnsweredNothingProvesNothing();
    void aVerdictNeedsAllOrOne();
    void aGroupOfClientsCanBeMeant();
    void idleConnectionsAreThere();
    void listsAll();
    void tellsWhatWasSeen_data();
    void tellsWhatWasSeen();
    void mistakesAreTold();
};

namespace {

ContenderRun withRate(double requestsPerSecond) {
    ContenderRun run;
    run.result.requestsPerSecond = requestsPerSecond;
    return run;
}

/// Whether its scenario has clients of that name; an empty one means all.
bool hasGroup(const Contender& contender, std::string_view name) {
    const auto scenario = readScenario(LAB_SOURCE_DIR "/scenarios/" + std::string(contender.scenario) + ".json");
    const auto& groups = scenario->phases.front().groups;
    return name.empty() || std::any_of(groups.begin(), groups.end(), [&](auto& group) { return group.name == name; });
}

} // namespace

void ClaimsTest::everyClaimCanBePutToTheTest() {
    std::set<std::string_view> ids;
    for (const auto& claim : claims()) {
        const std::string id(claim.id);
        QVERIFY2(ids.insert(claim.id).second, id.c_str());
        QCOMPARE(findClaim(claim.id), &claim);
        QVERIFY2(!claim.expectations.empty() && !claim.contenders.empty(), id.c_str());
        for (const auto& contender : claim.contenders) {
            const auto file = LAB_SOURCE_DIR "/scenarios/" + std::string(contender.scenario) + ".json";
            const auto scenario = readScenario(file);
            QVERIFY2(scenario, scenario ? "" : scenario.error().message.c_str());
            ServerOptions options;
            applyWanted(scenario->server, options);
            options.model = contender.model;
            const auto* model = findModel(options.model);
            QVERIFY2(model, id.c_str());
            QVERIFY(applySettings(contender.settings, options));
            QCOMPARE(QString::fromStdString(refusal(*model, options)), QString());
        }
        for (const auto& expectation : claim.expectations) {
            QVERIFY2(!expectation.over.empty() && expectation.least <= expectation.most, id.c_str());
            for (const auto& side : {expectation.over, expectation.under}) {
                for (const auto contender : side) {
                    QVERIFY2(contender < claim.contenders.size(), id.c_str());
                    QVERIFY2(hasGroup(claim.contenders[contender], expectation.group), id.c_str());
                    const bool fromEvents =
                        expectation.figure == Figure::Overtaken || expectation.figure == Figure::OtherThread;
                    QVERIFY2(!fromEvents || claim.contenders[contender].traced, id.c_str());
                }
            }
        }
    }
}

void ClaimsTest::judgesByTheMedianOfQuotients() {
    const Expectation expectation{.words = "twice", .over = {0}, .under = {1}, .least = 1.9, .most = 2.1};
    const auto finding = judge(
        expectation, {{withRate(200), withRate(100)}, {withRate(300), withRate(100)}, {withRate(100), withRate(100)}});
    QCOMPARE(finding.median, 2.0);
    QCOMPARE(finding.least, 1.0);
    QCOMPARE(finding.greatest, 3.0);
    QVERIFY(finding.asClaimed);
    QVERIFY(!judge(expectation, {{withRate(300), withRate(100)}}).asClaimed);
    QVERIFY(!judge(expectation, {{withRate(300), withRate(0)}}).asClaimed); // nothing to divide by: no quotient
}

void ClaimsTest::whoAnsweredNothingProvesNothing() {
    const Expectation less{.words = "less", .over = {0}, .under = {1}, .most = 1};
    for (const auto& round : {std::vector{withRate(0), withRate(100)}, std::vector{withRate(100), withRate(0)}}) {
        const auto finding = judge(less, {{withRate(50), withRate(100)}, round});
        QVERIFY(!finding.isTold);
        QVERIFY(!finding.asClaimed);
    }
    // Without a quotient, none is a figure too.
    const auto none = judge({.words = "lost", .figure = Figure::Errors, .over = {0}, .most = 1}, {{withRate(10)}});
    QVERIFY(none.isTold && none.asClaimed);
}

void ClaimsTest::aVerdictNeedsAllOrOne() {
    Claim claim{.id = "x", .title = "", .source = "", .contenders = {}, .expectations = {}};
    claim.expectations = {{.words = "less", .over = {0}, .under = {1}, .most = 1},
                          {.words = "more", .over = {0}, .under = {1}, .least = 2}};
    const std::vector<std::vector<ContenderRun>> half{{withRate(50), withRate(100)}};
    const std::vector<std::vector<ContenderRun>> neither{{withRate(150), withRate(100)}};
    const std::vector<std::vector<ContenderRun>> nothing{{withRate(0), withRate(100)}};
    QCOMPARE(verdictOf(claim, half), Verdict::SeenInPart);
    QCOMPARE(verdictOf(claim, neither), Verdict::NotSeen);
    QCOMPARE(verdictOf(claim, nothing), Verdict::CannotBeSaid);
    claim.oneIsEnough = true;
    QCOMPARE(verdictOf(claim, half), Verdict::Seen);
    QCOMPARE(verdictOf(claim, neither), Verdict::NotSeen);
    claim.expectations.pop_back();
    claim.oneIsEnough = false;
    QCOMPARE(verdictOf(claim, half), Verdict::Seen);
}

void ClaimsTest::aGroupOfClientsCanBeMeant() {
    ContenderRun run = withRate(1000);
    run.result.lastByte.p90 = 900;
    run.result.groups.resize(2);
    run.result.groups[0].name = "a";
    run.result.groups[0].seconds = 2;
    run.result.groups[0].answered = 10;
    run.result.groups[1].name = "b";
    run.result.groups[1].lastByte.p90 = 70;
    QCOMPARE(valueOf(run, Figure::LateLastByte), 900.0);
    QCOMPARE(valueOf(run, Figure::LateLastByte, "b"), 70.0);
    QCOMPARE(valueOf(run, Figure::RequestsPerSecond, "a"), 5.0);
    QCOMPARE(valueOf(run, Figure::RequestsPerSecond, "c"), 0.0);
}

/// "450 idle" is to mean that so many connections are open.
void ClaimsTest::idleConnectionsAreThere() {
    LabRun::Options options;
    options.scenario = readScenario(LAB_SOURCE_DIR "/scenarios/claims/busy-among-idle.json").value();
    options.server.model = "reactor";
    QVERIFY(applySettings(std::vector<SettingValue>{{"demultiplexer", "select"}}, options.server));
    options.seconds = 60;
    const auto run = LabRun::start(std::move(options)).value();
    const auto idle = [&] {
        const auto groups = run->result().groups;
        return groups.size() == 2 ? groups[1].answered : 0;
    };
    // A client that waited its time may have asked again by then.
    QTRY_VERIFY_WITH_TIMEOUT(idle() >= 450, 30'000);
    QVERIFY(run->server().counts().open() >= 450);
    run->stop();
    QCOMPARE(run->result().errors, 0u);
}

void ClaimsTest::listsAll() {
    const auto outcome = CommandOutcome::of({"claims"});
    QCOMPARE(outcome.code, int(exitDone));
    for (const auto& claim : claims()) {
        QVERIFY(outcome.out.find(claim.title) != std::string::npos);
    }
}

void ClaimsTest::tellsWhatWasSeen_data() {
    QTest::addColumn<std::string>("id");
    for (const auto& claim : claims()) {
        QTest::newRow(std::string(claim.id).c_str()) << std::string(claim.id);
    }
}

void ClaimsTest::tellsWhatWasSeen() {
    QFETCH(const std::string, id);
    const auto outcome = CommandOutcome::of({"claims", id, "--rounds", "1", "--seconds", "0.3", "--json"});
    QCOMPARE(outcome.err, "");
    QCOMPARE(outcome.code, int(exitDone));
    const auto list = boost::json::parse(outcome.out).as_array();
    QCOMPARE(list.size(), std::size_t{1});
    const auto& seen = list[0].as_object();
    const auto& claim = *findClaim(id);
    QCOMPARE(seen.at("findings").as_array().size(), claim.expectations.size());
    QCOMPARE(seen.at("contenders").as_array().size(), claim.contenders.size());
    for (const auto& contender : seen.at("contenders").as_array()) {
        QVERIFY(contender.at("medians").at("requests/s").to_number<double>() > 0);
    }
}

void ClaimsTest::mistakesAreTold() {
    const auto unknown = CommandOutcome::of({"claims", "no-such-claim"});
    QCOMPARE(unknown.code, int(exitUsage));
    QVERIFY(unknown.err.find("no-such-claim") != std::string::npos);
    const auto none = CommandOutcome::of({"claims", "cork", "--rounds", "0"});
    QCOMPARE(none.code, int(exitUsage));
    QVERIFY(none.err.find("rounds") != std::string::npos);
}

QTEST_GUILESS_MAIN(ClaimsTest)
#include "tst_claims.moc"
