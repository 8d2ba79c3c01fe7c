// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/asynchronous_operation_processor.h"
#include "engine/dispatch/completion_queue.h"
#include "engine/trace/gate.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace lab {

namespace asio = boost::asio;
using AsioExecutor = asio::io_context::executor_type;

/// See makeAsioOperationProcessor().
class AsioOperationProcessor final : public AsynchronousOperationProcessor {
public:
    AsioOperationProcessor(CompletionQueue& queue, const Gate& gate, FileDescriptor listening, bool oneThread)
        : m_queue(queue)
        , m_gate(gate)
        , m_context(oneThread ? 1 : BOOST_ASIO_CONCURRENCY_HINT_DEFAULT)
        , m_work(m_context.get_executor())
        , m_listening(m_context.get_executor(), listening.release()) {}

    std::unique_ptr<AsynchronousStream> makeStream(FileDescriptor socket) override;
    void accept(AsynchronousOperation& operation) override;
    void cancelAccept() override {
        asio::post(m_context, [this] {
            boost::system::error_code ignored;
            m_listening.cancel(ignored);
        });
    }
    void wait(AsynchronousOperation& operation, std::chrono::milliseconds delay) override;
    void perform(SystemCall waiting) override;
    void interrupt() override {
        asio::post(m_context, [] {});
    }

    /// Hands a completed operation over: to be called last, the handler may be gone afterwards.
    void complete(AsynchronousOperation& operation, std::int64_t result);

    /// What Asio calls when something of `operation` has been done: goes on with `proceed`, at once or, while threads
    /// have their turns, when the performing thread comes to it. On the performing thread.
    template <typename Function>
    void goOn(const AsynchronousOperation& operation, Function proceed) {
        if (m_gate.engaged() || !m_parked.empty()) {
            m_parked.push_back({operation.id, operation.connection, std::move(proceed)});
            return;
        }
        leaveWait();
        proceed();
    }

private:
    /// Something performed that was not told of yet.
    struct Parked {
        std::uint32_t operation;
        std::uint32_t connection;
        std::function<void()> proceed;
    };
    struct Timer {
        Timer(asio::io_context& context, AsynchronousOperation& waiting, std::int64_t until)
            : timer(context)
            , operation(waiting)
            , due(until) {}
        asio::steady_timer timer;
        AsynchronousOperation& operation;
        std::int64_t due; ///< lab time, ns
    };

    void tryAccept(AsynchronousOperation& operation);
    int acceptOrAwait(std::uint32_t operation);
    void arm(std::unique_ptr<Timer> timer);
    void timerHasRun(std::unique_ptr<Timer> timer, const boost::system::error_code& failure);
    void leaveWait();
    void performOne();
    void release(std::size_t index);
    void releaseAsPlanned();
    bool releaseNext();

    CompletionQueue& m_queue;
    const Gate& m_gate;
    asio::io_context m_context;
    asio::executor_work_guard<AsioExecutor> m_work;
    asio::posix::basic_stream_descriptor<AsioExecutor> m_listening;
    // The performing thread's own.
    SystemCall m_waiting = SystemCall::None;
    std::vector<Parked> m_parked;
    std::uint32_t m_wanted = 0; ///< the operation that a schedule wants to complete next
    bool m_lookedOnly = false;  ///< a timer found that it is not time yet
};

} // namespace lab
