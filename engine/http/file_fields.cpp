// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/file_fields.h"

#include <array>
#include <cinttypes>
#include <cstdio>

namespace lab {

FileFields makeFileFields(std::string_view contentType, std::string_view entityTag, std::string_view lastModified,
                          std::int64_t size) {
    FileFields fields;
    fields.validators.append("ETag: ").append(entityTag);
    fields.validators.append("\r\nLast-Modified: ").append(lastModified);
    fields.validators.append("\r\nAccept-Ranges: bytes\r\n");
    fields.whole.append("Content-Type: ").append(contentType).append("\r\n");
    fields.whole.append(fields.validators);
    fields.whole.append("Content-Length: ").append(std::to_string(size)).append("\r\n");
    return fields;
}

std::string makeEntityTag(std::int64_t modifiedNanoseconds, std::int64_t size, std::uint64_t inode) {
    std::array<char, 64> text;
    const int length =
        std::snprintf(text.data(), text.size(), "\"%" PRIx64 "-%" PRIx64 "-%" PRIx64 "\"",
                      static_cast<std::uint64_t>(modifiedNanoseconds), static_cast<std::uint64_t>(size), inode);
    return {text.data(), static_cast<std::size_t>(length)};
}

} // namespace lab
