// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/number_text.h"

#include <QLocale>

#include <cmath>

namespace lab {

namespace {

const QLocale& english() {
    static const QLocale locale(QLocale::English);
    return locale;
}

/// Three digits that mean something: 3.14, 31.4, 314.
QString threeDigits(double value) { return english().toString(value, 'f', value < 9.995 ? 2 : value < 99.95 ? 1 : 0); }

} // namespace

QString countText(std::uint64_t count) { return english().toString(static_cast<qulonglong>(count)); }

QString durationText(double nanoseconds) {
    if (nanoseconds < 1'000) {
        return QStringLiteral("%1 ns").arg(std::lround(nanoseconds));
    }
    if (nanoseconds < 999'500) {
        return threeDigits(nanoseconds / 1e3) + QStringLiteral(" µs");
    }
    if (nanoseconds < 999'500'000) {
        return threeDigits(nanoseconds / 1e6) + QStringLiteral(" ms");
    }
    return threeDigits(nanoseconds / 1e9) + QStringLiteral(" s");
}

QString momentText(std::uint64_t nanoseconds) {
    const auto microseconds = nanoseconds / 1'000;
    return QStringLiteral("%1.%2 %3")
        .arg(countText(microseconds / 1'000'000))
        .arg(microseconds / 1'000 % 1'000, 3, 10, QLatin1Char('0'))
        .arg(microseconds % 1'000, 3, 10, QLatin1Char('0'));
}

QString octetsText(std::int64_t octets) {
    if (octets < 1'000) {
        return QStringLiteral("%1 B").arg(octets);
    }
    const auto value = static_cast<double>(octets);
    if (octets < 1'000'000) {
        return threeDigits(value / 1e3) + QStringLiteral(" KB");
    }
    return threeDigits(value / 1e6) + QStringLiteral(" MB");
}

QString rateText(double perSecond) {
    if (perSecond < 0.05) {
        return QStringLiteral("0");
    }
    return english().toString(perSecond, 'f', perSecond < 9.95 ? 1 : 0);
}

} // namespace lab
