// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"
#include "engine/state/narration.h"
#include "gui/model/selection.h"

namespace lab {

/// How often things happened a second, in the recorded second before the playhead: differences of two folds.
struct FlowRates {
    double events = 0;
    double accepts = 0;
    double reads = 0;  ///< calls or completed operations
    double writes = 0; ///< calls or completed operations, sendfile included
    double hooks = 0;
    double completions = 0; ///< popped from the completion queue
    double requests = 0;    ///< responses sent

    /// Rates between two states of one recording; zeros when no time passed.
    static FlowRates between(const LabState& earlier, const LabState& later);
};

/// Everything that the stage's picture depends on. The same input gives the same picture.
struct StageInput {
    const LabState& state;
    const Glossary& glossary;
    Selection selection;
    FlowRates rates;
    bool flows = false;    ///< events come faster than eyes can follow: paint flows instead of single movements
    bool labels = true;    ///< participants' names
    bool narration = true; ///< the sentence below the stage
    std::string sentence;  ///< of the last event
};

} // namespace lab
