// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model.h"
#include "gui/model/collaboration.h"
#include "gui/model/collaboration_words.h"
#include "gui/model/event_words.h"
#include "tests/gui/real_recording.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace lab;
using namespace lab::test;

namespace {

Selection connectionNumber(std::uint32_t id) { return {Selection::Kind::Connection, id}; }

/// The events of each connection, by looking at every one of them.
std::map<std::uint32_t, std::vector<std::size_t>> eventsByConnection(const RecordingView& view) {
    std::map<std::uint32_t, std::vector<std::size_t>> all;
    for (auto index = view.first(); index < view.end(); ++index) {
        if (view[index].connection != 0 && !isTraffic(view[index].type())) {
            all[view[index].connection].push_back(index);
        }
    }
    return all;
}

std::set<std::size_t> happened(const Collaboration& collaboration) {
    std::set<std::size_t> events;
    for (std::size_t row = 0; row < collaboration.happened(); ++row) {
        events.insert(collaboration.messages[row].event);
    }
    return events;
}

bool sameMessage(const CollaborationMessage& one, const CollaborationMessage& other) {
    return one.event == other.event && one.from == other.from && one.to == other.to && one.text == other.text &&
           one.thread == other.thread && one.role == other.role;
}

} // namespace

/// An interaction diagram that leaves out what happened, invents what did not, or depends on the way there.
class TestCollaborationModel : public QObject {
    Q_OBJECT

private slots:
    void everyEventOfAConnectionIsAMessage_data() { addModelRows(); }
    void everyEventOfAConnectionIsAMessage();
    void theSameHoweverItWasReached_data() { addModelRows(); }
    void theSameHoweverItWasReached();
    void theNextMessageIsTheOneThatComes_data() { addModelRows(); }
    void theNextMessageIsTheOneThatComes();
    void oneRequestIsWholeAndAlone_data() { addModelRows(); }
    void oneRequestIsWholeAndAlone();
    void participantsAreTheFamilys_data() { addModelRows(); }
    void participantsAreTheFamilys();
    void oneOperationIsFigureTwelve();
    void aThreadMadeForTheRequestIsShown();
    void everythingTellsConnectionsApart_data() { addModelRows(); }
    void everythingTellsConnectionsApart();
    void onlyProactorsWaitForCompletions_data() { addModelRows(); }
    void onlyProactorsWaitForCompletions();
};

void TestCollaborationModel::everyEventOfAConnectionIsAMessage() {
    QFETCH(std::string, id);
    const auto follower = followed(realRecording(id));
    const auto& view = follower->view();
    const auto all = eventsByConnection(view);
    QVERIFY(all.size() > 2);
    for (const auto& [connection, events] : all) {
        const auto state = follower->at(view.end());
        const auto shown = collaborationAt(*follower, state, connectionNumber(connection), Scope::Connection);
        const auto listed = happened(shown);
        for (const auto index : events) {
            QVERIFY2(listed.contains(index) || shown.earlier, qPrintable(QString::number(index)));
        }
        for (const auto& message : shown.messages) {
            const auto& event = view[message.event];
            QVERIFY(event.connection == connection || event.connection == 0 || isTraffic(event.type()));
            QVERIFY(!message.text.isEmpty() && !message.thread.isEmpty());
            QVERIFY(std::ranges::count(shown.participants, message.from) == 1);
            QVERIFY(std::ranges::count(shown.participants, message.to) == 1);
        }
        QVERIFY(std::ranges::is_sorted(shown.messages, {}, &CollaborationMessage::event));
        // The client's side belongs to it.
        QVERIFY(std::ranges::any_of(shown.messages, [](const auto& one) { return one.from == Participant::Client; }));
    }
}

