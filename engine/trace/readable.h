// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lab {

// Figures as people read them. All of them are the same in every language setting of the machine.

std::string readableNumber(std::int64_t number);         ///< "88,310"
std::string readableDuration(std::uint64_t nanoseconds); ///< "850 ns", "12 µs", "1.5 ms", "2.25 s"
std::string readableOctets(std::int64_t octets);         ///< "1 octet", "5,312 octets"
std::string readableError(int errorNumber);              ///< "connection reset by peer": the text of an errno

std::string readableSignal(int number); ///< "9 (Killed)"; "200" where there is no such signal

/// "no threads", "one thread", "seven threads", "13 threads".
std::string readableCount(std::uint64_t count, std::string_view one, std::string_view several);

/// With its first letter in upper case.
std::string sentenceStart(std::string text);

} // namespace lab
