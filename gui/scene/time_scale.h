// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace lab {

/// Nanoseconds to pixels and back. A value; pure.
struct TimeScale {
    double startNanoseconds = 0; ///< at pixel `left`
    double nanosecondsPerPixel = 1000;
    double left = 0; ///< pixel where the axis begins

    double toPixel(double nanoseconds) const { return left + (nanoseconds - startNanoseconds) / nanosecondsPerPixel; }
    double toNanoseconds(double pixel) const { return startNanoseconds + (pixel - left) * nanosecondsPerPixel; }

    /// Zoomed by `factor` (above 1: closer), with what is at `pixel` staying there.
    TimeScale zoomed(double factor, double pixel) const;
    /// Moved so that `nanoseconds` is at `pixel`.
    TimeScale movedTo(double nanoseconds, double pixel) const;

    /// Round moments for the ruler, at least `pixels` apart, from `left` to `right`.
    std::vector<double> ticks(double right, double pixels) const;
};

} // namespace lab
