// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/challenge/game.h"
#include "engine/challenge/lost_wake_up_watch.h"
#include "engine/challenge/orphaned_transfer_watch.h"
#include "engine/challenge/schedule_search.h"
#include "engine/state/lab_state.h"
#include "engine/state/narration.h"

#include <QFile>
#include <QtTest>

#include <map>
#include <random>
#include <set>

using namespace lab;

namespace {

using Order = std::vector<std::size_t>;

/// What a person might find by thinking: written down by hand, thread by thread.
const std::map<std::string, Order>& ordersByHand() {
    // Threads of the first: dispatcher 0, processor 1, time keeper 2, acceptor 3.
    static const std::map<std::string, Order> orders{
        {"buffer-outlives-owner",
         {1, 1, 0, // the read completes, and is taken
          2,       // nothing is outstanding: the time keeper makes up its mind
          0, 0, 0, // hook, answer, write initiated
          0, 2, 3, // out of the hook; the time keeper closes; the next client gets the buffer
          1}},
        {"lost-wake-up",
         {0, 0, 1,    // the first dispatcher sleeps, the second has looked
          2, 2, 0, 0, // a completion wakes the first, which handles it
          0,          // and looks again
          2, 2, 2,    // another completion is pushed, and wakes nobody
          0, 1}},
    };
    return orders;
}

/// Whoever's turn it is goes, if it can; the turn passes on.
Order playRoundRobin(Game& game) {
    const auto threads = game.challenge().threads.size();
    std::size_t turn = 0;
    while (!game.isOver()) {
        if (game.choices()[turn].step.possible && !game.choose(turn)) {
            break;
        }
        turn = (turn + 1) % threads;
    }
    return game.order();
}

/// Every order of up to `steps` steps, one by one, with no memory of states. Returns how many show the fault.
std::size_t countFaults(const Play& play, std::size_t threads, std::size_t steps, ModelEvents& events) {
    if (play.fault()) {
        return 1;
    }
    std::size_t faults = 0;
    for (std::size_t thread = 0; steps > 0 && thread < threads; ++thread) {
        if (play.next(thread).possible) {
            auto next = play;
            events.forgetEvents();
            next.go(thread, events);
            faults += countFaults(next, threads, steps - 1, events);
        }
    }
    return faults;
}

std::size_t countFaults(const Challenge& challenge, Variant variant, std::size_t steps) {
    ModelEvents events;
    const Play play(challenge, variant, events);
    return countFaults(play, challenge.threads.size(), steps, events);
}

LabState foldOf(const Recording& recording) {
    LabState state;
    const auto view = recording.view();
    for (auto index = view.first(); index < view.end(); ++index) {
        state.apply(view[index]);
    }
    return state;
}

std::vector<Event> eventsOf(const Recording& recording) {
    const auto view = recording.view();
    std::vector<Event> events;
    for (auto index = view.first(); index < view.end(); ++index) {
        events.push_back(view[index]);
    }
    return events;
}

} // namespace

/// Challenges can be solved, by hand and by search; what is mended cannot be broken; and what they show is a recording
/// like any other.
class ChallengeTest : public QObject {
    Q_OBJECT

private slots:
    void solvedByHand_data() { eachChallenge(); }
    void solvedByHand();
    void roundRobinIsHarmless_data() { eachChallenge(); }
    void roundRobinIsHarmless();
    void searchFindsTheShortest_data() { eachChallenge(); }
    void searchFindsTheShortest();
    void mendedHoldsInEveryOrder_data() { eachChallenge(); }
    void mendedHoldsInEveryOrder();
    void searchCanBeCancelled();
    void undoGivesTheSameState_data() { eachChallenge(); }
    void undoGivesTheSameState();
    void whoCannotGoIsToldWhy();
    void nobodyGoesOnceItIsSolved();
    void recordingsAreLikeAnyOther_data() { eachChallenge(); }
    void recordingsAreLikeAnyOther();
    void recordingGrowsWithTheChoices();
    void poolAgreesWithTheEvents();
    void harmIsTold();
    void orderlyStreamsAreNoFault();
    void theEngineHasWhatTheRemedyNames_data() { eachChallenge(); }
    void theEngineHasWhatTheRemedyNames();

private:
    static void eachChallenge();
};

void ChallengeTest::eachChallenge() {
    QTest::addColumn<QString>("id");
    for (const auto& challenge : challenges()) {
        const std::string id(challenge.id);
        QTest::newRow(id.c_str()) << QString::fromStdString(id);
    }
}

#define CHALLENGE                                                                                                      \
    QFETCH(QString, id);                                                                                               \
    const auto& challenge = *findChallenge(id.toStdString())

