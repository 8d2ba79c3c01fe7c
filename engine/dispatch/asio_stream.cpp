// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/asio_stream.h"

#include "engine/dispatch/outgoing_transfer.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <vector>

namespace lab {

namespace {

using boost::system::error_code;
using Socket = asio::basic_stream_socket<asio::ip::tcp, AsioExecutor>;

std::int64_t resultOf(const error_code& failure, std::int64_t octets) {
    if (!failure) {
        return octets;
    }
    return failure == asio::error::eof ? 0 : -failure.value();
}

class AsioStream final : public AsynchronousStream, private Transmitter {
public:
    AsioStream(AsioOperationProcessor& processor, asio::io_context& context, FileDescriptor socket, Cork cork)
        : m_processor(processor)
        , m_socket(context.get_executor())
        , m_outgoing(socket.get(), cork) {
        if (m_processor.turns().areLimited()) {
            m_mostAtOnce = TransmitTurns::pieceOctets;
            m_outgoing.limitPieces(m_mostAtOnce);
        }
        error_code failure;
        m_socket.assign(asio::ip::tcp::v4(), socket.get(), failure);
        if (!failure) {
            socket.release();
            // Now, so that no later call changes the socket's state while another thread cancels.
            m_socket.non_blocking(true, failure);
        }
    }

    void read(AsynchronousOperation& operation, std::span<char> buffer) override {
        m_socket.async_read_some(
            asio::buffer(buffer.data(), buffer.size()),
            [this, &operation](const error_code& failure, std::size_t octets) {
                const auto result = resultOf(failure, static_cast<std::int64_t>(octets));
                m_processor.goOn(operation, [this, &operation, result] { m_processor.complete(operation, result); });
            });
    }

    void readFile(AsynchronousOperation& operation, SendCursor::Piece piece, std::span<char> buffer) override {
        if (auto* reader = m_processor.fileReader()) {
            m_fileRead.store(&operation, std::memory_order_release);
            reader->read(operation, piece.file, piece.offset, buffer);
        } else {
            m_processor.complete(operation, -EOPNOTSUPP); // epoll knows nothing of files
        }
    }

    void send(AsynchronousOperation& operation, SendCursor& cursor, FileTransfer transfer) override {
        m_operation = &operation;
        m_outgoing.begin(cursor, transfer);
        if (m_processor.turns().ask(*this, operation, octetsLeft())) {
            proceed();
        }
    }

    void cancel() override {
        if (m_processor.turns().withdraw(*this)) {
            m_processor.performedElsewhere(*m_operation, -ECANCELED);
            return;
        }
        auto* const reader = m_processor.fileReader();
        const auto* const fileRead = m_fileRead.load(std::memory_order_acquire);
        if (reader != nullptr && fileRead != nullptr) {
            reader->cancel(*fileRead);
        }
        error_code ignored;
        m_socket.cancel(ignored);
    }

    void finishSending() override {
        error_code ignored;
        m_socket.shutdown(asio::socket_base::shutdown_send, ignored);
    }

    FileDescriptor release() override {
        error_code ignored;
        return FileDescriptor(m_socket.release(ignored));
    }

    int descriptor() override { return m_socket.native_handle(); }
    std::int64_t progress() const override { return m_outgoing.progress(); }
    bool waitsForTurn() const override { return m_processor.turns().isWaiting(*this); }

private:
    void goOn() override { proceed(); }
    std::int64_t octetsTaken() const override { return m_outgoing.progress(); }

    std::int64_t octetsLeft() {
        return std::max<std::int64_t>(0, m_operation->octets - m_outgoing.cursor().sent()) + m_operation->octetsBehind;
    }

    /// A piece has gone.
    void proceedInTurn() {
        if (m_outgoing.cursor().done() || m_processor.turns().askAgain(*this, *m_operation, octetsLeft())) {
            proceed();
        }
    }

