// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/narrator.h"

#include <algorithm>
#include <cerrno>

namespace lab {

std::string Narrator::handlerRegistered() const {
    return "The handler of " + handlerOwner(m_event.connection) +
           " registers with the Initiation Dispatcher, to be called when its handle is " +
           (m_event.kindAs<Interest>() == Interest::Accept ? std::string("ready to accept")
                                                           : std::string(words(m_event.kindAs<Interest>()))) +
           "; " +
           readableCount(static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_before.handleSet)) + 1, "handle is",
                         "handles are") +
           " watched now.";
}

std::string Narrator::interestChanged() const {
    const auto interest = m_event.kindAs<Interest>();
    if (interest == Interest::None) {
        return "The Initiation Dispatcher stops watching " + handlerOwner(m_event.connection) + " for the time being.";
    }
    return "From now on the Initiation Dispatcher waits until " + handlerOwner(m_event.connection) + " is " +
           std::string(words(interest)) + ".";
}

std::string Narrator::handleReady() const {
    const auto waiting = m_before.ready.size();
    const auto turn = waiting == 0 ? std::string{}
                                   : "; " + std::to_string(waiting) + " before it " +
                                         (waiting == 1 ? "waits" : "wait") + " for their turn";
    if (m_event.connection == 0) {
        return "The listening socket is ready: a client waits in the backlog" + turn + ".";
    }
    return subject() + " is reported " + std::string(words(m_event.kindAs<Interest>())) + turn + ".";
}

std::string Narrator::hookEntered() const {
    const auto hook = std::string(words(m_event.kindAs<Hook>()));
    if (m_event.kindAs<Hook>() == Hook::HandleTimeout) {
        return "The dispatcher calls handle_timeout of " + handlerOwner(m_event.connection) + ": its time is up.";
    }
    return isProactive() || m_event.operation != 0 ? completionHook(hook) : readinessHook(hook);
}

std::string Narrator::completionHook(const std::string& hook) const {
    const auto what =
        m_event.operation != 0 ? operationOfEvent() : "completed operation of " + handlerOwner(m_event.connection);
    return who() + " carries the completed " + what + " to " +
           (m_event.connection == 0 ? "the Acceptor’s" : "its handler’s") + " hook, " + hook + "." + meanwhile();
}

std::string Narrator::readinessHook(const std::string& hook) const {
    const auto calls = "The dispatcher calls " + hook + " of " + handlerOwner(m_event.connection) + ": ";
    switch (m_event.kindAs<Hook>()) {
    case Hook::HandleOutput:
        return calls + "the socket has room again, so " + theThread() + " writes on." + waitingTheirTurn();
    case Hook::HandleInput:
        if (m_event.connection != 0) {
            return calls + "the socket is ready, so " + theThread() + " reads it now." + waitingTheirTurn();
        }
        [[fallthrough]];
    case Hook::HandleAccept:
        return calls + "a client waits in the backlog, so " + theThread() + " takes it in now." + waitingTheirTurn();
    default: return calls + "it is its turn." + waitingTheirTurn();
    }
}

std::string Narrator::hookLeft() const {
    return std::string(words(m_event.kindAs<Hook>())) + " of " + handlerOwner(m_event.connection) + " returns, and " +
           theThread() + " is the dispatcher’s again.";
}

/// "read of #12", "accept".
std::string Narrator::operationName(Operation kind, std::uint32_t connection) const {
    const auto name = kind == Operation::Transmit ? std::string("TransmitFile") : std::string(words(kind));
    return connection == 0 ? name : name + " of " + numbered(connection);
}

std::string Narrator::operationOfEvent() const {
    const auto* operation = m_before.operations.get(m_event.operation);
    return operation == nullptr ? "operation " + std::to_string(m_event.operation) +
                                      (m_event.connection == 0 ? std::string{} : " of " + subject())
                                : operationName(operation->kind, operation->connection);
}