void ChallengeTest::solvedByHand() {
    CHALLENGE;
    QVERIFY(ordersByHand().contains(id.toStdString()));
    Game game(challenge);
    QVERIFY(!game.isOver());
    QVERIFY(game.explanation().empty());
    const auto& order = ordersByHand().at(id.toStdString());
    for (std::size_t step = 0; step < order.size(); ++step) {
        QVERIFY(!game.isSolved());
        const auto done = game.choose(order[step]);
        QVERIFY2(done.has_value(), done ? "" : done.error().message.c_str());
    }
    QVERIFY(game.isSolved());
    QVERIFY(game.isOver());
    QVERIFY(game.fault()->cause < game.fault()->event);
    QVERIFY(game.fault()->event < game.recording()->end());
    QVERIFY(game.explanation().find(game.fault()->words) == 0);
    QVERIFY(game.explanation().find(challenge.remedy) != std::string::npos);

    // The same order does no harm where the fault is mended: it cannot even be followed, or nothing comes of it.
    Game mended(challenge, Variant::Mended);
    static_cast<void>(mended.choose(order));
    QVERIFY(!mended.isSolved());
}

void ChallengeTest::roundRobinIsHarmless() {
    CHALLENGE;
    for (const auto variant : {Variant::Planted, Variant::Mended}) {
        Game game(challenge, variant);
        playRoundRobin(game);
        QVERIFY(game.isOver());
        QVERIFY(!game.isSolved());
        QVERIFY(!game.explanation().empty());
    }
}

void ChallengeTest::searchFindsTheShortest() {
    CHALLENGE;
    std::size_t lastStates = 0;
    const auto found = findShortest(challenge, Variant::Planted, {}, [&](const SearchProgress& progress) {
        QVERIFY(progress.states >= lastStates);
        lastStates = progress.states;
    });
    QVERIFY(found.order.has_value());
    QVERIFY(!found.cancelled);
    QVERIFY(found.states >= lastStates);
    QCOMPARE(found.steps, found.order->size());
    QVERIFY(found.order->size() <= ordersByHand().at(id.toStdString()).size());
    Game game(challenge);
    const auto done = game.choose(*found.order);
    QVERIFY2(done.has_value(), done ? "" : done.error().message.c_str());
    QVERIFY(game.isSolved());
    // Without the search's memory of states: nothing shorter, and something of this length.
    QCOMPARE(countFaults(challenge, Variant::Planted, found.order->size() - 1), std::size_t{0});
    QVERIFY(countFaults(challenge, Variant::Planted, found.order->size()) > 0);
}

void ChallengeTest::mendedHoldsInEveryOrder() {
    CHALLENGE;
    const auto found = findShortest(challenge, Variant::Mended);
    QVERIFY(!found.order.has_value());
    QVERIFY(!found.cancelled);
    QVERIFY(found.states > 20);
    constexpr std::size_t shallow = 9;
    QCOMPARE(countFaults(challenge, Variant::Mended, shallow), std::size_t{0});

    // Any play at all, to its end.
    std::mt19937 random(7);
    for (int play = 0; play < 200; ++play) {
        Game game(challenge, Variant::Mended);
        while (!game.isOver()) {
            static_cast<void>(game.choose(random() % challenge.threads.size()));
        }
        QVERIFY(!game.isSolved());
    }
}

void ChallengeTest::searchCanBeCancelled() {
    const auto& challenge = *findChallenge("buffer-outlives-owner");
    std::stop_source stop;
    std::size_t told = 0;
    const auto result = findShortest(challenge, Variant::Mended, stop.get_token(), [&](const SearchProgress&) {
        ++told;
        stop.request_stop();
    });
    QVERIFY(result.cancelled);
    QVERIFY(!result.order.has_value());
    QCOMPARE(told, std::size_t{1});
    QVERIFY(result.states < findShortest(challenge, Variant::Mended).states);
}

void ChallengeTest::undoGivesTheSameState() {
    CHALLENGE;
    std::mt19937 random(11);
    for (int play = 0; play < 20; ++play) {
        Game game(challenge);
        std::vector<std::string> keys{game.key()};
        std::vector<std::vector<Event>> recorded{eventsOf(*game.recording())};
        while (!game.isOver()) {
            if (game.choose(random() % challenge.threads.size())) {
                keys.push_back(game.key());
                recorded.push_back(eventsOf(*game.recording()));
            }
        }
        const auto whole = game.order();
        while (!game.chosen().empty()) {
            const auto back = 1 + random() % 3;
            game.undo(back);
            QCOMPARE(game.key(), keys[game.chosen().size()]);
            QCOMPARE(eventsOf(*game.recording()), recorded[game.chosen().size()]);
        }
        QVERIFY(game.choose(whole));
        QCOMPARE(game.key(), keys.back());
        game.restart();
        QCOMPARE(game.key(), keys.front());
        QVERIFY(!game.isSolved());
    }
}

