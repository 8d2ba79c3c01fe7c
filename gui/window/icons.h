// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/theme/theme.h"

#include <QIcon>

namespace lab {

enum class Symbol {
    ToStart,
    StepBack,
    Pause,
    Play,
    StepForward,
    ToEnd,
    Menu,
    Copy,
    OpenOutside,
    Restart,
    Close,
    Options,
    Side,
    Hold,
    Steps,
    Runs
};

/// A symbol in the theme's text colour; checked, in the colour of what lies below.
QIcon iconOf(Symbol symbol, const Theme& theme);

} // namespace lab