void TestCollaborationModel::theSameHoweverItWasReached() {
    QFETCH(std::string, id);
    const auto recording = realRecording(id);
    const auto whole = followed(recording);
    const auto end = whole->view().end();
    for (std::size_t position = 40; position < std::min<std::size_t>(end, 900); position += 37) {
        const auto part = followed(beginningOf(*recording, position));
        for (const auto scope : {Scope::Request, Scope::Connection, Scope::Operation, Scope::Everything}) {
            const auto state = whole->at(position);
            const auto sought = collaborationAt(*whole, state, {}, scope);
            const auto live = collaborationAt(*part, part->at(position), {}, scope);
            QVERIFY(!live.hasNext); // nothing is recorded that could come next
            QCOMPARE(sought.happened(), live.happened());
            QVERIFY(sought.now == live.now);
            QVERIFY(sought.topic == live.topic);
            for (std::size_t row = 0; row < live.happened(); ++row) {
                QVERIFY2(sameMessage(sought.messages[row], live.messages[row]), qPrintable(live.messages[row].text));
            }
            QCOMPARE(sought.bars.size(), live.bars.size());
        }
    }
}

void TestCollaborationModel::theNextMessageIsTheOneThatComes() {
    QFETCH(std::string, id);
    const auto follower = followed(realRecording(id));
    const auto& view = follower->view();
    const auto all = eventsByConnection(view);
    for (std::size_t position = 50; position + 200 < view.end(); position += 61) {
        for (const auto& [connection, events] : all) {
            if (events.front() >= position || events.back() < position) {
                continue; // not begun, or over
            }
            const auto state = follower->at(position);
            const auto shown = collaborationAt(*follower, state, connectionNumber(connection), Scope::Request);
            QVERIFY(shown.hasNext);
            const auto next = shown.messages.back().event;
            const auto own = *std::ranges::lower_bound(events, position);
            QVERIFY(next >= position && next <= own);
        }
    }
}

/// From what the client asks for to its answer, with everything in between and nothing of the request before.
void TestCollaborationModel::oneRequestIsWholeAndAlone() {
    QFETCH(std::string, id);
    const auto follower = followed(realRecording(id));
    const auto& view = follower->view();
    std::map<std::uint32_t, std::size_t> parsed;
    std::size_t seen = 0;
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto& event = view[index];
        if (event.type() == EventType::RequestParsed) {
            parsed[event.connection] = index;
        } else if (event.type() == EventType::ResponseSent && parsed.contains(event.connection)) {
            ++seen;
            const auto state = follower->at(index + 1);
            const auto shown = collaborationAt(*follower, state, connectionNumber(event.connection), Scope::Request);
            QVERIFY(shown.now.has_value());
            QCOMPARE(shown.messages[*shown.now].event, index);
            const auto listed = happened(shown);
            QVERIFY(listed.contains(parsed[event.connection]));
            for (std::size_t row = 0; row + 1 < shown.happened(); ++row) {
                QVERIFY(view[shown.messages[row].event].type() != EventType::ResponseSent);
            }
            // A fast client may have asked again already, before the server noted that it has answered.
            const auto asks = std::ranges::count_if(listed, [&](std::size_t one) {
                return view[one].type() == EventType::ClientRequestSent && one < parsed[event.connection];
            });
            QCOMPARE(asks, 1);
        }
    }
    QVERIFY(seen > 3);
}

void TestCollaborationModel::participantsAreTheFamilys() {
    QFETCH(std::string, id);
    const auto follower = followed(realRecording(id));
    const auto& view = follower->view();
    std::size_t sent = view.first();
    while (view[sent].type() != EventType::ResponseSent) {
        ++sent;
    }
    const auto state = follower->at(sent + 1);
    const auto shown = collaborationAt(*follower, state, connectionNumber(view[sent].connection), Scope::Request);
    const auto has = [&](Participant one) { return std::ranges::count(shown.participants, one) == 1; };
    QVERIFY(has(Participant::Client) && has(Participant::Handler) && has(Participant::Filesystem));
    const auto family = findModel(id)->family;
    const bool hasProcessor = family == Family::Proactive || family == Family::Adaptive;
    QCOMPARE(has(Participant::CompletionDispatcher), hasProcessor);
    QCOMPARE(has(Participant::AsynchronousOperationProcessor), hasProcessor);
    QCOMPARE(has(Participant::InitiationDispatcher), family == Family::Reactive);
    QCOMPARE(has(Participant::OperatingSystem), !hasProcessor);
    // The first request of a connection shows how it was accepted.
    QVERIFY(has(Participant::Acceptor));
    QVERIFY(std::ranges::any_of(shown.messages, [](const auto& one) {
        return one.from == Participant::Acceptor && one.to == Participant::Handler;
    }));
}