void ChallengeTest::whoCannotGoIsToldWhy() {
    for (const auto& challenge : challenges()) {
        Game game(challenge);
        std::size_t refused = 0;
        while (!game.isOver()) {
            std::size_t able = challenge.threads.size();
            for (std::size_t thread = 0; thread < challenge.threads.size(); ++thread) {
                const auto choice = game.choices()[thread];
                QCOMPARE(choice.thread, challenge.threads[thread]);
                QVERIFY(!choice.step.about.empty());
                if (choice.step.possible) {
                    able = thread;
                    continue;
                }
                const auto before = game.recording()->end();
                const auto done = game.choose(thread);
                QVERIFY(!done.has_value());
                QVERIFY(done.error().message.find(choice.step.about) != std::string::npos);
                QCOMPARE(game.recording()->end(), before);
                ++refused;
            }
            QVERIFY(game.choose(able));
        }
        QVERIFY(refused > 0);
        QVERIFY(!game.choose(99).has_value());
    }
}

void ChallengeTest::nobodyGoesOnceItIsSolved() {
    for (const auto& [id, order] : ordersByHand()) {
        Game game(*findChallenge(id));
        QVERIFY(game.choose(order));
        for (const auto& choice : game.choices()) {
            QVERIFY(!choice.step.possible);
        }
        QVERIFY(!game.choose(0).has_value());
        game.undo();
        QVERIFY(!game.isSolved());
        QVERIFY(game.choices()[order.back()].step.possible);
    }
}

void ChallengeTest::recordingsAreLikeAnyOther() {
    CHALLENGE;
    Game game(challenge);
    QVERIFY(game.choose(ordersByHand().at(id.toStdString())));
    const auto recording = game.recording();
    QCOMPARE(recording->total().emitted, recording->end());
    QCOMPARE(recording->total().stored, recording->end());
    QVERIFY(recording->info().paced);
    const auto glossary = Glossary::of(*recording);
    LabState state;
    std::set<std::string> names;
    std::map<std::uint16_t, std::uint32_t> next;
    std::uint64_t time = 0;
    for (const auto& event : eventsOf(*recording)) {
        QVERIFY(event.time > time);
        time = event.time;
        QCOMPARE(event.sequence(), next[event.actor]++);
        const auto sentence = narrate(event, state, glossary);
        QVERIFY(sentence.size() > 10);
        for (const auto* vague :
             {"something", "an asynchronous operation", "a system call", "thread 0", "does not know"}) {
            QVERIFY2(sentence.find(vague) == std::string::npos, sentence.c_str());
        }
        const auto& site = glossary.site(event.site);
        QCOMPARE(site.type, event.type());
        QVERIFY2(site.file.find("engine/challenge/") != std::string::npos, site.file.c_str());
        QVERIFY(site.line > 0);
        state.apply(event);
        names.insert(threadName(event.actor, state, glossary));
    }
    for (const auto thread : challenge.threads) {
        QVERIFY2(names.contains(std::string(thread)), std::string(thread).c_str());
    }
    QCOMPARE(state.totals.events, recording->end());
    QCOMPARE(state.totals.lost, std::uint64_t{0});
    QCOMPARE(state.totals.threadsAlive, challenge.threads.size());
    QCOMPARE(state.connections.size(), state.totals.accepted - state.totals.closed);
    QCOMPARE(state.completionQueue.pushed - state.completionQueue.popped, state.completionQueue.items.size());
}

void ChallengeTest::recordingGrowsWithTheChoices() {
    Game game(*findChallenge("lost-wake-up"));
    const auto recording = game.recording();
    const auto before = recording->end();
    QCOMPARE(game.stepsAt(before - 1), std::size_t{0});
    QVERIFY(game.choose(std::size_t{0}));
    QCOMPARE(game.recording(), recording);
    QCOMPARE(recording->end(), before + 1);
    QCOMPARE(game.stepsAt(before), std::size_t{1});
    QVERIFY(game.choose(std::size_t{0}));
    QCOMPARE(game.stepsAt(before), std::size_t{1});
    QCOMPARE(game.stepsAt(before + 1), std::size_t{2});
    QCOMPARE(foldOf(*recording).threads.at(actorOf(0)).call, SystemCall::QueueWait);
    game.undo();
    QVERIFY(game.recording() != recording);
    QCOMPARE(recording->end(), before + 2); // whoever still shows it sees no change
    QCOMPARE(game.recording()->end(), before + 1);
}

