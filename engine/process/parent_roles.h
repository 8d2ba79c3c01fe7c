// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace lab {

class ProcessParent;

/// What the parent of a model's processes does until the server stops.
using ParentRole = void (*)(ProcessParent& parent);

// Each is defined in the file of its model, beside what the lab sees of it.
void serveEachConnectionByAProcess(ProcessParent& parent);
void keepProcessesReady(ProcessParent& parent);

/// Null: `model` has no processes.
ParentRole findParentRole(std::string_view model);

} // namespace lab
