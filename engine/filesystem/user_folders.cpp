// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/user_folders.h"

#include "engine/base/text_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <system_error>
#include <unordered_set>

namespace lab {

namespace {

constexpr std::uint32_t firstPerson = 1000; // as Debian and most others number them
constexpr std::uint32_t nobody = 65'534;
constexpr std::size_t longestPasswd = 64U << 20; // octets: nobody writes it by hand

bool isUserName(std::string_view name) {
    return !name.empty() && name != "." && name != ".." && std::all_of(name.begin(), name.end(), [](char letter) {
        const auto octet = static_cast<unsigned char>(letter);
        return octet > ' ' && octet != 0x7f && octet != '/' && octet != '\\';
    });
}

/// What is needed of a line of passwd(5).
struct PasswdEntry {
    std::string_view name;
    std::uint32_t number = 0;
    std::string_view home;
};

std::optional<std::uint32_t> readNumber(std::string_view text) {
    std::uint32_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failure == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// Nothing: it is no such line.
std::optional<PasswdEntry> readEntry(std::string_view line) {
    std::array<std::string_view, 6> fields; // all but the last, which is a command
    for (auto& field : fields) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) {
            return std::nullopt;
        }
        field = line.substr(0, colon);
        line.remove_prefix(colon + 1);
    }
    const auto number = readNumber(fields[2]);
    if (fields[0].empty() || !number || !readNumber(fields[3])) {
        return std::nullopt;
    }
    return PasswdEntry{fields[0], *number, fields[5]};
}

} // namespace

Result<std::vector<UserFolder>> readUsersFile(const std::string& file) {
    const auto text = readTextFile(file, "a list of users", longestByHand);
    return text ? parseUsers(*text, file) : text.error();
}

Result<std::vector<UserFolder>> parseUsers(std::string_view text, const std::string& file) {
    const auto beside = std::filesystem::path(file).parent_path();
    std::vector<UserFolder> users;
    std::unordered_set<std::string> seen;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trimmed(text.substr(0, std::min(end, text.find('#'))));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty()) {
            continue;
        }
        const auto where = file + ":" + std::to_string(number) + ": ";
        const auto colon = line.find(':');
        const auto name = trimmed(line.substr(0, colon));
        const auto folder = colon == std::string_view::npos ? std::string_view() : trimmed(line.substr(colon + 1));
        if (!isUserName(name) || folder.empty()) {
            return Error{where + "a user is written NAME:FOLDER, with a name that has neither white space nor slashes"};
        }
        if (!seen.emplace(name).second) {
            return Error{where + "there is a folder of " + std::string(name) + " already"};
        }
        users.push_back({std::string(name), (beside / folder).string(), {}});
    }
    return users;
}

Result<std::vector<UserFolder>> readPasswd(const std::string& file, const std::string& inside) {
    const auto text = readTextFile(file, "a list of users as passwd(5) describes it", longestPasswd);
    return text ? parsePasswd(*text, file, inside) : text.error();
}

Result<std::vector<UserFolder>> parsePasswd(std::string_view text, const std::string& file, const std::string& inside) {
    std::vector<UserFolder> users;
    bool isEmpty = true;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        isEmpty = false;
        if (line.starts_with('+') || line.starts_with('-')) {
            continue; // stands for others, who are in no file
        }
        const auto entry = readEntry(line);
        if (!entry) {
            return Error{file + ":" + std::to_string(number) +
                         ": a line of passwd(5) is written NAME:PASSWORD:NUMBER:NUMBER:COMMENT:FOLDER:SHELL"};
        }
        if (entry->number >= firstPerson && entry->number != nobody && isUserName(entry->name)) {
            users.push_back({std::string(entry->name), std::string(entry->home), inside});
        }
    }
    return isEmpty ? Error{file + ": names nobody at all"} : Result<std::vector<UserFolder>>(std::move(users));
}

} // namespace lab
