// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <string>

namespace lab {

/// Sees to it that this process may have `needed` file descriptors: raises its own limit as far as it is allowed to.
/// Error: "`who` need 20,300 file descriptors; the limit is 1,024 (ulimit -n)".
Result<void> ensureDescriptors(std::size_t needed, const std::string& who);

} // namespace lab
