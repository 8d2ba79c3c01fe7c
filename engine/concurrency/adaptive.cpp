// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/combination.h"
#include "engine/concurrency/event_loops.h"
#include "engine/concurrency/load_judge.h"
#include "engine/concurrency/model_list.h"
#include "engine/concurrency/single_dispatcher.h"
#include "engine/connection/adaptive_connection.h"
#include "engine/dispatch/processor_list.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <memory>
#include <utility>
#include <vector>

namespace lab {

namespace {

constexpr std::int64_t judgedEvery = 30'000'000; ///< ns of lab time

/// Processor time of the calling thread, in ns.
std::int64_t threadTime() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// One thread that dispatches completions, and a pool of threads that send large files when that was found to be better,
/// with the transfer that was found to be better. No connection is dropped for it: to the connection it is an operation
/// like any other, whoever performs it.
class Adaptive final : public ConcurrencyModel {
public:
    explicit Adaptive(ServerContext& context)
        : m_context(context)
        , m_answers(Queue::Ready, context.options.queueLimit, context.gate)
        , m_judge(waysOfProcessor(context.options), {FileTransfer::Sendfile, FileTransfer::MmapWritev})
        , m_layers{m_answers, m_judge.way(), {}}
        , m_since(context.gate.now())
        , m_dispatcher(
              context,
              [this](ServerContext& server, ProactiveConnections& all, AcceptedConnection connection,
                     AsynchronousOperationProcessor& processor) {
                  return std::make_unique<AdaptiveConnection>(server, m_layers, all, std::move(connection), processor);
              },
              [this] { adaptInTime(); }) {}

    Result<void> start() override {
        auto started = startThreads(m_context, "pool", [this](std::size_t) {
            while (auto answer = m_answers.pop()) {
                answer->call();
            }
        });
        return started ? m_dispatcher.start() : started;
    }

    void wake() override {
        if (m_context.stopping()) {
            m_answers.close();
        }
        m_dispatcher.wake();
    }

    bool isAccepting() const override { return m_dispatcher.isAccepting(); }

    Result<void> cancel(std::uint32_t connection, std::uint32_t operation) override {
        return m_dispatcher.cancel(connection, operation);
    }

private:
    /// First the one that it begins with.
    static std::vector<FileTransfer> waysOfProcessor(const ServerOptions& options) {
        std::vector<FileTransfer> ways{options.transfer};
        for (const auto able : processorOf(adaptiveModel, options).transfers) {
            const bool isWorthTrying = able == FileTransfer::TransmitFile || able == FileTransfer::MmapWritev;
            if (isWorthTrying && able != options.transfer) {
                ways.push_back(able);
            }
        }
        return ways;
    }

    void adaptInTime() {
        if (const auto now = m_context.gate.now(); now - m_since >= judgedEvery) {
            adapt(now);
        }
    }

    /// Once an interval is over.
    void adapt(std::int64_t now) {
        auto load = std::exchange(m_layers.load, {});
        load.nanoseconds = now - m_since;
        const auto worked = threadTime();
        load.busy =
            std::clamp(static_cast<double>(worked - m_worked) / static_cast<double>(load.nanoseconds), 0.0, 1.0);
        m_since = now;
        m_worked = worked;
        for ([[maybe_unused]] const auto& decision : m_judge.judge(load)) {
            LAB_MARK(ServerAdapted, CompletionDispatcher, "adapt", .kind = decision.what,
                     .value = adaptationValue(static_cast<unsigned>(std::lround(load.busy * 100)), decision.figure,
                                              load.meanOctets()));
        }
        m_layers.way = m_judge.way();
    }

    ServerContext& m_context;
    ActivationQueue m_answers;
    LoadJudge m_judge; // the dispatcher's own from here on
    AdaptiveLayers m_layers;
    std::int64_t m_since;          ///< lab time: when the interval began
    std::int64_t m_worked = 0;     ///< ns of the dispatcher's processor time, by then
    SingleDispatcher m_dispatcher; // the last one: its connections use the others
};

} // namespace

const ModelDescription adaptiveModel{
    .id = "adaptive",
    .family = Family::Adaptive,
    .title = "Adaptive",
    .threads = "one that dispatches completions, and a pool that sends large files when that was measured to be better",
    .source = "Hu, Pyarali, Schmidt, conclusion",
    .summary =
        "Operations are started and wait in the kernel; where most octets are in large files it measures whether "
        "the processor or a pool of threads sends them better, and by which transfer, and goes on that way.",
    .options = {"threads", "queue"},
    .steps = {"proactor-connect", "proactor-get", "proactor-get-read-write", "proactor-get-async-read-write",
              "proactor-collaborations"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<Adaptive>(context);
    },
};

} // namespace lab
