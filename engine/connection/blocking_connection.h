// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/accepted_connection.h"
#include "engine/connection/response_sender.h"
#include "engine/protocol/protocol_handler.h"

#include <chrono>
#include <memory>
#include <optional>

namespace lab {

/// Serves one connection by blocking calls: the thread that calls waits in the kernel for each octet.
///
/// Role: HTTP Handler of the synchronous models; steps 3 to 6 of the thread pool (P section 3.1): read the request,
/// parse it, read the file, send it. Threads: one at a time. Owner: the thread that serves.
class BlockingConnection {
public:
    BlockingConnection(ServerContext& context, AcceptedConnection connection);
    ~BlockingConnection(); ///< closes

    /// Serves requests until the connection is closed.
    void serve();

    /// Serves one request. True when the connection stays open for another.
    bool serveRequest();

    std::uint32_t id() const { return m_connection.id; }

    /// There is no thread for it: records that, and why it will be closed. `rest`: how long the caller accepts nobody.
    void refuse(std::chrono::milliseconds rest);

private:
    Action receive(Deadline deadline);
    Action send();
    bool outOfTime(std::int64_t until) const;
    Action giveUp(CloseReason reason);

    ServerContext& m_context;
    AcceptedConnection m_connection;
    std::unique_ptr<ProtocolHandler> m_handler;
    std::optional<Action> m_next; ///< empty before the first step
    ResponseSender m_sender;
    std::optional<CloseReason> m_reason; ///< ours, where it is not the handler's
    Deadline m_deadline = Deadline::None;
    std::int64_t m_until = 0; ///< lab time, ns
};

} // namespace lab
