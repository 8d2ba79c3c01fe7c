// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>
#include <string>

namespace lab::test {

/// A sentence of what has to hold, thrown when it does not.
inline void require(bool condition, const std::string& sentence) {
    if (!condition) {
        throw std::runtime_error(sentence);
    }
}

} // namespace lab::test
