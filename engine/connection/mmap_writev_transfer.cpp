// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/transfer_strategy.h"
#include "engine/dispatch/mapped_piece.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/stat.h>

namespace lab {

namespace {

constexpr std::int64_t windowOctets = 2 * 1024 * 1024;

/// Maps a window of the file and writes header and mapped pages by one gathering write; how much of either the socket
/// takes does not matter.
///
/// A file that is cut off while it is mapped does no harm: the server itself never touches the mapped pages, only the
/// kernel does, inside the write, and there a page that is gone makes the call come back short or with EFAULT instead
/// of sending SIGBUS. Before each write the file's length is looked at, so that a cut is noticed as by every other
/// transfer; one that falls between that look and the write may send zeros up to the end of the file's last page.
class MmapWritevTransfer final : public TransferStrategy {
public:
    explicit MmapWritevTransfer(bool announce)
        : m_announce(announce)
        , m_otherwise(makeReadWriteTransfer(announce)) {}

    std::int64_t prepare(SendCursor& cursor) override {
        const auto piece = *cursor.fileAhead();
        if (m_fallenBack) {
            return cursor.atMemory() ? 1 : m_otherwise->prepare(cursor);
        }
        struct stat status {};
        if (::fstat(piece.file, &status) != 0 || status.st_size <= piece.offset) {
            return 0;
        }
        m_fileEnd = status.st_size;
        if (piece.file == m_file && !m_mapped.from(piece.offset).empty()) {
            return 1;
        }
        const auto window = std::min(piece.length, windowOctets);
        const int failure = m_mapped.map(piece.file, piece.offset, window);
        LAB_MARK(CallPerformed, Filesystem, "mmap", .connection = cursor.connection(), .kind = SystemCall::Mmap,
                 .value = failure != 0 ? -failure : window);
        m_file = piece.file;
        if (failure == 0) {
            return 1;
        }
        m_fallenBack = true; // no address space left, or a file that cannot be mapped: this response is read
        return prepare(cursor);
    }

    SystemCall call() const override { return SystemCall::Writev; }
    bool takesMemory() const override { return true; }

    std::int64_t send(int socket, SendCursor& cursor) override {
        if (m_fallenBack && !cursor.atMemory()) {
            return m_otherwise->send(socket, cursor);
        }
        const auto gathered = cursor.gather();
        auto count = gathered.pieces.size();
        std::copy_n(gathered.pieces.begin(), count, m_pieces.begin());
        bool more = gathered.more;
        if (gathered.more && !m_fallenBack) {
            const auto piece = *cursor.fileAhead();
            const auto mapped = m_mapped.from(piece.offset);
            const auto octets =
                std::min({static_cast<std::int64_t>(mapped.size()), piece.length, m_fileEnd - piece.offset});
            m_pieces[count++] = {mapped.data(), static_cast<std::size_t>(octets)};
            more = octets < piece.length || !cursor.endsWithFileAhead();
        }
        msghdr message{};
        message.msg_iov = m_pieces.data();
        message.msg_iovlen = count;
        const auto octets = ::sendmsg(socket, &message, MSG_NOSIGNAL | (more && m_announce ? MSG_MORE : 0));
        return octets >= 0 ? octets : errno == EFAULT ? 0 : -errno;
    }

    void finish() override {
        m_mapped = MappedPiece();
        m_file = -1;
        m_otherwise->finish();
        m_fallenBack = false;
    }

private:
    const bool m_announce;
    const std::unique_ptr<TransferStrategy> m_otherwise;
    bool m_fallenBack = false; ///< until the end of this response
    MappedPiece m_mapped;
    int m_file = -1;            ///< what m_mapped is of
    std::int64_t m_fileEnd = 0; ///< as last seen
    std::array<iovec, 17> m_pieces{};
};

} // namespace

std::unique_ptr<TransferStrategy> makeMmapWritevTransfer(bool announce) {
    return std::make_unique<MmapWritevTransfer>(announce);
}

} // namespace lab
