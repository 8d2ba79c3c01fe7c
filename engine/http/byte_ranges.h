// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// Octets first to last of a file, both included.
struct ByteRange {
    std::int64_t first = 0;
    std::int64_t last = 0;

    std::int64_t octets() const { return last - first + 1; }
    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// What a Range field asks of a file (RFC 9110 section 14).
struct RangeRequest {
    enum class Kind : std::uint8_t {
        Whole, ///< no ranges, or a field to be ignored: malformed, another unit, or more trouble than it is worth
        Parts, ///< `ranges`, in the order asked for
        Unsatisfiable ///< 416
    };
    Kind kind = Kind::Whole;
    std::vector<ByteRange> ranges;
};

/// Reads the value of a Range field for a file of `size` octets. Ranges beyond the end are dropped, the rest cut to
/// the file. Ignored as a whole: more than 16 ranges, or ranges that ask for more octets than the file has, which is
/// how a small request makes a large answer (section 14.2).
RangeRequest readRanges(std::string_view field, std::int64_t size);

/// "bytes 0-9/100".
std::string contentRange(const ByteRange& range, std::int64_t size);

} // namespace lab
