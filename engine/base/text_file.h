// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace lab {

/// The content of `file`, at most `longest` octets, which is more than any sensible one of its `kind` ("a scenario")
/// has. A pipe that nobody writes into is empty; who does write has ten seconds for a piece.
/// Error: cannot be opened or read, is a directory, or is longer and so not of this kind; names the file.
Result<std::string> readTextFile(const std::string& file, std::string_view kind, std::size_t longest);

/// For files that somebody writes by hand: in octets.
constexpr std::size_t longestByHand = 4U << 20;

/// Without spaces, tabs and ends of lines around it.
std::string_view trimmed(std::string_view text);

} // namespace lab
