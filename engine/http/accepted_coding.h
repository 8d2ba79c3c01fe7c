// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace lab {

/// Whether a peer that sends this Accept-Encoding would have its content compressed by gzip (RFC 9110 section 12.5.3):
/// it is named, or meant by "*", with a weight above zero, and not less wanted than "identity" where that is named. A
/// weight that is none counts as zero.
bool wantsGzip(std::string_view acceptEncoding);

} // namespace lab
