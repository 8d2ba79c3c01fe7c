// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lab::test {

/// A response as a strict client sees it.
struct Response {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string content;

    /// The value of the field, or nothing when it is absent. Throws when it is there twice.
    std::optional<std::string> field(std::string_view name) const;
};

/// Takes one whole response off the front of `input`; nothing while it is not whole. Throws std::runtime_error with a
/// sentence when the octets break HTTP. `withoutContent`: the answer to a HEAD.
std::optional<Response> takeResponse(std::string_view& input, bool withoutContent);

/// The same octets with the values of Date fields blanked.
std::string withoutDates(std::string octets);

} // namespace lab::test