/// Two witnesses: the pool, whose loans are numbered, and the recogniser, which knows the events alone.
void ChallengeTest::poolAgreesWithTheEvents() {
    const auto& challenge = *findChallenge("buffer-outlives-owner");
    std::mt19937 random(3);
    std::size_t faults = 0;
    for (int play = 0; play < 2'000; ++play) {
        Game game(challenge);
        while (!game.isOver()) {
            static_cast<void>(game.choose(random() % challenge.threads.size()));
        }
        const bool stale = game.explanation().find("Client 1 was sent") != std::string::npos;
        QCOMPARE(game.isSolved(), stale);
        faults += stale ? 1 : 0;
    }
    QVERIFY(faults > 0);
    QVERIFY(faults < 2'000);
}

void ChallengeTest::harmIsTold() {
    Game game(*findChallenge("buffer-outlives-owner"));
    QVERIFY(game.choose(ordersByHand().at("buffer-outlives-owner")));
    QVERIFY(game.explanation().find("the secret of client 2") != std::string::npos);
    QVERIFY(game.explanation().find("lent to #2") != std::string::npos);

    Game hanging(*findChallenge("lost-wake-up"));
    QVERIFY(hanging.choose(ordersByHand().at("lost-wake-up")));
    const auto state = foldOf(*hanging.recording());
    QCOMPARE(state.completionQueue.items.size(), std::size_t{1});
    for (std::size_t thread = 0; thread < 3; ++thread) {
        QCOMPARE(state.threads.at(actorOf(thread)).activity, Activity::InCall);
    }
}

/// The recognisers stay silent where all is in order, whatever made the events.
void ChallengeTest::orderlyStreamsAreNoFault() {
    ModelEvents events;
    LAB_MODEL_MARK(events, 2, OperationInitiated, ProactiveInitiator, "test", .connection = 1, .operation = 1);
    LAB_MODEL_MARK(events, 2, OperationInitiated, ProactiveInitiator, "test", .connection = 2, .operation = 2);
    LAB_MODEL_MARK(events, 3, ConnectionClosed, HttpHandler, "test", .connection = 2);
    LAB_MODEL_MARK(events, 4, OperationCompleted, AsynchronousOperationProcessor, "test", .connection = 1,
                   .operation = 1, .value = 10);
    LAB_MODEL_MARK(events, 4, OperationCompleted, AsynchronousOperationProcessor, "test", .connection = 2,
                   .operation = 2, .value = -125);
    LAB_MODEL_MARK(events, 3, ConnectionClosed, HttpHandler, "test", .connection = 1);
    OrphanedTransferWatch transfers;
    for (std::size_t index = 0; index < events.events().size(); ++index) {
        transfers.apply(events.events()[index], index);
    }
    QVERIFY(!transfers.fault());

    // A waiter that was there before the push has been woken by it, though it has not left its call yet.
    events.forgetEvents();
    LAB_MODEL_MARK(events, 2, CallEntered, CompletionDispatcher, "test", .kind = SystemCall::QueueWait);
    LAB_MODEL_MARK(events, 4, QueuePushed, AsynchronousOperationProcessor, "test", .connection = 1, .operation = 1,
                   .kind = Queue::Completion, .value = 1);
    LAB_MODEL_MARK(events, 4, CallEntered, AsynchronousOperationProcessor, "test", .kind = SystemCall::Epoll);
    LostWakeUpWatch wakes;
    for (std::size_t index = 0; index < events.events().size(); ++index) {
        wakes.apply(events.events()[index], index);
    }
    QVERIFY(!wakes.fault());
    // Another one that comes to wait now is not.
    events.forgetEvents();
    LAB_MODEL_MARK(events, 2, CallLeft, CompletionDispatcher, "test", .kind = SystemCall::QueueWait);
    LAB_MODEL_MARK(events, 2, CallEntered, CompletionDispatcher, "test", .kind = SystemCall::QueueWait);
    wakes.apply(events.events()[0], 3);
    QVERIFY(!wakes.fault());
    wakes.apply(events.events()[1], 4);
    QVERIFY(wakes.fault().has_value());
    QCOMPARE(wakes.fault()->cause, std::size_t{1});
    QCOMPARE(wakes.fault()->event, std::size_t{4});
}

void ChallengeTest::theEngineHasWhatTheRemedyNames() {
    CHALLENGE;
    QFile source(QStringLiteral(LAB_SOURCE_DIR "/") +
                 QString::fromUtf8(challenge.example.data(), static_cast<qsizetype>(challenge.example.size())));
    QVERIFY2(source.open(QIODevice::ReadOnly), qPrintable(source.fileName()));
    QVERIFY(source.readAll().contains(
        QByteArray(challenge.function.data(), static_cast<qsizetype>(challenge.function.size())) + "("));
}

QTEST_APPLESS_MAIN(ChallengeTest)
#include "tst_challenge.moc"
