// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/asio_stream.h"

#include "engine/trace/trace.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
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

class AsioStream final : public AsynchronousStream {
public:
    AsioStream(AsioOperationProcessor& processor, asio::io_context& context, FileDescriptor socket)
        : m_processor(processor)
        , m_socket(context.get_executor()) {
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

    void send(AsynchronousOperation& operation, SendCursor& cursor, FileTransfer transfer) override {
        m_operation = &operation;
        m_cursor = &cursor;
        m_transfer = transfer;
        proceed();
    }

    void cancel() override {
        error_code ignored;
        m_socket.cancel(ignored);
    }

    void finishSending() override {
        error_code ignored;
        m_socket.shutdown(asio::socket_base::shutdown_send, ignored);
    }

    std::int64_t progress() const override { return m_progress.load(std::memory_order_relaxed); }

private:
    void proceed() {
        if (m_cursor->done()) {
            m_processor.complete(*m_operation, m_cursor->sent());
        } else if (m_cursor->atMemory()) {
            sendMemory();
        } else if (m_transfer == FileTransfer::TransmitFile) {
            transmit();
        } else {
            sendFromBuffer();
        }
    }

    void sendMemory() {
        const auto gathered = m_cursor->gather();
        m_buffer.resize(std::max(m_buffer.size(), SendCursor::joinedOctets));
        const std::span<char, SendCursor::joinedOctets> joined(m_buffer.data(), SendCursor::joinedOctets);
        if (const auto octets = SendCursor::join(gathered, joined); octets > 0) {
            write(asio::const_buffer(m_buffer.data(), octets), gathered.more);
            return;
        }
        m_pieces.clear();
        for (const auto& piece : gathered.pieces) {
            m_pieces.emplace_back(piece.iov_base, piece.iov_len);
        }
        write(m_pieces, gathered.more);
    }

    /// The processor has no operation for files of its own here, so what it writes is read by a blocking call first.
    void sendFromBuffer() {
        constexpr std::size_t pieceOctets = 64 * 1024;
        const auto piece = m_cursor->piece();
        m_buffer.resize(pieceOctets);
        const auto octets = ::pread(piece.file, m_buffer.data(),
                                    std::min(pieceOctets, static_cast<std::size_t>(piece.length)), piece.offset);
        LAB_MARK(CallPerformed, Filesystem, "pread", .connection = m_operation->connection,
                 .kind = SystemCall::FileRead, .value = octets < 0 ? -errno : octets);
        if (octets <= 0) {
            m_processor.complete(*m_operation, octets < 0 ? -errno : -EIO);
            return;
        }
        write(asio::const_buffer(m_buffer.data(), static_cast<std::size_t>(octets)), octets < piece.length);
    }

    template <typename Buffers>
    void write(const Buffers& pieces, bool more) {
        m_socket.async_send(pieces, more ? MSG_MORE : 0, [this](const error_code& failure, std::size_t octets) {
            m_processor.goOn(*m_operation, [this, failure, octets] {
                if (failure) {
                    m_processor.complete(*m_operation, -failure.value());
                    return;
                }
                advance(static_cast<std::int64_t>(octets));
                proceed();
            });
        });
    }

    /// TransmitFile: sendfile() as long as the socket takes it, then a wait until it does again.
    void transmit() {
        std::vector<char> unused;
        while (!m_cursor->done() && !m_cursor->atMemory()) {
            const auto before = m_cursor->sent();
            const auto octets = sendStep(m_socket.native_handle(), *m_cursor, FileTransfer::TransmitFile, unused);
            LAB_MARK(CallPerformed, AsynchronousOperationProcessor, "sendfile", .connection = m_operation->connection,
                     .operation = m_operation->id, .kind = SystemCall::Sendfile, .value = octets);
            if (octets == -EAGAIN) {
                m_socket.async_wait(Socket::wait_write, [this](const error_code& failure) {
                    m_processor.goOn(*m_operation, [this, failure] {
                        if (failure) {
                            m_processor.complete(*m_operation, -failure.value());
                        } else {
                            transmit();
                        }
                    });
                });
                return;
            }
            if (octets <= 0) {
                m_processor.complete(*m_operation, octets == 0 ? -EIO : octets);
                return;
            }
            m_progress.fetch_add(m_cursor->sent() - before, std::memory_order_relaxed);
        }
        proceed();
    }

    void advance(std::int64_t octets) {
        m_cursor->advance(octets);
        m_progress.fetch_add(octets, std::memory_order_relaxed);
    }

    AsioOperationProcessor& m_processor;
    Socket m_socket;
    AsynchronousOperation* m_operation = nullptr;
    SendCursor* m_cursor = nullptr;
    FileTransfer m_transfer = FileTransfer::TransmitFile;
    std::vector<asio::const_buffer> m_pieces;
    std::vector<char> m_buffer;
    std::atomic<std::int64_t> m_progress{0};
};

} // namespace

std::unique_ptr<AsynchronousStream> makeAsioStream(AsioOperationProcessor& processor, asio::io_context& context,
                                                   FileDescriptor socket) {
    return std::make_unique<AsioStream>(processor, context, std::move(socket));
}

} // namespace lab
