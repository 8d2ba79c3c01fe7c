// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/transfer_strategy.h"

#include <algorithm>
#include <cerrno>
#include <sys/sendfile.h>

namespace lab {

namespace {

/// The kernel takes the file's pages itself: one system call, and no copy through the server.
class SendfileTransfer final : public TransferStrategy {
public:
    std::int64_t prepare(SendCursor&) override { return 1; }
    SystemCall call() const override { return SystemCall::Sendfile; }

    std::int64_t send(int socket, SendCursor& cursor) override {
        constexpr std::int64_t most = 1 << 30; // of one call; the kernel's own limit is a little below 2 GiB
        const auto piece = cursor.piece();
        off_t offset = piece.offset;
        const auto octets =
            ::sendfile(socket, piece.file, &offset, static_cast<std::size_t>(std::min(piece.length, most)));
        return octets < 0 ? -errno : octets;
    }
};

} // namespace

std::unique_ptr<TransferStrategy> makeSendfileTransfer() { return std::make_unique<SendfileTransfer>(); }

} // namespace lab
