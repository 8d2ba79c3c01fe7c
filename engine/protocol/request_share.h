// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/configuration/service.h"

#include <array>
#include <cstdint>
#include <string>

namespace lab {

/// What a service takes that is for a share of the requests.
inline constexpr std::array requestShareParameters{
    ServiceParameter{.name = "path",
                     .about = "Only requests for paths that begin with this",
                     .kind = ServiceParameter::Kind::Text,
                     .byDefault = "/"},
    ServiceParameter{.name = "share",
                     .about = "The share of these requests, from 0 to 1",
                     .kind = ServiceParameter::Kind::Share,
                     .byDefault = "1"},
    ServiceParameter{.name = "seed",
                     .about = "Which ones: the same seed chooses the same",
                     .kind = ServiceParameter::Kind::Whole,
                     .byDefault = "1",
                     .least = 0,
                     .most = 9'007'199'254'740'991}, // what every JSON reader can hold exactly
};

/// Which requests a service is for: those below a path, and of these a share that a seed decides.
///
/// Decides by the numbers of connection and request alone: every process and thread of a server comes to the same, and
/// so does a run that is repeated with the same connections. Threads: any; never changes.
class RequestShare {
public:
    /// Of requestShareParameters.
    explicit RequestShare(const ServiceParameters& parameters)
        : m_path(parameters.text("path"))
        , m_share(parameters.share("share"))
        , m_seed(static_cast<std::uint64_t>(parameters.whole("seed"))) {}

    bool contains(const Exchange& exchange) const;

    /// One of 0 to `count` - 1, for a request that is contained.
    unsigned choose(const Exchange& exchange, unsigned count) const;

private:
    std::uint64_t hash(const Exchange& exchange, std::uint64_t salt) const;

    const std::string m_path;
    const double m_share;
    const std::uint64_t m_seed;
};

} // namespace lab
