// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/request_of_event.h"
#include "engine/dispatch/processor_list.h"
#include "engine/stepping/step_kind.h"
#include "engine/trace/gate.h"
#include "stepped_run.h"

#include <QTest>

#include <algorithm>

namespace lab {

using namespace std::chrono_literals;

/// If these fail, stepping loses the thread: something happens that nobody asked for, or nothing happens any more.
class StepperTest : public QObject {
    Q_OBJECT

private slots:
    void oneEventAStep_data() { everyModel(); }
    void oneEventAStep();
    void otherThreadsStayWhereTheyAre_data() { everyModel(); }
    void otherThreadsStayWhereTheyAre();
    void nothingOfARequestIsSkipped_data() { everyModel(); }
    void nothingOfARequestIsSkipped();
    void runsUntilEachCondition_data();
    void runsUntilEachCondition();
    void whoIsChosenGoes_data() { everyModel(); }
    void whoIsChosenGoes();
    void completionsAreChosen_data();
    void completionsAreChosen();
    void policiesChoose_data();
    void policiesChoose();
    void stopsFromEveryMode_data();
    void stopsFromEveryMode();
    void nobodyTimesOutWhileHeld_data() { everyModel(); }
    void nobodyTimesOutWhileHeld();
    void goesOnPacedAndFree();
    void stuckSaysWhy();
    void steppedRunsSaySo();

private:
    static void everyModel();
};

namespace {

/// Held before its first event.
std::unique_ptr<LabRun> heldRun(const std::string& model, unsigned clients = 4) {
    auto options = steppedOptions(model, clients);
    options.startHeld = true;
    return startRun(std::move(options));
}

std::uint16_t actorOf(const LabRun& run, EventType type) {
    const auto events = gatedEvents(*run.recording());
    const auto found =
        std::find_if(events.rbegin(), events.rend(), [&](const auto& event) { return event.type() == type; });
    return found == events.rend() ? std::uint16_t{0} : found->actor;
}

std::string describe(const Event& event) {
    return std::string(words(event.type())) + ", connection " + std::to_string(event.connection) + ", actor " +
           std::to_string(event.actor);
}

} // namespace

void StepperTest::everyModel() {
    QTest::addColumn<QString>("model");
    for (const auto& model : runnableModels()) {
        QTest::newRow(model.c_str()) << QString::fromStdString(model);
    }
}

void StepperTest::oneEventAStep() {
    QFETCH(const QString, model);
    const auto run = heldRun(model.toStdString());
    QVERIFY(run->stepper()->waitUntilHeld(10s));
    QCOMPARE(gatedEvents(*run->recording()).size(), std::size_t{0});
    for (std::size_t count = 1; count <= 200; ++count) {
        QVERIFY2(stepOnce(*run), run->stepper()->stuck().c_str());
        QCOMPARE(gatedEvents(*run->recording()).size(), count);
    }
    QVERIFY(run->stepper()->scheduleIsComplete());
}

void StepperTest::otherThreadsStayWhereTheyAre() {
    QFETCH(const QString, model);
    const auto run = heldRun(model.toStdString());
    QVERIFY(stepOnce(*run, "request-done"));
    const auto isThere = [&](std::uint16_t actor) {
        const auto candidates = run->stepper()->candidates();
        return std::any_of(candidates.begin(), candidates.end(),
                           [&](const auto& candidate) { return candidate.pending.actor == actor; });
    };
    // Whoever is stepped waits for others after a while: then somebody else is.
    for (std::size_t steps = 0; steps < 500;) {
        const auto candidates = run->stepper()->candidates();
        if (candidates.empty()) {
            QVERIFY(stepOnce(*run));
            continue;
        }
        const auto actor = candidates[steps % candidates.size()].pending.actor;
        const auto from = run->recording()->end();
        std::size_t made = 0;
        for (; isThere(actor) && steps + made < 500; ++made) {
            QVERIFY(stepOnce(*run, "event", {.whom = StepScope::Whom::Thread, .actor = actor}));
        }
        steps += made;
        const auto events = gatedEvents(*run->recording(), from);
        QCOMPARE(events.size(), made);
        for (const auto& event : events) {
            QVERIFY2(event.actor == actor, describe(event).c_str());
        }
        QVERIFY(stepOnce(*run));
    }
}

void StepperTest::nothingOfARequestIsSkipped() {
    QFETCH(const QString, model);
    const auto run = heldRun(model.toStdString());
    QVERIFY(stepOnce(*run, "accept"));
    const auto connection = gatedEvents(*run->recording()).back().connection;
    const auto from = run->recording()->end();
    const StepScope scope{.whom = StepScope::Whom::Request, .connection = connection};
    std::size_t stops = 0;
    for (bool done = false; !done && stops < 200;) {
        QVERIFY2(stepOnce(*run, "event", scope), run->stepper()->stuck().c_str());
        ++stops;
        const auto last = gatedEvents(*run->recording(), from).back();
        QVERIFY2(last.connection == connection, describe(last).c_str());
        done = last.type() == EventType::ResponseSent;
    }
    // As many stops as there are events of it: no one was passed by.
    RequestOfEvent requests;
    std::size_t ofConnection = 0;
    const auto view = run->recording()->view();
    for (auto index = view.first(); index < view.end(); ++index) {
        const bool isOfRequest = requests.apply(view[index]) != 0;
        ofConnection += isOfRequest && index >= from && view[index].connection == connection ? 1 : 0;
    }
    QCOMPARE(stops, ofConnection);
}

void StepperTest::runsUntilEachCondition_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("condition");
    QTest::addColumn<int>("type"); // of the last event; -1: any
    const auto row = [](const char* model, const char* condition, EventType type) {
        QTest::addRow("%s, %s", model, condition) << model << condition << static_cast<int>(type);
    };
    row("reactor", "readiness", EventType::HandleReady);
    row("proactor-pool", "completion", EventType::OperationCompleted);
    row("proactor-pool", "dispatch", EventType::QueuePopped);
    row("proactor", "hook-entered", EventType::HookEntered);
    row("reactor", "hook-left", EventType::HookLeft);
    row("thread-pool", "accept", EventType::ConnectionAccepted);
    row("thread-pool", "blocked", EventType::CallEntered);
    row("iterative", "woken", EventType::CallLeft);
    row("thread-per-request", "request-parsed", EventType::RequestParsed);
    row("proactor", "request-done", EventType::ResponseSent);
    row("proactor-pool", "queue-depth >= 2", EventType::QueuePushed);
    row("reactor", "connections >= 3", EventType::ConnectionAccepted);
    row("thread-pool", "latency >= 0.001", EventType::ResponseSent);
    for (const char* condition : {"event >= 150", "time >= 0.2", "thread is clients"}) {
        QTest::addRow("%s", condition) << "proactor-pool" << condition << -1;
    }
}

