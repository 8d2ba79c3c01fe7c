// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/traffic/client.h"
#include "engine/traffic/random_stream.h"

namespace lab {

/// Each client asks, waits for the answer, thinks, and asks again.
///
/// What a client asks for, and how long it thinks, comes from a stream of its own: timing changes neither.
class ClosedLoop final : public ArrivalProcess {
public:
    /// Clients `firstNumber` to `firstNumber` + `count` - 1.
    ClosedLoop(std::uint32_t firstNumber, unsigned count, std::uint64_t seed, ClientReactor& reactor);

    void enter(const ClientGroup& group, const RequestMix& mix, std::int64_t now) override;
    void leave() override;
    void clientDue(Client& client, std::int64_t due) override;
    void requestEnded(Client& client, bool answered) override;
    std::int64_t nextArrival() const override;
    void arrive(std::int64_t) override {}
    bool quiet() const override { return m_busy == 0; }
    std::vector<Client>& clients() override { return m_clients; }

private:
    /// Of one client, beside the Client itself.
    struct Script {
        RandomStream random;
        std::uint32_t requests = 0;
        double thinkShare = 0; ///< of the mean, for the pause after the request under way
    };
    Script& scriptOf(const Client& client) { return m_scripts[client.number() - m_firstNumber]; }
    bool isActive(const Client& client) const { return client.number() - m_firstNumber < m_active; }

    std::uint32_t m_firstNumber;
    ClientReactor& m_reactor;
    const ClientGroup* m_group = nullptr;
    const RequestMix* m_mix = nullptr;
    std::vector<Client> m_clients;
    std::vector<Script> m_scripts;
    std::size_t m_active = 0; ///< so many of the first ones ask
    std::size_t m_busy = 0;
};

} // namespace lab
