// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/traffic/cold_file.h"
#include "engine/traffic/random_stream.h"
#include "engine/traffic/scenario.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

class Trace;

/// By the path that a scenario has it under.
using ColdFiles = std::map<std::string, std::shared_ptr<const ColdFile>, std::less<>>;

/// Something to ask for, with its request ready to be sent.
struct RequestTarget {
    std::string path;                         ///< "/5k.txt"
    std::uint32_t name = 0;                   ///< id of the path in the recording; 0 where nothing is recorded
    std::int64_t octets = -1;                 ///< of the body that is expected; -1: any
    std::shared_ptr<const ColdFile> coldFile; ///< that is to be on its disk when it is asked for; mostly none
    std::string keepAliveText;                ///< the request, for a connection that is to stay open
    std::string lastRequestText;              ///< the same with "Connection: close"
};

/// What a group of clients asks for, and how often.
///
/// Decides: which target comes next, by a random stream. Threads: any; never changes. Owner: the traffic.
class RequestMix {
public:
    /// `host` is the value of the Host field where the group has none. `trace` may be null.
    RequestMix(const Scenario& scenario, const ClientGroup& group, std::string_view host, const ColdFiles& coldFiles,
               Trace* trace);

    /// One number is taken from `random`.
    const RequestTarget& choose(RandomStream& random) const;

    const std::vector<RequestTarget>& targets() const { return m_targets; }

private:
    std::vector<RequestTarget> m_targets;
    std::vector<double> m_upTo; ///< sums of the shares, of the target and all before it
};

} // namespace lab