void StepperTest::runsUntilEachCondition() {
    QFETCH(const QString, model);
    QFETCH(const QString, condition);
    QFETCH(const int, type);
    const auto run = heldRun(model.toStdString());
    QVERIFY2(stepOnce(*run, condition.toStdString()), run->stepper()->stuck().c_str());
    QCOMPARE(run->stepper()->mode(), Stepper::Mode::Held);
    // The recording, from its begin on, says the same: the condition holds after the last event, and not before.
    const auto events = gatedEvents(*run->recording());
    if (type >= 0) {
        QCOMPARE(static_cast<int>(events.back().type()), type);
    }
    const auto view = run->recording()->view();
    ConditionWatch watch(*Condition::parse(condition.toStdString()), 0);
    std::size_t first = view.end();
    for (auto index = view.first(); index < view.end() && first == view.end(); ++index) {
        const auto& event = view[index];
        const bool isClient = event.type() >= EventType::PhaseStarted && event.type() <= EventType::ClientClosed;
        const bool isStart = event.type() == EventType::ThreadStarted;
        const auto name = isStart    ? run->recording()->name(static_cast<NameId>(event.value()))
                          : isClient ? std::string("clients")
                                     : std::string();
        if (watch.apply(event, event.time, name)) {
            first = index;
        }
    }
    QVERIFY(first < view.end());
    QVERIFY(view[first] == events.back());
}

void StepperTest::whoIsChosenGoes() {
    QFETCH(const QString, model);
    const auto run = heldRun(model.toStdString());
    for (unsigned step = 0; step < 150; ++step) {
        QVERIFY(run->stepper()->waitUntilHeld(10s));
        const auto candidates = run->stepper()->candidates();
        if (candidates.empty()) {
            QVERIFY(stepOnce(*run));
            continue;
        }
        const auto& chosen = candidates[step * 7 % candidates.size()];
        run->stepper()->choose(chosen);
        QVERIFY(run->stepper()->waitUntilHeld(10s));
        const auto last = gatedEvents(*run->recording()).back();
        QVERIFY2(last.actor == chosen.pending.actor, describe(last).c_str());
        QCOMPARE(last.operation, chosen.pending.operation);
        if (!chosen.isOffer) {
            QVERIFY2(last.typeAndSequence == chosen.pending.typeAndSequence, describe(last).c_str());
            QCOMPARE(last.connection, chosen.pending.connection);
        }
    }
}

