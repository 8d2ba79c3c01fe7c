// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/traffic/request_mix.h"
#include "engine/traffic/scenario.h"

#include <cstdint>
#include <vector>

namespace lab {

class Client;

/// One request that a client has to bring to an end.
struct ClientRequest {
    std::uint32_t number = 0; ///< the client's own count (closed), the arrival's (open)
    const RequestTarget* target = nullptr;
    std::int64_t intendedStart = 0; ///< CLOCK_MONOTONIC, ns: latencies count from here
};

/// Decides when clients ask, and for what.
///
/// Threads: the traffic's. Owner: the traffic.
class ArrivalProcess {
public:
    virtual ~ArrivalProcess() = default;

    /// A phase with this group begins at `now` (lab time), or an earlier one of the same name goes on.
    virtual void enter(const ClientGroup& group, const RequestMix& mix, std::int64_t now) = 0;
    /// The group is in no phase any more: nothing new; what is under way goes on.
    virtual void leave() = 0;

    /// The timer of an idle client was due at `due`.
    virtual void clientDue(Client& client, std::int64_t due) = 0;
    /// A request of `client` has ended.
    virtual void requestEnded(Client& client, bool answered) = 0;

    /// Lab time of the next arrival; the largest number when there is none to come.
    virtual std::int64_t nextArrival() const = 0;
    /// Takes care of all arrivals that are due at `now`.
    virtual void arrive(std::int64_t now) = 0;

    /// No request under way or waiting.
    virtual bool quiet() const = 0;
    virtual std::vector<Client>& clients() = 0;
};

} // namespace lab
