// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/file_descriptor.h"
#include "engine/connection/transfer_strategy.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace lab {

namespace {

/// Moves pages of the file into a pipe, and from the pipe into the socket: two system calls, and no copy through the
/// server.
///
/// The pipe takes two descriptors while a file is on its way, not longer: a server has no more of them than twice the
/// transfers under way. Where none are to be had, or the file cannot be spliced, this response is read and written.
class SpliceTransfer final : public TransferStrategy {
public:
    explicit SpliceTransfer(bool announce)
        : m_announce(announce)
        , m_otherwise(makeReadWriteTransfer(announce)) {}

    std::int64_t prepare(SendCursor& cursor) override {
        if (!m_fallenBack && m_inPipe > 0) {
            return 1;
        }
        if (!m_fallenBack && (m_read || openPipe())) {
            if (const auto result = fill(cursor); result != -EINVAL) {
                return std::min<std::int64_t>(result, 1);
            }
        }
        m_fallenBack = true;
        return m_otherwise->prepare(cursor);
    }

    SystemCall call() const override { return m_fallenBack ? m_otherwise->call() : SystemCall::Splice; }

    std::int64_t send(int socket, SendCursor& cursor) override {
        if (m_fallenBack) {
            return m_otherwise->send(socket, cursor);
        }
        const bool more = m_announce && (m_inPipe < cursor.piece().length || !cursor.inLastSegment());
        const auto octets = ::splice(m_read.get(), nullptr, socket, nullptr, static_cast<std::size_t>(m_inPipe),
                                     SPLICE_F_MOVE | (more ? SPLICE_F_MORE : 0));
        if (octets < 0) {
            return -errno;
        }
        m_inPipe -= octets;
        return octets;
    }

    void finish() override {
        m_read.reset();
        m_write.reset();
        m_inPipe = 0;
        m_fallenBack = false;
        m_otherwise->finish();
    }

private:
    bool openPipe() {
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC) != 0) {
            return false;
        }
        m_read.reset(ends[0]);
        m_write.reset(ends[1]);
        return true;
    }

    /// The pipe is empty, so that it takes what it is given without waiting for anybody.
    std::int64_t fill(SendCursor& cursor) {
        constexpr std::int64_t pipeOctets = 64 * 1024; // what a pipe holds
        const auto piece = cursor.piece();
        off64_t offset = piece.offset;
        const auto octets = ::splice(piece.file, &offset, m_write.get(), nullptr,
                                     static_cast<std::size_t>(std::min(piece.length, pipeOctets)), SPLICE_F_MOVE);
        const std::int64_t result = octets < 0 ? -errno : octets;
        LAB_MARK(CallPerformed, Filesystem, "splice into the pipe", .connection = cursor.connection(),
                 .kind = SystemCall::FileRead, .value = result);
        m_inPipe = std::max<std::int64_t>(0, result);
        return result;
    }

    const bool m_announce;
    const std::unique_ptr<TransferStrategy> m_otherwise;
    bool m_fallenBack = false; ///< until the end of this response
    FileDescriptor m_read;
    FileDescriptor m_write;
    std::int64_t m_inPipe = 0; ///< the file's next octets, on their way
};

} // namespace

std::unique_ptr<TransferStrategy> makeSpliceTransfer(bool announce) {
    return std::make_unique<SpliceTransfer>(announce);
}

} // namespace lab
