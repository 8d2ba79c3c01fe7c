// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/narration.h"
#include "engine/trace/recording.h"
#include "gui/model/selection.h"
#include "gui/scene/time_scale.h"

#include <cstddef>
#include <cstdint>

namespace lab {

class LaneIndex;

/// Everything that the picture of the thread lanes depends on.
struct LanesInput {
    const LaneIndex& lanes; ///< spans of all threads and operations, followed up to some event
    const Glossary& glossary;
    TimeScale scale; ///< nanoseconds to pixels
    std::uint64_t playheadTime = 0;
    std::size_t playheadEvent = 0; ///< index of the event that the views show
    Selection selection;
    int scrollTop = 0; ///< pixels scrolled down
    Event playhead{};  ///< the event at `playheadEvent`: its span is the bright one
};

} // namespace lab
