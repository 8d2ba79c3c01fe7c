// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/claim/claim.h"
#include "engine/concurrency/combination.h"
#include "engine/concurrency/model.h"
#include "engine/run/server_settings.h"
#include "engine/traffic/scenario.h"
#include "tests/cli/command_outcome.h"

#include <QTest>
#include <boost/json/parse.hpp>

#include <set>

using namespace lab;

/// What the documents claim: each test can be run, and judges by its figures alone.
class ClaimsTest : public QObject {
    Q_OBJECT

private slots:
    void everyClaimCanBePutToTheTest();
    void judgesByTheMedianOfQuotients();
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
