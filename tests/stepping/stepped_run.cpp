// SPDX-License-Identifier: GPL-3.0-or-later
#include "stepped_run.h"

#include "engine/concurrency/model.h"

#include <QTest>

#include <map>

namespace lab {

namespace {

constexpr std::chrono::seconds patience{10};

/// Of the lab itself: they are never held.
bool isOfLab(const std::string& thread) { return thread == "main" || thread == "sampler"; }

/// Every event of a recording with its thread's name.
void forEach(const Recording& recording, std::size_t from,
             const std::function<void(const Event&, const std::string& thread)>& call) {
    std::map<std::uint16_t, std::string> names;
    const auto view = recording.view();
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto& event = view[index];
        if (event.type() == EventType::ThreadStarted) {
            names[event.actor] = recording.name(static_cast<NameId>(event.value()));
        }
        // How a process came to its end tells the lab, whenever it learns of it.
        if (index >= from && event.type() != EventType::ProcessEnded) {
            call(event, names[event.actor]);
        }
    }
}

} // namespace

LabRun::Options steppedOptions(const std::string& model, unsigned clients) {
    LabRun::Options options{.server = {}, .scenario = {}};
    options.server.model = model;
    options.scenario.id = "stepped";
    options.scenario.seed = 5;
    options.scenario.files = {{"a.txt", 500, 2}, {"d/b.txt", 5'000, 1}};
    options.scenario.phases = {{"p", 60, {{.name = "g", .clients = clients, .thinkSeconds = 0.002, .mix = {}}}}};
    options.repeat = true;
    return options;
}

std::unique_ptr<LabRun> startRun(LabRun::Options options) {
    auto run = LabRun::start(std::move(options));
    if (!run) {
        qFatal("%s", run.error().message.c_str());
    }
    return std::move(*run);
}

bool stepOnce(LabRun& run, const std::string& condition, StepScope scope) {
    run.stepper()->step(*Condition::parse(condition), scope);
    return run.stepper()->waitUntilHeld(patience);
}

std::vector<Event> gatedEvents(const Recording& recording, std::size_t from) {
    std::vector<Event> events;
    forEach(recording, from, [&](const Event& event, const std::string& thread) {
        if (!isOfLab(thread)) {
            events.push_back(event);
        }
    });
    return events;
}

std::vector<Turn> turnsOf(const Recording& recording) {
    std::vector<Turn> turns;
    forEach(recording, 0, [&](const Event& event, const std::string& thread) {
        if (!isOfLab(thread) && thread != "clients") {
            turns.push_back({thread, event.type(), event.kind(), event.connection, event.operation});
        }
    });
    return turns;
}

bool eventually(const std::function<bool()>& holds) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!holds() && std::chrono::steady_clock::now() < until) {
        QTest::qWait(2);
    }
    return holds();
}

std::vector<std::string> runnableModels() {
    std::vector<std::string> ids;
    for (const auto& model : models()) {
        if (model.whyUnavailable().empty()) {
            ids.emplace_back(model.id);
        }
    }
    return ids;
}

} // namespace lab
