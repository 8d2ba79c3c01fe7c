// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

class DocumentRoot;

/// What the file `.cache-hints` in the document root says to the hinted cache policy.
///
/// The source documents only name the hinted cache; this is the lab's own definition. One hint a line, `#` begins a
/// comment: `pin /path` (fetched when the server starts, and never evicted) or `prefetch /path` (fetched when the
/// server starts, and then a file like any other). Paths are written as they are asked for, percent-decoded. The file
/// is read once, when the server starts, and is never served.
struct CacheHints {
    static constexpr std::string_view fileName = ".cache-hints";

    std::set<std::string, std::less<>> pinned;
    std::vector<std::string> fetched; ///< pinned and prefetched ones, in the order of the file

    bool pins(std::string_view path) const { return pinned.contains(path); }

    /// No file: no hints. Error: "ROOT/.cache-hints:3: ...".
    static Result<CacheHints> read(const DocumentRoot& root, const std::string& rootName);
    static Result<CacheHints> parse(std::string_view text, const std::string& file);
};

} // namespace lab
