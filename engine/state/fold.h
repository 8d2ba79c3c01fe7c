// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"

namespace lab {

/// One step of the fold: what one event changes in a LabState. One function an event type, or a few alike.
///
/// Every function takes any event in any state; what it does not know it leaves alone, or makes when the
/// recording began in the middle or events were lost. Lives for one call of LabState::apply().
class Fold {
public:
    Fold(LabState& state, const Event& event);
    void run();

private:
    // fold.cpp: threads and calls.
    void threadStarted();
    void threadEnded();
    void processEnded();
    void callEntered();
    void callLeft();
    void callPerformed();
    void countCall();
    void callResult(ConnectionState* connection);
    void judgeThread();
    void becomeServerThread();
    void become(Activity activity, SystemCall call, Work work);
    void work(Work work) { become(m_thread->activity, m_thread->call, work); }
    void workFor(std::uint32_t connection);
    void dropOperation(ThreadState& thread);

    // fold_connection.cpp: connections and requests.
    void listeningStarted();
    void listeningStopped();
    void connectionAccepted();
    void connectionClosed();
    void connectionHandedOver();
    void connectionTakenOver();
    void requestParsed();
    void fileFound();
    void fileEvicted();
    FileState& file(NameId path);
    void octetsHeldBack();
    void responseStarted();
    void responseSent();
    void octetsReceived(ConnectionState& connection);
    void forget(std::uint32_t connection);
    /// The event's own connection is looked for only once.
    ConnectionState* look(std::uint32_t id);
    ConnectionState* known(std::uint32_t id);
    /// Made when it is not known but may well exist.
    ConnectionState* living(std::uint32_t id);
    bool somethingMissed() const { return !m_state.fromStart || m_state.totals.lost > 0; }

    // fold_dispatch.cpp: reactor, hooks, operations, queues.
    void handlerRegistered();
    void handlerRemoved();
    void handleReady();
    void acceptorFoundReady();
    void takeFromReady(std::uint32_t connection);
    /// `fallBack`: where this thread was not told, another one was, and hands over.
    void takeAcceptorFromReady(bool fallBack);
    void acceptorHookLeft();
    void forgetReadyBy(std::uint16_t actor);
    void hookEntered();
    void hookLeft();
    void operationInitiated();
    void operationCompleted();
    void operationRanked();
    void cancelRequested();
    void queuePushed();
    void submissionQueued();
    void submissionsEntered();
    void completionsFound();
    void queuePopped();
    void carryOperation();
    OperationState* livingOperation();
    QueueState* queue();
    std::uint32_t queueItem() const;

    // fold_service.cpp: the services of the Protocol Pipeline.
    void serviceLinked();
    void serviceUnlinked();
    void serviceAsked();
    void serviceSuspended(bool suspended);
    ServiceState* service();

    // fold_traffic.cpp: clients and the lab itself.
    void clientConnecting();
    void clientConnected();
    void clientRequestSent();
    void clientFirstByte();
    void clientResponseReceived();
    void clientFailed();
    void clientClosed();
    void settingChanged();
    void modelChanged();
    void serverAdapted();
    void resourceSampled();
    void threadDelaySampled();
    void eventsLost();
    ClientState* client();
    void matchClient(ClientState& client);

    /// The event's kind; None where a damaged recording names one that does not exist.
    template <typename Enum>
    Enum kind(Enum count) const {
        return m_event.kind() < static_cast<std::uint8_t>(count) ? m_event.kindAs<Enum>() : Enum{};
    }
    Interest interest() const { return static_cast<Interest>(m_event.kind() & 7); }
    /// Sums of damaged values may leave the range.
    static void add(std::int64_t& sum, std::int64_t value) {
        sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) + static_cast<std::uint64_t>(value));
    }

    LabState& m_state;
    const Event& m_event;
    ThreadState* m_thread = nullptr; ///< that the event comes from; null for EventsLost of one that is not there
    std::uint64_t m_now;
    ConnectionState* m_connection = nullptr; ///< the event's, once looked for; entries move when others come and go
    bool m_looked = false;
};

} // namespace lab