std::string Narrator::operationInitiated() const {
    const auto kind = m_event.kindAs<Operation>();
    const auto initiator = m_event.connection == 0 ? std::string("The Async Acceptor") : "The handler of " + subject();
    const auto amount = m_event.value() > 0 ? readableOctets(m_event.value()) : std::string("octets");
    const auto goesOn = ", names itself as Completion Handler, and goes on without waiting.";
    switch (kind) {
    case Operation::Accept: return initiator + " initiates an asynchronous accept" + goesOn;
    case Operation::Read: return initiator + " initiates an asynchronous read of up to " + amount + goesOn;
    case Operation::Write: return initiator + " initiates an asynchronous write of " + amount + goesOn;
    case Operation::Transmit: return initiator + " initiates an asynchronous TransmitFile of " + amount + goesOn;
    case Operation::FileRead:
        return initiator + " initiates an asynchronous read of " + amount + " of its file" + goesOn;
    case Operation::Timer: return initiator + " starts a timer" + goesOn;
    default: return initiator + " initiates an asynchronous operation" + goesOn;
    }
}

std::string Narrator::operationCompleted() const {
    const auto kind = m_event.kindAs<Operation>();
    const auto* operation = m_before.operations.get(m_event.operation);
    const bool byPool = operation != nullptr && operation->isOfPool;
    const auto start = (byPool ? who() + " has, by calls of its own, performed the "
                               : std::string("The Asynchronous Operation Processor has performed the ")) +
                       operationName(kind, m_event.connection);
    const auto value = m_event.value();
    if (value == -ECANCELED) {
        return "The " + operationName(kind, m_event.connection) + " was cancelled; its handler will be told.";
    }
    if (value < 0) {
        return "The " + operationName(kind, m_event.connection) + " has failed: " + failure() +
               "; its handler will be told.";
    }
    switch (kind) {
    case Operation::Accept: return start + ": a client has connected.";
    case Operation::Read:
        return value == 0 ? start + ": the client will send no more."
                          : start + ": " + readableOctets(value) + " have come.";
    case Operation::Timer: return "The timer of " + handlerOwner(m_event.connection) + " has run out.";
    default: return start + ": " + readableOctets(value) + ".";
    }
}

std::string Narrator::offer() const {
    return "The " + operationName(m_event.kindAs<Operation>(), m_event.connection) +
           " has been performed: the Asynchronous Operation Processor goes on with it.";
}

std::string Narrator::submissionQueued() const {
    return who() + " writes the " + operationOfEvent() +
           " into the submission ring, memory that it shares with the kernel: no system call yet; depth " +
           readableNumber(m_event.value()) + ".";
}

std::string Narrator::operationRanked() const {
    const auto rank = m_event.value();
    const auto is = "The " + operationOfEvent();
    if (m_event.kindAs<Rank>() == Rank::OctetsLeft) {
        return rank <= 0 ? is + " is a short job: no octet of an answer is left to send behind it."
                         : is + " is a job of " + readableOctets(rank) + ": so much of its answer is left to send.";
    }
    switch (rank) {
    case 0: return is + " has the highest priority: accepts and timers concern everybody.";
    case 1: return is + " has a raised priority: its request is for something under /urgent/.";
    default: return is + " has the usual priority.";
    }
}

std::string Narrator::outOfTurn() const {
    const auto& queue =
        m_event.kindAs<Queue>() == Queue::Transmit ? m_before.transmitQueue.items : m_before.completionQueue.items;
    const auto* operation = m_before.operations.get(m_event.operation);
    const auto place = std::find(queue.begin(), queue.end(), m_event.operation);
    if (operation == nullptr || operation->rankedBy == Rank::None || place == queue.begin() || place == queue.end()) {
        return {};
    }
    const auto earlier = static_cast<std::uint64_t>(place - queue.begin());
    const auto start = " It goes before " + readableCount(earlier, "that came", "that came") + " earlier: ";
    const bool isFirst = std::none_of(queue.begin(), place, [&](std::uint32_t id) {
        const auto* other = m_before.operations.get(id);
        return other != nullptr && other->rank <= operation->rank;
    });
    if (!isFirst) {
        return start + "it has been overtaken often enough.";
    }
    return start + (operation->rankedBy == Rank::Priority ? "its priority is higher." : "it is the shorter job.");
}

