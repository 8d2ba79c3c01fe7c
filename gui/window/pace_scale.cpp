// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/pace_scale.h"

#include "gui/model/number_text.h"

#include <QObject>

#include <algorithm>
#include <cmath>

namespace lab {

double PaceScale::paceAt(int position) {
    if (position >= steps) {
        return 0;
    }
    const double share = std::max(0, position) / static_cast<double>(steps - 1);
    const double pace = std::pow(fastest, share);
    // Two digits are what a person can tell apart.
    const double unit = std::pow(10, std::floor(std::log10(pace)) - 1);
    return std::round(pace / unit) * unit;
}

int PaceScale::positionOf(double pace) {
    if (pace <= 0) {
        return steps;
    }
    const double share = std::log(std::clamp(pace, 1.0, fastest)) / std::log(fastest);
    return static_cast<int>(std::lround(share * (steps - 1)));
}

QString PaceScale::text(double pace) {
    return pace <= 0 ? QObject::tr("full speed") : QObject::tr("%1 events/s").arg(rateText(pace));
}

} // namespace lab
