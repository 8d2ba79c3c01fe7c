// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lab {

/// "; did you mean \"clients\"?" where one of `known` is close to `given`, else nothing. For the end of an error.
std::string suggestion(std::string_view given, std::span<const std::string_view> known);

} // namespace lab