void StepperTest::completionsAreChosen_data() {
    QTest::addColumn<int>("processor");
    for (const auto& processor : processors()) {
        if (processor.whyUnavailable().empty()) {
            QTest::newRow(processor.id.data()) << static_cast<int>(processor.kind);
        }
    }
}

/// Of several completions inside the processor any can be taken first, and then the next; it is the order in which
/// they are told, and a run that follows this one's schedule takes them in the same order.
void StepperTest::completionsAreChosen() {
    QFETCH(const int, processor);
    auto options = steppedOptions("proactor");
    options.server.processor = static_cast<ProcessorKind>(processor);
    auto following = options;
    options.startHeld = true;
    const auto run = startRun(std::move(options));
    const auto offers = [&] {
        auto candidates = run->stepper()->candidates();
        std::erase_if(candidates, [](const Candidate& candidate) { return !candidate.isOffer; });
        return candidates;
    };
    std::size_t chosen = 0;
    for (int step = 0; step < 3'000 && chosen < 10; ++step) {
        const auto all = offers();
        if (all.size() < 2) {
            QVERIFY2(stepOnce(*run), run->stepper()->stuck().c_str());
            continue;
        }
        run->stepper()->choose(all.back());
        QVERIFY(run->stepper()->waitUntilHeld(10s));
        const auto last = gatedEvents(*run->recording()).back();
        QCOMPARE(last.actor, all.back().pending.actor);
        QCOMPARE(last.operation, all.back().pending.operation);
        ++chosen;
    }
    QVERIFY2(chosen >= 10, std::to_string(chosen).c_str());

    const auto schedule = run->stepper()->schedule();
    QVERIFY(run->stepper()->scheduleIsComplete());
    following.schedule = schedule;
    following.holdAfterSchedule = true;
    const auto second = startRun(std::move(following));
    QVERIFY(second->stepper()->waitUntilHeld(30s));
    QVERIFY2(!second->stepper()->divergence(), second->stepper()->divergence()->why.c_str());
    QCOMPARE(second->stepper()->schedule().turns.size(), schedule.turns.size());
    QVERIFY(second->stepper()->schedule().turns == schedule.turns);
}

void StepperTest::policiesChoose_data() {
    QTest::addColumn<QString>("policy");
    for (const char* policy : {"random", "round-robin", "17"}) {
        QTest::newRow(policy) << QString(policy);
    }
}

void StepperTest::policiesChoose() {
    QFETCH(const QString, policy);
    auto options = steppedOptions("proactor-pool");
    options.policy = *ChoicePolicy::parse(policy.toStdString());
    options.serialised = true;
    const auto run = startRun(std::move(options));
    QVERIFY(eventually([&] { return run->stepper()->schedule().turns.size() > 400; }));
    const auto turns = run->stepper()->schedule().turns;
    for (const char* name : {"processor", "dispatcher-1", "dispatcher-4"}) {
        QVERIFY(std::any_of(turns.begin(), turns.end(), [&](const Turn& turn) { return turn.thread == name; }));
    }
    QVERIFY(!ChoicePolicy::parse("sometimes").has_value());
}

void StepperTest::stopsFromEveryMode_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("mode");
    for (const auto& model : runnableModels()) {
        const bool all = model == "proactor-pool";
        for (const char* mode : {"held", "thread", "turns", "stepping", "paced", "free"}) {
            if (!all && mode == std::string("stepping")) {
                break;
            }
            QTest::addRow("%s, %s", model.c_str(), mode) << QString::fromStdString(model) << mode;
        }
    }
}

void StepperTest::stopsFromEveryMode() {
    QFETCH(const QString, model);
    QFETCH(const QString, mode);
    const auto run = heldRun(model.toStdString());
    QVERIFY(stepOnce(*run, "request-done"));
    auto& stepper = *run->stepper();
    const auto never = *Condition::parse("event >= 1000000000");
    if (mode == "stepping") {
        stepper.step(never);
    } else if (mode == "thread") {
        const auto actor = actorOf(*run, EventType::CallEntered);
        stepper.step(never, {.whom = StepScope::Whom::Thread, .actor = actor});
    } else if (mode == "paced") {
        stepper.goOn(0.01);
    } else if (mode == "turns") {
        stepper.goOnInTurns();
    } else if (mode == "free") {
        stepper.goOn();
    }
    const auto from = std::chrono::steady_clock::now();
    run->stop();
    QVERIFY(std::chrono::steady_clock::now() - from < 1s);
    QCOMPARE(stepper.mode(), Stepper::Mode::Free);
}

