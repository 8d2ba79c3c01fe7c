// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"
#include "engine/state/narration.h"

#include <QStringList>

namespace lab {

/// Where the thread that recorded the last event of `state` stands, innermost first: the function, the hook that it
/// is in and whose, who called that hook, and the thread: "handle_read of #12", "Completion Dispatcher", "worker 2".
QStringList callContext(const LabState& state, const Glossary& glossary);

} // namespace lab
