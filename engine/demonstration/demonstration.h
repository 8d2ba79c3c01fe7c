// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <iosfwd>
#include <span>
#include <string_view>

namespace lab {

/// Something that the papers name and that no server of the lab is built on, shown at work by a few real calls.
struct Demonstration {
    std::string_view id; ///< "signals"
    std::string_view title;
    std::string_view source;
    std::string_view about; ///< what it is, and why no server is built on it
    /// Does it, and tells each step in a line. Error: a call failed that has to work.
    Result<void> (*run)(std::ostream& out);
};

/// All demonstrations. The one list: a new one is a line in demonstration_list.cpp.
std::span<const Demonstration> demonstrations();

/// Null where there is none.
const Demonstration* findDemonstration(std::string_view id);

// Each is defined in a file of its own.
extern const Demonstration completionBySignal;
extern const Demonstration procedureCall;

} // namespace lab
