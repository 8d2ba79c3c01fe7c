// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/base/result.h"

#include <string>

namespace lab {

/// Where the program for processes is: as the environment's PROACTOR_LAB_PROCESSES says, beside the running program, or
/// where it was built. Empty: nowhere.
std::string parentProgram();

/// Empty where models with processes can run, else why not.
std::string whyNoProcesses();

/// The program for processes, just started, and the socket to it.
struct StartedParent {
    int process = 0;
    FileDescriptor socket;
};

/// Starts it. It ends with the calling thread, so that none is left when the lab is gone, however it went.
/// Error: no such program, or the system has no process to give.
Result<StartedParent> startParent();

} // namespace lab
