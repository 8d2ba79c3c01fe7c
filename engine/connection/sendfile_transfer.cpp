// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/transfer_strategy.h"

#include <algorithm>
#include <cerrno>
#include <sys/sendfile.h>

namespace lab {

namespace {

/// Of one call. At a socket that blocks, a call returns only when the socket's own time limit has passed, and the kernel
/// begins to count anew with every 64 KiB: so one to a slow peer lasts two seconds at most, and a server that stops is
/// not kept waiting.
constexpr std::int64_t mostOctets = 512 * 1024;

/// The kernel takes the file's pages itself: one system call, and no copy through the server.
class SendfileTransfer final : public TransferStrategy {
public:
    std::int64_t prepare(SendCursor&) override { return 1; }
    SystemCall call() const override { return SystemCall::Sendfile; }

    std::int64_t send(int socket, SendCursor& cursor) override {
        const auto piece = cursor.piece();
        off_t offset = piece.offset;
        const auto octets =
            ::sendfile(socket, piece.file, &offset, static_cast<std::size_t>(std::min(piece.length, mostOctets)));
        return octets < 0 ? -errno : octets;
    }
};

} // namespace

std::unique_ptr<TransferStrategy> makeSendfileTransfer() { return std::make_unique<SendfileTransfer>(); }

} // namespace lab
