// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/cache_hints.h"

#include "engine/filesystem/document_root.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sstream>
#include <unistd.h>

namespace lab {

Result<CacheHints> CacheHints::read(const DocumentRoot& root, const std::string& rootName) {
    const auto file = rootName + "/" + std::string(fileName);
    const auto opened = root.openBeneath(fileName, O_RDONLY);
    if (opened.error == ENOENT) {
        return CacheHints{};
    }
    if (opened.error != 0 || !opened.isRegular()) {
        return Error::ofSystem("cannot read " + file, opened.error != 0 ? opened.error : EINVAL);
    }
    constexpr off_t longest = 1 << 20;
    if (opened.status.st_size > longest) {
        return Error{file + ": is longer than 1 MiB"};
    }
    std::string text(static_cast<std::size_t>(opened.status.st_size), '\0');
    const auto octets = ::pread(opened.descriptor.get(), text.data(), text.size(), 0);
    if (octets < 0) {
        return Error::ofSystem("cannot read " + file, errno);
    }
    text.resize(static_cast<std::size_t>(octets));
    return parse(text, file);
}

Result<CacheHints> CacheHints::parse(std::string_view text, const std::string& file) {
    CacheHints hints;
    std::istringstream lines{std::string(text)};
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        std::istringstream words(line.substr(0, line.find('#')));
        std::string what;
        std::string path;
        std::string more;
        if (!(words >> what)) {
            continue;
        }
        const bool pin = what == "pin";
        if ((!pin && what != "prefetch") || !(words >> path) || !path.starts_with('/') || words >> more) {
            return Error{file + ":" + std::to_string(number) +
                         ": a hint is written \"pin /path\" or \"prefetch /path\""};
        }
        if (std::find(hints.fetched.begin(), hints.fetched.end(), path) != hints.fetched.end()) {
            return Error{file + ":" + std::to_string(number) + ": there is a hint for " + path + " already"};
        }
        if (pin) {
            hints.pinned.insert(path);
        }
        hints.fetched.push_back(std::move(path));
    }
    return hints;
}

} // namespace lab
