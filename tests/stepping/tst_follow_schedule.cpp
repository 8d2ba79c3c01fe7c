// SPDX-License-Identifier: GPL-3.0-or-later
#include "stepped_run.h"

#include <QTest>

#include <algorithm>

namespace lab {

/// If these fail, a run that was interesting once cannot be shown again.
class FollowScheduleTest : public QObject {
    Q_OBJECT

private slots:
    void sameOrderEachTime_data();
    void sameOrderEachTime();
    void ownScheduleIsTheSame();
    void goesOnAfterTheSchedule();
    void followsAPrefixAndHandsOver();
    void endsBeforeTheWaitingClientWasAccepted();
    void anotherEventIsTold();
    void aThreadThatDoesNotExistIsTold();
    void stopsWhileItWaits();
    void incompleteWhenEverFree();
};

namespace {

/// The first `turns` turns of a run whose order chance has chosen.
Schedule someSchedule(const std::string& model, std::size_t turns, std::uint64_t seed) {
    auto options = steppedOptions(model);
    options.serialised = true;
    options.policy = {.how = ChoicePolicy::How::Random, .seed = seed};
    const auto run = startRun(std::move(options));
    eventually([&] { return run->stepper()->schedule().turns.size() >= turns; });
    auto schedule = run->stepper()->schedule();
    schedule.turns.resize(std::min(turns, schedule.turns.size()));
    return schedule;
}

struct Followed {
    std::vector<Turn> turns;
    std::optional<Divergence> divergence;
};

/// What comes of following `schedule`, as the recording tells.
Followed follow(const Schedule& schedule) {
    auto options = steppedOptions(schedule.model);
    options.schedule = schedule;
    options.holdAfterSchedule = true;
    const auto run = startRun(std::move(options));
    run->stepper()->waitUntilHeld(std::chrono::seconds(30));
    return {turnsOf(*run->recording()), run->stepper()->divergence()};
}

std::string firstDifference(const std::vector<Turn>& wanted, const std::vector<Turn>& found) {
    const auto [a, b] = std::mismatch(wanted.begin(), wanted.end(), found.begin(), found.end());
    if (a == wanted.end() && b == found.end()) {
        return {};
    }
    return "turn " + std::to_string(a - wanted.begin()) + ": wanted " + (a != wanted.end() ? a->words() : "no more") +
           ", found " + (b != found.end() ? b->words() : "no more");
}

void expectSame(const Schedule& schedule) {
    const auto followed = follow(schedule);
    QVERIFY2(!followed.divergence, followed.divergence ? followed.divergence->why.c_str() : "");
    const auto difference = firstDifference(schedule.turns, followed.turns);
    QVERIFY2(difference.empty(), difference.c_str());
}

} // namespace

void FollowScheduleTest::sameOrderEachTime_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("turns");
    QTest::addColumn<int>("times");
    for (const auto& model : runnableModels()) {
        const bool most = model == "proactor-pool";
        QTest::newRow(model.c_str()) << QString::fromStdString(model) << (most ? 500 : 200) << (most ? 20 : 3);
    }
}

void FollowScheduleTest::sameOrderEachTime() {
    QFETCH(const QString, model);
    QFETCH(const int, turns);
    QFETCH(const int, times);
    const auto schedule = someSchedule(model.toStdString(), static_cast<std::size_t>(turns), 42);
    QCOMPARE(schedule.turns.size(), static_cast<std::size_t>(turns));
    for (int time = 0; time < times; ++time) {
        expectSame(schedule);
        if (QTest::currentTestFailed()) {
            qInfo("time %d", time);
            return;
        }
    }
}

/// A run that follows a schedule can itself be followed: its schedule is the one that it followed.
void FollowScheduleTest::ownScheduleIsTheSame() {
    const auto schedule = someSchedule("proactor-pool", 150, 7);
    auto options = steppedOptions("proactor-pool");
    options.schedule = schedule;
    options.holdAfterSchedule = true;
    const auto run = startRun(std::move(options));
    QVERIFY(run->stepper()->waitUntilHeld(std::chrono::seconds(30)));
    QVERIFY(run->stepper()->scheduleIsComplete());
    QCOMPARE(firstDifference(schedule.turns, run->stepper()->schedule().turns), std::string());
    QVERIFY(run->recording()->info().stepped);
}

