// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

namespace lab {

/// What a file's responses say of it in their headers, written once when the file is opened.
struct FileFields {
    std::string whole;      ///< of a 200: type, tag, date, ranges and length; each line with its end
    std::string validators; ///< ETag, Last-Modified and Accept-Ranges only, for 206 and 304
};

FileFields makeFileFields(std::string_view contentType, std::string_view entityTag, std::string_view lastModified,
                          std::int64_t size);

/// A strong tag, quotes included (RFC 9110 section 8.8.3), that changes with the time of modification in nanoseconds,
/// the size and the inode.
std::string makeEntityTag(std::int64_t modifiedNanoseconds, std::int64_t size, std::uint64_t inode);

} // namespace lab
