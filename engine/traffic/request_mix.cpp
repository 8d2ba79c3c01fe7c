// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/request_mix.h"

#include "engine/trace/trace.h"

#include <algorithm>

namespace lab {

namespace {

std::string linesOf(const ClientGroup& group) {
    std::string lines;
    for (const auto& [name, value] : group.fields) {
        lines += name + ": " + value + "\r\n";
    }
    return lines;
}

std::string requestText(const std::string& path, std::string_view host, std::string_view more) {
    return "GET " + path + " HTTP/1.1\r\nHost: " + std::string(host) + "\r\nUser-Agent: proactor-lab\r\n" +
           std::string(more) + "\r\n";
}

/// Octets of the body that `path` should bring; -1 when the scenario does not say.
std::int64_t expectedOctets(const Scenario& scenario, std::string_view path) {
    const auto found = std::find_if(scenario.files.begin(), scenario.files.end(),
                                    [&](const ScenarioFile& file) { return file.path == path; });
    return found == scenario.files.end() ? -1 : found->octets;
}

} // namespace

RequestMix::RequestMix(const Scenario& scenario, const ClientGroup& group, std::string_view host,
                       const ColdFiles& coldFiles, Trace* trace) {
    auto shares = group.mix;
    if (shares.empty()) {
        for (const auto& file : scenario.files) {
            shares.emplace_back(file.path, file.share);
        }
    }
    // Another server, another encoding, an error page: how long that is the scenario does not say.
    const bool asIs = group.host.empty() && group.fields.empty() && group.status == 0;
    const auto more = linesOf(group);
    host = group.host.empty() ? host : group.host;
    double sum = 0;
    for (const auto& [path, share] : shares) {
        if (share <= 0) {
            continue;
        }
        auto& target = m_targets.emplace_back();
        target.path = "/" + path;
        target.name = trace != nullptr ? trace->recording().intern(target.path) : 0;
        if (const auto cold = coldFiles.find(path); cold != coldFiles.end()) {
            target.coldFile = cold->second;
        }
        target.octets = asIs ? expectedOctets(scenario, path) : -1;
        target.keepAliveText = requestText(target.path, host, more);
        target.lastRequestText = requestText(target.path, host, more + "Connection: close\r\n");
        m_upTo.push_back(sum += share);
    }
}

const RequestTarget& RequestMix::choose(RandomStream& random) const {
    const auto at = random.uniform() * m_upTo.back();
    const auto found = std::upper_bound(m_upTo.begin(), m_upTo.end(), at);
    return m_targets[std::min<std::size_t>(static_cast<std::size_t>(found - m_upTo.begin()), m_targets.size() - 1)];
}

} // namespace lab