/// Proactive Initiator, Asynchronous Operation Processor, Completion Dispatcher, Completion Handler, in this order.
void TestCollaborationModel::oneOperationIsFigureTwelve() {
    const auto follower = followed(realRecording("proactor-pool"));
    const auto& view = follower->view();
    std::size_t hook = view.end() - 1;
    while (view[hook].type() != EventType::HookEntered || view[hook].kindAs<Hook>() != Hook::HandleRead) {
        --hook;
    }
    const auto state = follower->at(hook + 1);
    const auto shown =
        collaborationAt(*follower, state, {Selection::Kind::Operation, view[hook].operation}, Scope::Operation);
    using enum Participant;
    const std::vector<Participant> figure{ProactiveInitiator, AsynchronousOperationProcessor, CompletionDispatcher,
                                          CompletionHandler};
    QVERIFY(shown.participants == figure);
    QCOMPARE(shown.messages.front().from, ProactiveInitiator);
    QCOMPARE(shown.messages.front().to, AsynchronousOperationProcessor);
    QVERIFY(shown.messages.front().text.startsWith(QStringLiteral("async_read")));
    const auto& last = shown.messages[*shown.now];
    QCOMPARE(last.from, CompletionDispatcher);
    QCOMPARE(last.to, CompletionHandler);
}

/// What thread-per-request is about: a new thread begins before it reads.
void TestCollaborationModel::aThreadMadeForTheRequestIsShown() {
    const auto follower = followed(realRecording("thread-per-request"));
    const auto& view = follower->view();
    std::size_t sent = view.first();
    while (view[sent].type() != EventType::ResponseSent) {
        ++sent;
    }
    const auto state = follower->at(sent + 1);
    const auto shown = collaborationAt(*follower, state, connectionNumber(view[sent].connection), Scope::Request);
    const auto begun = std::ranges::find_if(
        shown.messages, [&](const auto& one) { return view[one.event].type() == EventType::ThreadStarted; });
    QVERIFY(begun != shown.messages.end());
    QCOMPARE(begun->actor, view[sent].actor);
}

void TestCollaborationModel::everythingTellsConnectionsApart() {
    QFETCH(std::string, id);
    const auto follower = followed(realRecording(id));
    const auto state = follower->at(follower->view().end() * 2 / 3);
    const auto shown = collaborationAt(*follower, state, {}, Scope::Everything);
    QVERIFY(shown.now.has_value() || !shown.messages.empty());
    for (const auto& message : shown.messages) {
        const auto& event = follower->view()[message.event];
        QCOMPARE(message.connection, isTraffic(event.type()) ? 0U : event.connection);
    }
    QVERIFY(shown.messages.size() > 50 && shown.messages.size() <= 301);
}

/// Work, room in a queue and turns are waited for by the same call.
void TestCollaborationModel::onlyProactorsWaitForCompletions() {
    QFETCH(std::string, id);
    const auto follower = followed(realRecording(id));
    const auto& view = follower->view();
    const auto family = findModel(id)->family;
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto type = view[index].type();
        const bool isCall = type == EventType::CallEntered || type == EventType::CallLeft;
        if (isCall && view[index].kindAs<SystemCall>() == SystemCall::QueueWait) {
            const auto said = messageWords(view[index], follower->glossary(), {});
            const auto state = follower->at(index + 1);
            const auto* thread = state.threads.get(view[index].actor);
            // Threads of a pool wait for work, beside a dispatcher too.
            const bool forCompletions =
                family == Family::Proactive || (family == Family::Adaptive && thread && thread->dispatches);
            QVERIFY2(said.contains(QStringLiteral("completion")) == forCompletions, qPrintable(said));
        }
    }
}

QTEST_GUILESS_MAIN(TestCollaborationModel)
#include "tst_collaboration_model.moc"