std::string Narrator::queuePushed() const {
    const auto depth = readableNumber(m_event.value());
    switch (m_event.kindAs<Queue>()) {
    case Queue::Completion:
        return "The completed " + operationOfEvent() +
               " joins the completion queue, where any free dispatching thread may take it; depth " + depth + ".";
    case Queue::Ready:
        return who() + " puts " + subject() + " into the ready queue, for another thread to work on; depth " + depth +
               ".";
    case Queue::Accept:
        return who() + " puts the new connection " + subject() + " into the accept queue, for " +
               (isFamily("reactive") ? "the event loop of a worker" : "a thread of the pool") + "; depth " + depth +
               ".";
    case Queue::Transmit:
        return "Enough answers are being sent at the moment, so the " + operationOfEvent() +
               " waits in the transmit queue; depth " + depth + ".";
    case Queue::Returned:
        return who() + " gives " + subject() + " back to its event loop, which will wait for the next request; depth " +
               depth + ".";
    default: return who() + " puts something into a queue; depth " + depth + ".";
    }
}

std::string Narrator::queuePopped() const {
    const auto depth = static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_event.value()));
    const auto left = depth == 0 ? std::string("none is left.") : readableCount(depth, "is left", "are left") + ".";
    switch (m_event.kindAs<Queue>()) {
    case Queue::Completion: {
        const auto* operation = m_before.operations.get(m_event.operation);
        const bool timed =
            operation != nullptr && operation->completedAt != 0 && m_event.time >= operation->completedAt;
        return who() + " takes the completed " + operationOfEvent() + " from the completion queue" +
               (timed ? ", where it waited " + readableDuration(m_event.time - operation->completedAt)
                      : std::string{}) +
               "; " + left + outOfTurn();
    }
    case Queue::Transmit:
        return "The " + operationOfEvent() + " has its turn and is sent on; in the transmit queue " + left +
               outOfTurn();
    case Queue::Ready: return who() + " takes " + subject() + " from the ready queue; " + left;
    case Queue::Accept: return who() + " takes the connection " + subject() + " from the accept queue; " + left;
    case Queue::Returned: return who() + " takes " + subject() + " back from the threads that work; " + left;
    default: return who() + " takes something from a queue; " + left;
    }
}

/// What a thread waits for that waits for another one: the place in the source tells.
std::string Narrator::queueWaitEntered() const {
    const auto& site = m_glossary.site(m_event.site).name;
    if (site == "wait for room") {
        return who() + " finds the queue full and waits until a thread takes something out of it.";
    }
    if (site == "wait for work") {
        return who() + " finds nothing to do in the queue and waits until something is put there.";
    }
    if (site == "wait for the listening socket") {
        return who() + " has no connection to look after and waits until it may watch the listening socket.";
    }
    if (site == "wait to lead") {
        return who() + " follows: it waits until the leader promotes it.";
    }
    const auto operations = operationsInKernel();
    if (const auto queued = m_before.completionQueue.items.size(); queued > 0) {
        return who() + " found the completion queue empty and waits for a completion, though by now " +
               readableCount(queued, "is", "are") + " in it.";
    }
    return who() + " finds the completion queue empty and waits for a completion; " +
           readableCount(operations, "operation is", "operations are") + " under way in the kernel.";
}

std::string Narrator::queueWaitLeft() const {
    const auto& site = m_glossary.site(m_event.site).name;
    const auto wakes = who() + " wakes" + timeInCall();
    if (site == "wait for room") {
        return wakes + ": there is room in the queue.";
    }
    if (m_event.value() == 0) {
        const auto* const what =
            site.starts_with("wait") && site != "wait for completion" ? "anything to do" : "a completion";
        return who() + " wakes without " + what + ": the server is about to end.";
    }
    if (site == "wait for work") {
        return wakes + ": there is something in the queue.";
    }
    if (site == "wait for the listening socket") {
        return wakes + ": the listening socket is free.";
    }
    return site == "wait to lead" ? wakes + ": the leader has promoted it." : wakes + ": a completion has come.";
}

std::string Narrator::requestRejected() const {
    return "The request of " + subject() + " is rejected with status 503: the " +
           std::string(words(m_event.kindAs<Queue>())) + " is full, with " + readableNumber(m_event.value()) +
           " in it.";
}

} // namespace lab
