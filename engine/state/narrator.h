// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/narration.h"
#include "engine/trace/readable.h"

#include <string>

namespace lab {

/// Puts one event into words: what narrate() is made of. Lives for one sentence; borrows all three.
class Narrator {
public:
    Narrator(const Event& event, const LabState& before, const Glossary& glossary)
        : m_event(event)
        , m_before(before)
        , m_glossary(glossary) {}
    std::string sentence() const;
    std::string offer() const;

private:
    // narration.cpp: the parts of which sentences are made.
    std::string who() const { return threadName(m_event.actor, m_before, m_glossary); }
    std::string numbered(std::uint32_t connection) const { return "#" + std::to_string(connection); }
    std::string subject() const { return numbered(m_event.connection); }
    /// "#12", or "the acceptor" where there is no connection.
    std::string handlerOwner(std::uint32_t connection) const;
    std::string text(std::int64_t nameId) const;
    std::string quoted(std::int64_t nameId) const;
    std::string failure() const { return readableError(static_cast<int>(-m_event.value())); }
    bool isFamily(std::string_view family) const { return familyAt(m_before, m_glossary) == family; }
    bool isProactive() const { return waitsForCompletions(familyAt(m_before, m_glossary)); }
    /// ", after 1.5 ms in the kernel", where that is known.
    std::string timeInCall() const;
    std::uint64_t threadsInKernel() const; ///< of the server, without the event's own
    std::uint64_t operationsInKernel() const;
    std::uint64_t operationsOfPool() const; ///< that its threads perform, or that wait for them
    /// " Seven operations wait in the kernel; no thread does.": what the family's waiting looks like now.
    std::string meanwhile() const;
    std::string waitingTheirTurn() const;
    std::string theThread() const;

    // narration_change.cpp
    std::string changeStarted() const;
    std::string settingChanged() const;
    std::string modelChanged() const;
    std::string changeFailed() const;
    std::string connectionHandedOver() const;
    std::string connectionTakenOver() const;
    std::string serverAdapted() const;
    std::string titleOf(NameId model) const;

    // narration_process.cpp
    std::string threadEnded() const;
    std::string processStarted() const;
    std::string processEnded() const;

    // narration_service.cpp
    std::string serviceLinked() const;
    std::string serviceChanged() const;
    std::string serviceEntered() const;
    std::string serviceLeft() const;

    // narration_calls.cpp
    std::string callEntered() const;
    std::string demultiplexingEntered() const;
    std::string demultiplexingLeft() const;
    std::string ringEntered() const;
    std::string callLeft() const;
    std::string callPerformed() const;

    // narration_connection.cpp
    std::string connectionAccepted() const;
    std::string acceptFailed() const;
    std::string workerRefused() const;
    std::string connectionClosed() const;
    std::string deadlineExpired() const;
    std::string requestParsed() const;
    std::string fileFound() const;
    std::string fileEvicted() const;
    std::string responseStarted() const;
    std::string transmitFile() const;
    /// " The head leaves in a segment of its own, …", where this write has sent an answer's head without its file.
    std::string headApart() const;
    std::string octetsHeldBack() const;
    std::string responseSent() const;

    // narration_dispatch.cpp
    std::string handlerRegistered() const;
    std::string interestChanged() const;
    std::string handleReady() const;
    std::string hookEntered() const;
    std::string completionHook(const std::string& hook) const;
    std::string readinessHook(const std::string& hook) const;
    std::string hookLeft() const;
    std::string operationName(Operation kind, std::uint32_t connection) const;
    std::string operationOfEvent() const;
    std::string operationInitiated() const;
    std::string operationCompleted() const;
    std::string submissionQueued() const;
    std::string operationRanked() const;
    /// " It goes before two that came earlier, …", where the event takes it out of turn.
    std::string outOfTurn() const;
    std::string queuePushed() const;
    std::string queuePopped() const;
    std::string queueWaitEntered() const;
    std::string queueWaitLeft() const;
    std::string requestRejected() const;

    // narration_traffic.cpp
    std::string client() const { return "Client " + std::to_string(m_event.connection); }
    std::string clientConnected() const;
    std::string clientResponseReceived() const;
    std::string clientFailed() const;
    std::string runStarted() const;
    std::string resourceSampled() const;
    std::string threadDelaySampled() const;

    const Event& m_event;
    const LabState& m_before;
    const Glossary& m_glossary;
};

} // namespace lab
