// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/half_sync_connection.h"
#include "engine/server/server_options.h"

#include <atomic>
#include <cstdint>

namespace lab {

/// What the connections of a server that adapts itself count, and what was decided for them.
///
/// Threads: any. Owner: the model.
struct AdaptiveLoad {
    std::atomic<std::uint64_t> answers{0};    ///< begun
    std::atomic<std::int64_t> octets{0};      ///< taken by the kernel
    std::atomic<std::int64_t> largeOctets{0}; ///< in files that are not kept in memory
    std::atomic<bool> byPool{false};          ///< who sends large files
    std::atomic<FileTransfer> transfer{FileTransfer::Sendfile};
};

/// Reads, parses and answers requests in the event loop; a large file is sent by the loop itself or by a thread of the
/// pool, by the transfer that was decided for last.
///
/// Role: HTTP Handler that changes its own Concurrency and I/O Strategy (P, conclusion). Threads: as
/// HalfSyncConnection. Owner: the loop.
class AdaptiveConnection final : public HalfSyncConnection {
public:
    AdaptiveConnection(ServerContext& context, HalfSyncLayers& layers, AdaptiveLoad& load,
                       AcceptedConnection connection);
    void workOff() override;

private:
    Outcome answerRequest() override;
    void sentSome(std::int64_t octets) override;

    AdaptiveLoad& m_load;
    bool m_isLarge = false; ///< the answer under way
};

} // namespace lab
