// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace lab {

/// What a service is told under one name: one text, or several for a parameter that is a list.
struct ParameterSpec {
    std::string name;
    std::vector<std::string> values;

    friend bool operator==(const ParameterSpec&, const ParameterSpec&) = default;
};

/// A service as configuration files, `--filter`, scenarios and the window write it. A value; says nothing of whether
/// such a service exists (see checkService()).
struct ServiceSpec {
    std::string service; ///< id in serviceDescriptions(): "gzip"
    std::string name;    ///< by which it is spoken of in the server; empty: the service's id
    bool suspended = false;
    std::vector<ParameterSpec> parameters;

    /// The name that it goes by.
    const std::string& called() const { return name.empty() ? service : name; }

    friend bool operator==(const ServiceSpec&, const ServiceSpec&) = default;
};

} // namespace lab
