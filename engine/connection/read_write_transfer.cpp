// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/transfer_strategy.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

namespace lab {

namespace {

constexpr std::int64_t bufferOctets = 64 * 1024;

/// Reads a piece into memory and writes it: two system calls and a copy, where sendfile() needs one and none. What the
/// socket does not take stays in the buffer, and is not read again.
class ReadWriteTransfer final : public TransferStrategy {
public:
    explicit ReadWriteTransfer(bool announce)
        : m_announce(announce) {}

    std::int64_t prepare(SendCursor& cursor) override {
        const auto piece = cursor.piece();
        if (isReady(piece)) {
            return 1;
        }
        if (!m_buffer) {
            m_buffer = std::make_unique_for_overwrite<char[]>(bufferOctets);
        }
        const auto octets = ::pread(piece.file, m_buffer.get(),
                                    static_cast<std::size_t>(std::min(piece.length, bufferOctets)), piece.offset);
        const std::int64_t result = octets < 0 ? -errno : octets;
        LAB_MARK(CallPerformed, Filesystem, "pread", .connection = cursor.connection(), .kind = SystemCall::FileRead,
                 .value = result);
        m_file = piece.file;
        m_begin = piece.offset;
        m_end = piece.offset + std::max<std::int64_t>(0, result);
        return std::min<std::int64_t>(result, 1);
    }

    SystemCall call() const override { return SystemCall::Write; }

    std::int64_t send(int socket, SendCursor& cursor) override {
        const auto piece = cursor.piece();
        const auto left = std::min(m_end - piece.offset, piece.length);
        const bool more = m_announce && (left < piece.length || !cursor.inLastSegment());
        const auto octets = ::send(socket, m_buffer.get() + (piece.offset - m_begin), static_cast<std::size_t>(left),
                                   MSG_NOSIGNAL | (more ? MSG_MORE : 0));
        return octets < 0 ? -errno : octets;
    }

    void finish() override {
        m_buffer.reset();
        m_file = -1;
    }

private:
    bool isReady(const SendCursor::Piece& piece) const {
        return piece.file == m_file && piece.offset >= m_begin && piece.offset < m_end;
    }

    const bool m_announce;
    std::unique_ptr<char[]> m_buffer;
    int m_file = -1; ///< what is in the buffer: octets [m_begin, m_end) of this file
    std::int64_t m_begin = 0;
    std::int64_t m_end = 0;
};

} // namespace

std::unique_ptr<TransferStrategy> makeReadWriteTransfer(bool announce) {
    return std::make_unique<ReadWriteTransfer>(announce);
}

} // namespace lab
