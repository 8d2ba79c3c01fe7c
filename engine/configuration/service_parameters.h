// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/configuration/service_spec.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// A parameter of a service, as data: what configuration files, `--filter`, the window and `services` know of it.
struct ServiceParameter {
    enum class Kind : std::uint8_t {
        Text,   ///< any text without control characters; in a file: "..."
        File,   ///< a path; a relative one counts from where the lab was started
        Folder, ///< the same, of a folder
        Whole,  ///< a whole number from `least` to `most`
        Share,  ///< a number from 0 to 1
        Choice, ///< one of `words`
        Texts   ///< none, one or several texts; in a file: "..." or ["...", "..."]
    };

    std::string_view name;  ///< "least-octets"
    std::string_view about; ///< one sentence, without a full stop
    Kind kind = Kind::Text;
    std::string_view byDefault{}; ///< as it is written; empty text, file, folder: must be given, unless `optional`
    bool optional = false;
    double least = 0;
    double most = 0;
    std::span<const std::string_view> words{}; ///< of a choice

    /// Whether the text is one that it may have.
    bool fits(const std::string& text) const;
    /// "must be a whole number from 1 to 9"
    std::string expected() const;
};

/// The checked parameters of a service, with the defaults of those not given. A value.
class ServiceParameters {
public:
    /// Error: a name that is none, one that is missing, a value that does not fit: "level must be ...". Without the
    /// service's name. `unknown` parameters come with a suggestion.
    static Result<ServiceParameters> check(std::span<const ServiceParameter> known,
                                           std::span<const ParameterSpec> given);

    // By names that the description has; anything else is a bug.
    const std::string& text(std::string_view name) const { return texts(name).front(); } ///< text, file, folder, choice
    std::int64_t whole(std::string_view name) const;
    double share(std::string_view name) const;
    const std::vector<std::string>& texts(std::string_view name) const;

private:
    std::map<std::string, std::vector<std::string>, std::less<>> m_values;
};

} // namespace lab
