// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/command.h"

#include <iostream>

/// The program without a window.
int main(int count, char** values) {
    const std::vector<std::string> arguments(values + 1, values + count);
    return lab::runCommandLine(lab::engineCommands(), arguments, std::cout, std::cerr);
}
