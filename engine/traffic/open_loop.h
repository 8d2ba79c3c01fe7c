// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/traffic/client.h"
#include "engine/traffic/random_stream.h"

#include <deque>

namespace lab {

/// Requests arrive at their own times, whether or not earlier ones were answered, and take a free client.
///
/// When none is free they wait, and their latency counts from the arrival: a slow server cannot slow down the
/// arrivals and so hide its slowness. Gap and target of the n-th arrival depend on the seed alone.
class OpenLoop final : public ArrivalProcess {
public:
    /// Clients `firstNumber` to `firstNumber` + `count` - 1: the connections it may use at once.
    OpenLoop(std::uint32_t firstNumber, unsigned count, std::uint64_t seed, ClientReactor& reactor);

    void enter(const ClientGroup& group, const RequestMix& mix, std::int64_t now) override;
    void leave() override;
    void clientDue(Client&, std::int64_t) override {}
    void requestEnded(Client& client, bool answered) override;
    std::int64_t nextArrival() const override { return m_nextArrival; }
    void arrive(std::int64_t now) override;
    bool quiet() const override { return m_busy == 0 && m_waiting.empty(); }
    std::vector<Client>& clients() override { return m_clients; }

private:
    struct Waiting {
        ClientRequest request;
        std::int64_t arrivedAt = 0; ///< lab time
    };
    std::int64_t gap();
    bool mayWork(const Client& client) const { return client.number() - m_firstNumber < m_allowed; }
    void giveUpOld(std::int64_t now);

    std::uint32_t m_firstNumber;
    ClientReactor& m_reactor;
    const ClientGroup* m_group = nullptr;
    const RequestMix* m_mix = nullptr;
    std::vector<Client> m_clients;
    std::deque<Client*> m_free; ///< connected ones at the back, where the next one is taken
    std::deque<Waiting> m_waiting;
    RandomStream m_random;
    std::int64_t m_nextArrival;
    std::uint32_t m_arrivals = 0;
    std::size_t m_allowed = 0;
    std::size_t m_busy = 0;
};

} // namespace lab
