// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace lab {

/// The highest version of HTTP that a server conforms to. It answers with this one, whatever 1.x the request says (RFC
/// 9110 section 6.2), and reads requests of later versions as this one's.
enum class HttpVersion : std::uint8_t { Http10, Http11 };

} // namespace lab
