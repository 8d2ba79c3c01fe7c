// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/asio_operation_processor.h"
#include "engine/dispatch/asynchronous_file_reader.h"
#include "engine/dispatch/ordered_operation_processor.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <utility>

namespace lab {

namespace asio = boost::asio;
using AsioExecutor = asio::io_context::executor_type;

/// See makeAsioOperationProcessor().
class AsioOperationProcessor final : public OrderedOperationProcessor {
public:
    /// Throws boost::system::system_error where there are no descriptors to be had.
    AsioOperationProcessor(CompletionQueue& queue, const Gate& gate, const AsioProcessorOptions& options)
        : OrderedOperationProcessor(queue, gate, options.transmits)
        , m_cork(options.cork)
        , m_context(options.oneThread ? 1 : BOOST_ASIO_CONCURRENCY_HINT_DEFAULT)
        , m_work(m_context.get_executor())
        , m_listening(m_context.get_executor()) {}

    /// First of all. Error: the operating system cannot watch it.
    Result<void> listenAt(FileDescriptor listening);

    /// From now on files are read by `reader`.
    void readFilesBy(std::unique_ptr<AsynchronousFileReader> reader) { m_fileReader = std::move(reader); }
    AsynchronousFileReader* fileReader() { return m_fileReader.get(); }

    std::unique_ptr<AsynchronousStream> makeStream(FileDescriptor socket) override;
    void accept(AsynchronousOperation& operation) override { tryAccept(operation); }
    void cancelAccept() override {
        asio::post(m_context, [this] {
            boost::system::error_code ignored;
            m_listening.cancel(ignored);
        });
    }
    void wait(AsynchronousOperation& operation, std::chrono::milliseconds delay) override;
    void interrupt() override {
        asio::post(m_context, [] {});
    }
    void end() override { m_fileReader.reset(); }

    /// Somebody else has performed `operation`: any thread. It is told of by the performing one.
    void performedElsewhere(AsynchronousOperation& operation, std::int64_t result) {
        asio::post(m_context, [this, &operation, result] {
            goOn(operation, [this, &operation, result] { complete(operation, result); });
        });
    }

private:
    struct Timer {
        Timer(asio::io_context& context, AsynchronousOperation& waiting, std::int64_t until)
            : timer(context)
            , operation(waiting)
            , due(until) {}
        asio::steady_timer timer;
        AsynchronousOperation& operation;
        std::int64_t due; ///< lab time, ns
    };

    void performOne() override;
    void performReady() override { m_context.poll(); }
    void performWithin(std::chrono::milliseconds limit) override { m_context.run_one_for(limit); }

    void tryAccept(AsynchronousOperation& operation);
    int acceptOrAwait(std::uint32_t operation);
    void arm(std::unique_ptr<Timer> timer);
    void timerHasRun(std::unique_ptr<Timer> timer, const boost::system::error_code& failure);

    const Cork m_cork;
    asio::io_context m_context;
    asio::executor_work_guard<AsioExecutor> m_work;
    asio::posix::basic_stream_descriptor<AsioExecutor> m_listening;
    std::unique_ptr<AsynchronousFileReader> m_fileReader; ///< may be null
    bool m_lookedOnly = false; ///< a timer found that it is not time yet; the performing thread's own
};

} // namespace lab
