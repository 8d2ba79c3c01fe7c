// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>

namespace lab {

/// "88,310".
QString countText(std::uint64_t count);

/// "840 ns", "12.4 µs", "3.1 ms", "2.05 s", from nanoseconds.
QString durationText(double nanoseconds);

/// A moment of a recording, in seconds with six decimals: "12.004 318".
QString momentText(std::uint64_t nanoseconds);

/// "312 B", "4.9 KB", "5.0 MB".
QString octetsText(std::int64_t octets);

/// A rate for people: "0", "7.4", "12,480".
QString rateText(double perSecond);

} // namespace lab
