// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/cli/command.h"

#include <QTest>

#include <sstream>
#include <string>
#include <vector>

namespace QTest {

/// So that a comparison that fails shows the text.
template <>
inline char* toString(const std::string& text) {
    return qstrdup(text.c_str());
}

} // namespace QTest

namespace lab {

/// What a command line printed and ended with.
struct CommandOutcome {
    int code = 0;
    std::string out;
    std::string err;

    /// Runs it in this process.
    static CommandOutcome of(const std::vector<std::string>& arguments) {
        std::ostringstream out;
        std::ostringstream err;
        const auto commands = engineCommands();
        const int code = runCommandLine(commands, arguments, out, err);
        return {code, out.str(), err.str()};
    }
};

} // namespace lab
