// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/real_recording.h"

#include "engine/concurrency/model.h"
#include "engine/run/lab_run.h"

#include <QTest>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace lab::test {

namespace {

constexpr std::string_view scenario = R"({
    "title": "A few clients", "description": "Kept and single connections, small files and a larger one",
    "seed": 11,
    "files": [{"path": "small.txt", "octets": 500, "share": 3}, {"path": "large.bin", "octets": 300000, "share": 1}],
    "phases": [{"name": "all", "seconds": 0.5, "groups": [
        {"name": "kept", "clients": 2, "thinkSeconds": 0.01, "keepAlive": true, "requestsPerConnection": 3},
        {"name": "single", "clients": 1, "thinkSeconds": 0.01, "keepAlive": false}]}]
})";

std::shared_ptr<Recording> record(std::string_view model) {
    LabRun::Options options;
    options.scenario = parseScenario(scenario, "real_recording.json").value();
    options.server.model = model;
    auto run = LabRun::start(std::move(options)).value();
    while (!run->waitForTraffic(std::chrono::seconds(1))) {
    }
    run->stop();
    return run->recording();
}

} // namespace

std::shared_ptr<Recording> realRecording(std::string_view model) {
    static std::map<std::string, std::shared_ptr<Recording>, std::less<>> all;
    auto found = all.find(model);
    if (found == all.end()) {
        found = all.emplace(std::string(model), record(model)).first;
    }
    return found->second;
}

std::shared_ptr<Recording> beginningOf(const Recording& whole, std::size_t events) {
    auto beginning = std::make_shared<Recording>();
    beginning->setInfo(whole.info());
    beginning->setNames(whole.names());
    beginning->setSites(whole.sites());
    const auto view = whole.view();
    std::vector<Event> copied;
    for (std::size_t index = 0; index < events; ++index) {
        copied.push_back(view[index]);
    }
    beginning->append(copied);
    return beginning;
}

std::unique_ptr<RecordingFollower> followed(std::shared_ptr<Recording> recording) {
    auto follower = std::make_unique<RecordingFollower>(std::move(recording));
    while (follower->follow(std::chrono::seconds(1)) > 0) {
    }
    return follower;
}

void addModelRows() {
    QTest::addColumn<std::string>("id");
    for (const auto& model : models()) {
        QTest::newRow(std::string(model.id).c_str()) << std::string(model.id);
    }
}

} // namespace lab::test
