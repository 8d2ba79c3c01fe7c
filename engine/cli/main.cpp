// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/command.h"

#include <csignal>
#include <iostream>

/// The program without a window.
int main(int count, char** values) {
    std::signal(SIGXFSZ, SIG_IGN); // a file size limit is an error of writing, not the program's end
    const std::vector<std::string> arguments(values + 1, values + count);
    return lab::runCommandLine(lab::engineCommands(), arguments, std::cout, std::cerr);
}