/// Held for far longer than every time limit of server and clients.
void StepperTest::nobodyTimesOutWhileHeld() {
    QFETCH(const QString, model);
    auto options = steppedOptions(model.toStdString(), 4);
    auto& limits = options.server.limits;
    limits.header = limits.body = limits.idle = limits.write = limits.linger = 150ms;
    const auto run = startRun(std::move(options));
    QVERIFY(eventually([&] { return run->server().counts().requests > 20; }));
    run->stepper()->hold();
    run->stepper()->waitUntilHeld(2s);
    // A thread that came through while the gate was open may be about to record still: whoever steps has all of them.
    QVERIFY(stepOnce(*run, "request-done"));
    const auto events = run->recording()->end();
    const auto gated = gatedEvents(*run->recording()).size();
    const auto time = run->gate().now();
    QTest::qWait(600);
    run->stepper()->waitUntilHeld(2s);
    QCOMPARE(run->gate().now(), time);
    // The lab's own samples of memory and processor go on.
    QCOMPARE(gatedEvents(*run->recording()).size(), gated);
    const auto requests = run->server().counts().requests;
    run->stepper()->goOn();
    QVERIFY(eventually([&] { return run->server().counts().requests > requests + 20; }));
    run->stop();
    const auto all = gatedEvents(*run->recording(), events);
    QVERIFY(std::none_of(all.begin(), all.begin() + 100, [](const Event& event) {
        return event.type() == EventType::DeadlineExpired || event.type() == EventType::ClientFailed;
    }));
    QCOMPARE(run->result().errors, std::uint64_t{0});
}

void StepperTest::goesOnPacedAndFree() {
    const auto run = heldRun("proactor-pool");
    auto& stepper = *run->stepper();
    QCOMPARE(stepper.mode(), Stepper::Mode::Held);
    stepper.goOn(100'000);
    QCOMPARE(stepper.mode(), Stepper::Mode::Paced);
    QVERIFY(eventually([&] { return run->server().counts().requests > 5; }));
    QVERIFY(stepper.scheduleIsComplete()); // paced from the start on, that is in turns
    stepper.goOn();
    QCOMPARE(stepper.mode(), Stepper::Mode::Free);
    QVERIFY(stepper.candidates().empty());
    const auto requests = run->server().counts().requests;
    QVERIFY(eventually([&] { return run->server().counts().requests > requests + 100; }));
    QVERIFY(!stepper.scheduleIsComplete());
    stepper.hold();
    QVERIFY(stepOnce(*run, "request-done"));
    QVERIFY(stepOnce(*run, "connections >= 1"));
}

void StepperTest::stuckSaysWhy() {
    const auto run = heldRun("proactor-pool");
    QVERIFY(run->stepper()->stuck().empty());
    QVERIFY(stepOnce(*run, "request-done"));
    // A dispatcher that waits for a completion, which the processor may not bring.
    QVERIFY(stepOnce(*run, "hook-left"));
    const StepScope scope{.whom = StepScope::Whom::Thread, .actor = actorOf(*run, EventType::HookLeft)};
    run->stepper()->step(*Condition::parse("event >= 1000000000"), scope);
    QVERIFY(eventually([&] { return !run->stepper()->stuck().empty(); }));
    QVERIFY2(run->stepper()->stuck().find("it waits for a completion, and nobody else may go") != std::string::npos,
             run->stepper()->stuck().c_str());
    run->stepper()->hold();
    QVERIFY(run->stepper()->stuck().empty());
    QVERIFY(stepOnce(*run, "request-done"));
}

void StepperTest::steppedRunsSaySo() {
    auto options = steppedOptions("reactor");
    options.pace = 10'000;
    const auto paced = startRun(std::move(options));
    QVERIFY(paced->result().paced);
    QVERIFY(!paced->result().stepped);
    const auto stepped = heldRun("reactor");
    QVERIFY(stepped->recording()->info().stepped);
    stepped->stop();
    QVERIFY(stepped->result().stepped);
    QVERIFY(stepped->result().paced);
}

} // namespace lab

QTEST_GUILESS_MAIN(lab::StepperTest)
#include "tst_stepper.moc"
