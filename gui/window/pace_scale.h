// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace lab {

/// The pace slider's scale: logarithmic from one event a second to 100,000, then full speed. Pure.
struct PaceScale {
    static constexpr int steps = 100;          ///< the slider's last position: full speed
    static constexpr double fastest = 100'000; ///< events a second, at the last position but one

    /// Events a second at a position; 0: full speed.
    static double paceAt(int position);
    static int positionOf(double pace);

    /// "12 events/s", "full speed".
    static QString text(double pace);
};

} // namespace lab
