// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace lab {

/// The Content-Type of a file by its extension, in any case; "application/octet-stream" for one that is not known.
std::string_view mediaType(std::string_view path);

} // namespace lab
