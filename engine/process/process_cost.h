// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/process/process_words.h"

#include <sys/resource.h>

namespace lab {

ProcessCost costOf(const rusage& used);
ProcessCost costOfThisProcess();
/// Of a living process, as the kernel's process file system tells; zeros when it has just gone.
ProcessCost costOf(int process);

} // namespace lab
