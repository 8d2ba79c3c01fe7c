// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/concurrency/activation_queue.h"
#include "engine/concurrency/load_judge.h"
#include "engine/connection/proactive_connection.h"
#include "engine/connection/response_sender.h"

#include <cstdint>

namespace lab {

/// Where the connections of a server that adapts itself meet: what they count, what was decided for them, and through
/// which queue large files go to the threads that send them.
///
/// Threads: the dispatcher's; the queue any. Owner: the model.
struct AdaptiveLayers {
    ActivationQueue& answers;
    LoadJudge::Way way; ///< in which the next large file goes
    MeasuredLoad load;  ///< of the interval under way; its time and share of busy are the model's
};

/// Serves one connection by asynchronous operations; a large file is sent by the processor or, by blocking calls, by a
/// thread of the pool, in the way that was decided for last.
///
/// Role: Proactive Initiator and Completion Handler that changes its own Concurrency and I/O Strategy (P, conclusion).
/// Threads: the dispatcher's; workOff() by a thread of the pool, while the operation is outstanding. Owner:
/// ProactiveConnections.
class AdaptiveConnection final : public ProactiveConnection {
public:
    AdaptiveConnection(ServerContext& context, AdaptiveLayers& layers, ProactiveConnections& all,
                       AcceptedConnection connection, AsynchronousOperationProcessor& processor);

    void handleCompletion(AsynchronousOperation& operation) override;

    /// By a thread of the pool: sends the response, and completes the operation.
    void workOff();

private:
    FileTransfer transfer() override;
    bool leavesToOthers(const ResponseExtent& extent) override;
    std::int64_t sendBlocking();
    std::int64_t sendStep(std::int64_t until);

    AdaptiveLayers& m_layers;
    AsynchronousOperationProcessor& m_processor;
    ResponseSender m_sender;
    LoadJudge::Way m_way;    ///< of the request under way
    bool m_isLarge = false;  ///< its answer
    bool m_isAtPool = false; ///< and so who sends it
    CloseReason m_failure{}; ///< of the pool, where the result is negative
};

} // namespace lab
