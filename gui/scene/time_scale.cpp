// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/time_scale.h"

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

/// 1, 2 or 5 times a power of ten: the smallest that is at least `nanoseconds`.
double roundStep(double nanoseconds) {
    const double power = std::pow(10.0, std::floor(std::log10(std::max(nanoseconds, 1.0))));
    for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
        if (power * factor >= nanoseconds) {
            return power * factor;
        }
    }
    return power * 10;
}

} // namespace

TimeScale TimeScale::zoomed(double factor, double pixel) const {
    TimeScale scale = *this;
    scale.nanosecondsPerPixel = std::max(nanosecondsPerPixel / factor, 1e-3);
    return scale.movedTo(toNanoseconds(pixel), pixel);
}

TimeScale TimeScale::movedTo(double nanoseconds, double pixel) const {
    TimeScale scale = *this;
    scale.startNanoseconds = nanoseconds - (pixel - left) * nanosecondsPerPixel;
    return scale;
}

std::vector<double> TimeScale::ticks(double right, double pixels) const {
    std::vector<double> moments;
    if (right <= left || pixels <= 0) {
        return moments;
    }
    const double step = roundStep(pixels * nanosecondsPerPixel);
    const double end = toNanoseconds(right);
    // Counted, not added up, so that far from zero no error gathers.
    for (double number = std::ceil(startNanoseconds / step); number * step <= end; ++number) {
        moments.push_back(number * step);
    }
    return moments;
}

} // namespace lab