void FollowScheduleTest::goesOnAfterTheSchedule() {
    auto options = steppedOptions("reactor");
    options.schedule = someSchedule("reactor", 100, 1);
    const auto run = startRun(std::move(options));
    QVERIFY(eventually([&] { return run->stepper()->schedule().turns.size() > 300; }));
    QVERIFY(!run->stepper()->divergence());
    QCOMPARE(run->stepper()->mode(), Stepper::Mode::Stepping);
}

/// "Go on from here with other choices": the same up to there, then the person chooses.
void FollowScheduleTest::followsAPrefixAndHandsOver() {
    const auto schedule = someSchedule("thread-pool", 200, 3);
    auto options = steppedOptions("thread-pool");
    options.schedule = schedule;
    options.scheduleTurns = 120;
    options.holdAfterSchedule = true;
    const auto run = startRun(std::move(options));
    QVERIFY(run->stepper()->waitUntilHeld(std::chrono::seconds(30)));
    QCOMPARE(run->stepper()->schedule().turns.size(), std::size_t{120});
    for (int step = 0; run->stepper()->candidates().empty(); ++step) {
        QVERIFY(step < 100);
        QVERIFY(stepOnce(*run)); // all wait in the kernel, and the clients think: nobody to choose from yet
    }
    const auto candidates = run->stepper()->candidates();
    run->stepper()->choose(candidates.back());
    QVERIFY(run->stepper()->waitUntilHeld(std::chrono::seconds(10)));
    const auto events = gatedEvents(*run->recording());
    QCOMPARE(events.back().actor, candidates.back().pending.actor);
    QCOMPARE(events.back().typeAndSequence, candidates.back().pending.typeAndSequence);
}

/// The last thing that it wants is the listening socket found ready; what was found there it does not say any more.
void FollowScheduleTest::endsBeforeTheWaitingClientWasAccepted() {
    auto schedule = someSchedule("reactor-independent", 100, 5);
    const auto last = std::find_if(schedule.turns.rbegin(), schedule.turns.rend(), [](const Turn& turn) {
        return turn.type == EventType::HandleReady && turn.connection == 0;
    });
    QVERIFY(last != schedule.turns.rend());
    schedule.turns.erase(last.base(), schedule.turns.end());
    expectSame(schedule);
}

void FollowScheduleTest::anotherEventIsTold() {
    auto schedule = someSchedule("proactor", 100, 2);
    auto& turn = schedule.turns[60];
    turn.type = EventType::AcceptFailed;
    const auto followed = follow(schedule);
    QVERIFY(followed.divergence);
    QCOMPARE(followed.divergence->turn, std::size_t{60});
    QVERIFY2(followed.divergence->why.starts_with("turn 60 wants " + turn.words() + "; it is about to make"),
             followed.divergence->why.c_str());
    QCOMPARE(followed.turns.size(), std::size_t{60});
}

void FollowScheduleTest::aThreadThatDoesNotExistIsTold() {
    auto schedule = someSchedule("proactor-pool", 100, 2);
    schedule.turns[50].thread = "dispatcher-77";
    const auto followed = follow(schedule);
    QVERIFY(followed.divergence);
    QCOMPARE(followed.divergence->turn, std::size_t{50});
    QVERIFY2(followed.divergence->why.ends_with("there is no such thread"), followed.divergence->why.c_str());
}

/// A schedule that waits for ever must not keep anybody from quitting.
void FollowScheduleTest::stopsWhileItWaits() {
    auto schedule = someSchedule("proactor-pool", 100, 2);
    schedule.turns[50].thread = "dispatcher-77";
    auto options = steppedOptions("proactor-pool");
    options.schedule = schedule;
    const auto run = startRun(std::move(options));
    QVERIFY(eventually([&] { return !run->stepper()->stuck().empty(); }));
    const auto from = std::chrono::steady_clock::now();
    run->stop();
    QVERIFY(std::chrono::steady_clock::now() - from < std::chrono::seconds(1));
}

void FollowScheduleTest::incompleteWhenEverFree() {
    const auto run = startRun(steppedOptions("reactor"));
    QVERIFY(!run->stepper()->scheduleIsComplete());
    run->stepper()->hold();
    QVERIFY(!run->stepper()->scheduleIsComplete());
    auto options = steppedOptions("reactor");
    options.serialised = true;
    const auto other = startRun(std::move(options));
    QVERIFY(other->stepper()->scheduleIsComplete());
    other->stepper()->goOn();
    other->stepper()->hold();
    QVERIFY(!other->stepper()->scheduleIsComplete());
}

} // namespace lab

QTEST_GUILESS_MAIN(lab::FollowScheduleTest)
#include "tst_follow_schedule.moc"
