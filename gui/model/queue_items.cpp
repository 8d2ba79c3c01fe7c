// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/queue_items.h"

#include "engine/state/work_of.h"
#include "gui/model/number_text.h"

#include <algorithm>
#include <unordered_map>

namespace lab {

namespace {

/// How far back a push is looked for: what waits longer in a fast run is told without its pusher.
constexpr std::size_t lookBack = 50'000;
/// How far ahead its taker is looked for.
constexpr std::size_t lookAhead = 20'000;

QString wordsOf(Operation kind) {
    const auto text = words(kind);
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QueueItem itemOf(Queue queue, std::uint32_t id, const LabState& state) {
    QueueItem item;
    item.queue = queue;
    if (!holdsOperations(queue)) {
        item.selection = {Selection::Kind::Connection, id};
        item.what = id == 0 ? QStringLiteral("the acceptor") : QStringLiteral("connection #%1").arg(id);
        item.work = queue == Queue::Accept ? Work::Accept : queue == Queue::Returned ? Work::Write : Work::Read;
        return item;
    }
    item.selection = {Selection::Kind::Operation, id};
    const auto found = state.operations.find(id);
    if (found == state.operations.end()) {
        item.what = QStringLiteral("operation %1").arg(id);
        return item;
    }
    const auto& operation = found->second;
    item.work = workOf(operation.kind);
    item.rankedBy = operation.rankedBy;
    item.rank = operation.rank;
    if (queue == Queue::Transmit) {
        item.what = QStringLiteral("%1 of #%2").arg(wordsOf(operation.kind)).arg(operation.connection);
        return item;
    }
    item.what = operation.connection == 0
                    ? QStringLiteral("completed %1").arg(wordsOf(operation.kind))
                    : QStringLiteral("completed %1 of #%2").arg(wordsOf(operation.kind)).arg(operation.connection);
    if (operation.result > 0 && operation.kind != Operation::Accept) {
        item.what += QStringLiteral(", ") + octetsText(operation.result);
    }
    item.waited = state.time - std::min(state.time, operation.completedAt);
    return item;
}

std::uint32_t itemIdOf(const Event& event) {
    return holdsOperations(event.kindAs<Queue>()) ? event.operation : event.connection;
}

/// Fills in who pushed each item and since when it waits, from the pushes just before `state`.
void findPushes(QueueListing& listing, const LabState& state, const RecordingFollower& follower) {
    std::unordered_map<std::uint32_t, QueueItem*> wanted;
    for (auto& item : listing.items) {
        wanted.emplace(item.selection.id, &item);
    }
    const auto& view = follower.view();
    const auto low = std::max(view.first(), state.next - std::min(state.next, lookBack));
    for (auto index = std::min(state.next, view.end()); index > low && !wanted.empty(); --index) {
        const auto& event = view[index - 1];
        if (event.type() != EventType::QueuePushed || event.kindAs<Queue>() != listing.queue) {
            continue;
        }
        const auto found = wanted.find(itemIdOf(event));
        if (found != wanted.end()) {
            found->second->pushedBy = QString::fromStdString(follower.nameOfThread(event.actor, index - 1));
            found->second->waited = state.time - std::min(state.time, event.time);
            wanted.erase(found);
        }
    }
}

/// Fills in who takes each item, as far as the recording has it already.
void findTakers(QueueListing& listing, const LabState& state, const RecordingFollower& follower) {
    std::unordered_map<std::uint32_t, QueueItem*> wanted;
    for (auto& item : listing.items) {
        wanted.emplace(item.selection.id, &item);
    }
    const auto& view = follower.view();
    const auto high = std::min(view.end(), state.next + lookAhead);
    for (auto index = std::max(view.first(), state.next); index < high && !wanted.empty(); ++index) {
        const auto& event = view[index];
        if (event.type() != EventType::QueuePopped || event.kindAs<Queue>() != listing.queue) {
            continue;
        }
        if (const auto found = wanted.find(itemIdOf(event)); found != wanted.end()) {
            found->second->takenBy = QString::fromStdString(follower.nameOfThread(event.actor, index));
            found->second->takenIn = event.time - std::min(event.time, state.time);
            wanted.erase(found);
        }
    }
}

/// Threads that wait at that queue. Events do not tell which: where there are completions and work for a pool, those
/// that dispatch wait for the former, the others for the latter.
std::vector<QString> waitingThreads(Queue queue, const LabState& state, const RecordingFollower& follower) {
    const bool two = state.completionQueue.pushed > 0 && state.readyQueue.pushed > 0;
    std::vector<QString> names;
    for (const auto& [actor, thread] : state.threads) {
        if ((!two || thread.dispatches == (queue == Queue::Completion)) && thread.activity == Activity::InCall &&
            thread.call == SystemCall::QueueWait) {
            names.push_back(QString::fromStdString(threadName(actor, state, follower.glossary())));
        }
    }
    return names;
}

} // namespace

std::vector<QueueListing> listQueues(const LabState& state, const RecordingFollower& follower,
                                     std::size_t maximumItems) {
    std::vector<QueueListing> listings;
    const auto add = [&](Queue queue, const QueueState& from) {
        if (from.pushed == 0) {
            return;
        }
        QueueListing listing{queue,
                             from.items.size(),
                             from.highWater,
                             from.pushed,
                             from.popped,
                             {},
                             waitingThreads(queue, state, follower)};
        for (const auto id : from.items) {
            if (listing.items.size() == maximumItems) {
                break;
            }
            listing.items.push_back(itemOf(queue, id, state));
        }
        findPushes(listing, state, follower);
        findTakers(listing, state, follower);
        listings.push_back(std::move(listing));
    };
    add(Queue::Completion, state.completionQueue);
    add(Queue::Ready, state.readyQueue);
    add(Queue::Accept, state.acceptQueue);
    add(Queue::Returned, state.returnQueue);
    add(Queue::Transmit, state.transmitQueue);
    return listings;
}

} // namespace lab
