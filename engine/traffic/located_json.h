// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lab {

/// A JSON value that knows on which line it stands, so that errors of meaning can name it.
struct LocatedValue {
    enum class Kind : std::uint8_t { Null, Boolean, Number, Text, Array, Object };

    Kind kind = Kind::Null;
    std::size_t line = 1; ///< of the name, for a member of an object; else of the value's beginning
    bool boolean = false;
    double number = 0;
    std::optional<std::int64_t> whole{}; ///< the number, where it is a whole one
    std::string text{};
    std::vector<LocatedValue> items{};
    std::vector<std::pair<std::string, LocatedValue>> members{}; ///< in the order of the text

    const LocatedValue* member(std::string_view name) const;
};

/// Strict JSON (RFC 8259) by Boost.JSON; a name twice in one object is an error too.
/// Errors begin with "name:line:column: " for syntax and "name:line: field: " for a repeated field.
Result<LocatedValue> parseLocatedJson(std::string_view text, std::string_view name);

} // namespace lab
