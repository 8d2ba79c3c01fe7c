// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/service_list.h"
#include "engine/protocol/request_share.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <array>
#include <thread>

namespace lab {

namespace {

/// Blocks the thread that answers: a handler that takes its time.
///
/// That is what it is for: under a model with a thread for each client only that client waits; in an event loop
/// everybody whom the loop serves does.
class Delay final : public Service {
public:
    Delay(const ServiceParameters& parameters, const ServiceNeeds& needs)
        : m_share(parameters)
        , m_time(parameters.whole("milliseconds"))
        , m_state(needs.state) {}

    void filterAnswer(const Exchange& exchange, ResponseDraft&) override {
        if (m_share.contains(exchange)) {
            LAB_MARK(CallEntered, HttpHandler, "delay", .connection = exchange.connection, .kind = SystemCall::Sleep,
                     .value = m_time.count());
            sleep();
            LAB_MARK(CallLeft, HttpHandler, "delay", .connection = exchange.connection, .kind = SystemCall::Sleep);
        }
    }

private:
    /// In pieces, so that the end of the server need not wait for it.
    void sleep() const {
        constexpr std::chrono::milliseconds piece{50};
        const auto until = std::chrono::steady_clock::now() + m_time;
        while (m_state == nullptr || m_state->load(std::memory_order_acquire) != ServerState::Stopping) {
            const auto left = until - std::chrono::steady_clock::now();
            if (left.count() <= 0) {
                return;
            }
            std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(left, piece));
        }
    }

    const RequestShare m_share;
    const std::chrono::milliseconds m_time;
    const std::atomic<ServerState>* const m_state;
};

constexpr std::array delayParameters{
    ServiceParameter{.name = "milliseconds",
                     .about = "How long each answer takes longer",
                     .kind = ServiceParameter::Kind::Whole,
                     .byDefault = "100",
                     .least = 1,
                     .most = 10'000},
    requestShareParameters[0],
    requestShareParameters[1],
    requestShareParameters[2],
};

} // namespace

const ServiceDescription delayService{
    .id = "delay",
    .title = "Delay",
    .source = "the lab's own: what Cherokee's section III says of one blocking call in an event loop",
    .about = "Blocks the thread that answers for a while, as a handler does that takes its time: a thread of its own "
             "loses nobody else's time, an event loop everybody's.",
    .hooks = {ServiceHook::FilterAnswer},
    .parameters = delayParameters,
    .create = [](const ServiceParameters& parameters, const ServiceNeeds& needs) -> Result<std::shared_ptr<Service>> {
        return std::shared_ptr<Service>(std::make_shared<Delay>(parameters, needs));
    },
};

} // namespace lab