    /// To be called last: this may be gone afterwards.
    void end(std::int64_t result) {
        auto& processor = m_processor;
        processor.turns().leave(*this);
        processor.complete(*m_operation, result);
        processor.turns().pass();
    }

    void proceed() {
        switch (m_outgoing.next()) {
        case OutgoingTransfer::Step::Done: return end(m_outgoing.cursor().sent());
        case OutgoingTransfer::Step::Failed: return end(m_outgoing.error());
        case OutgoingTransfer::Step::Write: return write();
        case OutgoingTransfer::Step::File: return transmit();
        }
    }

    void write() {
        const auto pieces = m_outgoing.pieces();
        if (pieces.size() == 1) {
            return write(asio::const_buffer(pieces[0].iov_base, pieces[0].iov_len));
        }
        m_pieces.clear();
        for (const auto& piece : pieces) {
            m_pieces.emplace_back(piece.iov_base, piece.iov_len);
        }
        write(m_pieces);
    }

    template <typename Buffers>
    void write(const Buffers& pieces) {
        m_socket.async_send(pieces, m_outgoing.flags(), [this](const error_code& failure, std::size_t octets) {
            goOnWith(failure, [this, octets] {
                m_outgoing.advance(static_cast<std::int64_t>(octets));
                if (!m_outgoing.cursor().done()) {
                    // What follows looks at who else waits for a turn: in a run in turns, right behind an event.
                    LAB_MARK(CallPerformed, AsynchronousOperationProcessor, "write a piece",
                             .connection = m_operation->connection, .operation = m_operation->id,
                             .kind = SystemCall::Writev, .value = static_cast<std::int64_t>(octets));
                }
                proceedInTurn();
            });
        });
    }

    /// TransmitFile: sendfile() as long as the socket takes it, then a wait until it does again.
    void transmit() {
        auto& cursor = m_outgoing.cursor();
        while (!cursor.done() && !cursor.atMemory()) {
            const auto piece = cursor.piece();
            off_t offset = piece.offset;
            auto octets = ::sendfile(m_socket.native_handle(), piece.file, &offset,
                                     static_cast<std::size_t>(std::min(piece.length, m_mostAtOnce)));
            octets = octets < 0 ? -errno : octets;
            LAB_MARK(CallPerformed, AsynchronousOperationProcessor, "sendfile", .connection = m_operation->connection,
                     .operation = m_operation->id, .kind = SystemCall::Sendfile, .value = octets);
            if (octets == -EAGAIN) {
                m_socket.async_wait(Socket::wait_write,
                                    [this](const error_code& failure) { goOnWith(failure, [this] { transmit(); }); });
                return;
            }
            if (octets <= 0 && octets != -EINTR) {
                end(octets == 0 ? -EIO : octets);
                return;
            }
            m_outgoing.advance(std::max<std::int64_t>(octets, 0));
            if (!cursor.done() && !m_processor.turns().askAgain(*this, *m_operation, octetsLeft())) {
                return;
            }
        }
        proceed();
    }

    template <typename Function>
    void goOnWith(const error_code& failure, Function proceedWith) {
        m_processor.goOn(*m_operation, [this, failure, proceedWith] {
            if (failure) {
                end(-failure.value());
            } else {
                proceedWith();
            }
        });
    }

    AsioOperationProcessor& m_processor;
    Socket m_socket;
    OutgoingTransfer m_outgoing;
    AsynchronousOperation* m_operation = nullptr;
    std::atomic<AsynchronousOperation*> m_fileRead{nullptr}; ///< the last one
    std::vector<asio::const_buffer> m_pieces;
    std::int64_t m_mostAtOnce = 1 << 30; ///< of a file, by one call
};

} // namespace

std::unique_ptr<AsynchronousStream> makeAsioStream(AsioOperationProcessor& processor, asio::io_context& context,
                                                   FileDescriptor socket, Cork cork) {
    return std::make_unique<AsioStream>(processor, context, std::move(socket), cork);
}

} // namespace lab
