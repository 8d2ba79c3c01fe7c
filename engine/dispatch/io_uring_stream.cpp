// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/io_uring_stream.h"

#include "engine/dispatch/outgoing_transfer.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

namespace lab {

namespace {

/// So much of a file goes through memory at once: many connections at a time should still fit into the caches.
constexpr auto pieceOctets = IoUringOperationProcessor::bufferOctets;

class IoUringStream final : public AsynchronousStream, private Transmitter {
public:
    IoUringStream(IoUringOperationProcessor& processor, FileDescriptor socket, Cork cork)
        : m_processor(processor)
        , m_socket(std::move(socket))
        , m_outgoing(m_socket.get(), cork) {
        if (m_processor.turns().areLimited()) {
            m_outgoing.limitPieces(TransmitTurns::pieceOctets);
        }
    }

    void read(AsynchronousOperation& operation, std::span<char> buffer) override {
        begin(operation, &IoUringStream::completeWith);
        m_processor.submit(operation, m_request, [this, buffer](io_uring_sqe* entry) {
            ::io_uring_prep_recv(entry, m_socket.get(), buffer.data(), buffer.size(), 0);
        });
    }

    void readFile(AsynchronousOperation& operation, SendCursor::Piece piece, std::span<char> buffer) override {
        begin(operation, &IoUringStream::completeWith);
        const auto octets = std::min<std::size_t>(buffer.size(), static_cast<std::size_t>(piece.length));
        m_processor.submit(operation, m_request, [piece, buffer, octets](io_uring_sqe* entry) {
            ::io_uring_prep_read(entry, piece.file, buffer.data(), static_cast<unsigned>(octets),
                                 static_cast<std::uint64_t>(piece.offset));
        });
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
            m_processor.giveUp(*m_operation);
        } else {
            m_processor.cancel(m_request);
        }
    }
    void finishSending() override { ::shutdown(m_socket.get(), SHUT_WR); }
    FileDescriptor release() override { return std::move(m_socket); }
    int descriptor() override { return m_socket.get(); }
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

    using Then = void (IoUringStream::*)(int result);

    /// Calls one of the stream's functions when the kernel has performed it.
    class Request final : public RingRequest {
    public:
        explicit Request(IoUringStream& stream)
            : m_stream(stream) {}
        void then(Then function) { m_then = function; }
        void performed(int result, bool) override {
            const auto& operation = *m_stream.m_operation;
            m_stream.m_processor.tell(operation,
                                      [&stream = m_stream, then = m_then, result] { (stream.*then)(result); });
        }

    private:
        IoUringStream& m_stream;
        Then m_then = nullptr;
    };

    void begin(AsynchronousOperation& operation, Then then) {
        m_operation = &operation;
        m_request.then(then);
    }

    void completeWith(int result) { m_processor.complete(*m_operation, result); }

    void proceed() {
        switch (m_outgoing.next()) {
        case OutgoingTransfer::Step::Done: return end(m_outgoing.cursor().sent());
        case OutgoingTransfer::Step::Failed: return end(m_outgoing.error());
        case OutgoingTransfer::Step::Write: return write();
        case OutgoingTransfer::Step::File: return transmit();
        }
    }

    /// To be called last: this may be gone afterwards.
    void end(std::int64_t result) {
        auto& processor = m_processor;
        if (m_buffer) {
            processor.giveBack(std::move(m_buffer));
        }
        processor.turns().leave(*this);
        processor.complete(*m_operation, result);
        processor.turns().pass();
    }

    void write() {
        m_request.then(&IoUringStream::written);
        const auto pieces = m_outgoing.pieces();
        m_processor.submit(*m_operation, m_request, [this, pieces](io_uring_sqe* entry) {
            if (pieces.size() == 1) {
                ::io_uring_prep_send(entry, m_socket.get(), pieces[0].iov_base, pieces[0].iov_len, m_outgoing.flags());
                return;
            }
            m_message = {};
            m_message.msg_iov = const_cast<iovec*>(pieces.data()); // the kernel only reads it
            m_message.msg_iovlen = pieces.size();
            ::io_uring_prep_sendmsg(entry, m_socket.get(), &m_message, static_cast<unsigned>(m_outgoing.flags()));
        });
    }

    void written(int octets) {
        if (octets < 0) {
            end(octets);
            return;
        }
        m_outgoing.advance(octets);
        proceedInTurn();
    }

    /// TransmitFile: the kernel reads a piece of the file and, when that has been done, sends it: two submissions,
    /// linked. Splicing file and socket by a pipe saves the copy, but the kernel does it in threads of its own, one for
    /// each file that is under way, which costs more than the copy but for the largest files.
    void transmit() {
        const auto piece = m_outgoing.cursor().piece();
        if (!m_buffer) {
            m_buffer = m_processor.takeBuffer();
        }
        m_unsent = {m_buffer.get(), static_cast<std::size_t>(std::min(piece.length, pieceOctets))};
        const bool more = piece.length > pieceOctets || !m_outgoing.cursor().inLastSegment();
        m_transmitFlags = m_outgoing.flagsFor(more);
        m_fileRead.then(&IoUringStream::readTooLittle);
        m_request.then(&IoUringStream::transmitted);
        m_processor.submitLinked(
            *m_operation, m_fileRead,
            [this, piece](io_uring_sqe* entry) {
                ::io_uring_prep_read(entry, piece.file, m_unsent.data(), static_cast<unsigned>(m_unsent.size()),
                                     static_cast<std::uint64_t>(piece.offset));
            },
            m_request, [this](io_uring_sqe* entry) { prepareSend(entry); });
    }

    void prepareSend(io_uring_sqe* entry) {
        ::io_uring_prep_send(entry, m_socket.get(), m_unsent.data(), m_unsent.size(), m_transmitFlags);
    }

    void transmitted(int octets) {
        if (octets < 0) {
            end(octets);
            return;
        }
        m_outgoing.advance(octets);
        m_unsent = m_unsent.subspan(static_cast<std::size_t>(octets));
        if (m_unsent.empty()) {
            proceedInTurn();
            return;
        }
        m_processor.submit(*m_operation, m_request, [this](io_uring_sqe* entry) { prepareSend(entry); });
    }

    /// An error, or the file has become shorter; nothing was sent.
    void readTooLittle(int result) { end(result < 0 ? result : -EIO); }

    IoUringOperationProcessor& m_processor;
    FileDescriptor m_socket;
    OutgoingTransfer m_outgoing;
    AsynchronousOperation* m_operation = nullptr;
    Request m_request{*this};
    Request m_fileRead{*this}; ///< the first of two that are linked
    msghdr m_message{};
    std::unique_ptr<char[]> m_buffer; ///< while a file is transmitted
    std::span<char> m_unsent;         ///< in m_buffer
    int m_transmitFlags = 0;
};

} // namespace

std::unique_ptr<AsynchronousStream> makeIoUringStream(IoUringOperationProcessor& processor, FileDescriptor socket,
                                                      Cork cork) {
    return std::make_unique<IoUringStream>(processor, std::move(socket), cork);
}

} // namespace lab
