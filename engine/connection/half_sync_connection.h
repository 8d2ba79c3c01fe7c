// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/concurrency/activation_queue.h"
#include "engine/connection/reactive_connection.h"
#include "engine/dispatch/hand_over.h"

namespace lab {

class HalfSyncConnection;

/// Where the two halves meet: requests go through one queue to the threads, connections through the other one back.
///
/// Owner: the model. Threads: any.
struct HalfSyncLayers {
    InitiationDispatcher& loop;
    ActivationQueue& requests;
    HandOver<HalfSyncConnection*>& returned;
};

/// Reads and parses requests in the event loop, and has each answered by a thread of the pool, by blocking calls.
///
/// Role: HTTP Handler of Half-Sync/Half-Async (B): asynchronous half in the loop, synchronous half in the pool.
/// Threads: the loop's; workOff() by a thread of the pool, while the loop leaves it alone. Owner: the loop.
class HalfSyncConnection : public ReactiveConnection {
public:
    HalfSyncConnection(ServerContext& context, HalfSyncLayers& layers, AcceptedConnection connection);

    /// The synchronous half: finds the file, sends the answer, and gives the connection back to the loop.
    virtual void workOff();

    /// The loop has it back.
    Outcome handleReturn();

protected:
    HalfSyncLayers& layers() { return m_layers; }
    /// Sends what the protocol handler has to send, by blocking calls.
    void sendBlocking();
    void failBecause(CloseReason reason) { m_failure = reason; }
    /// To the loop; nothing of the connection may be touched afterwards.
    void giveBack() { m_layers.returned.push(this->connection(), this); }

private:
    Outcome answerRequest() override;
    std::int64_t sendStepBlocking(std::int64_t until);

    HalfSyncLayers& m_layers;
    std::optional<CloseReason> m_failure; ///< of the synchronous half
};

} // namespace lab
