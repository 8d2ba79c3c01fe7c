// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/user_folders.h"

#include "engine/base/text_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <pwd.h>
#include <unordered_set>

namespace lab {

namespace {

constexpr unsigned firstPerson = 1000; // as Debian and most others number them
constexpr unsigned nobody = 65'534;

bool isUserName(std::string_view name) {
    return !name.empty() && name != "." && name != ".." && std::all_of(name.begin(), name.end(), [](char letter) {
        const auto octet = static_cast<unsigned char>(letter);
        return octet > ' ' && octet != 0x7f && octet != '/' && octet != '\\';
    });
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
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "re"), &std::fclose);
    if (!stream) {
        return Error::ofSystem("cannot open " + file, errno);
    }
    std::vector<UserFolder> users;
    std::array<char, 16'384> texts;
    passwd entry{};
    passwd* found = nullptr;
    while (::fgetpwent_r(stream.get(), &entry, texts.data(), texts.size(), &found) == 0 && found != nullptr) {
        if (entry.pw_uid >= firstPerson && entry.pw_uid != nobody && isUserName(entry.pw_name)) {
            users.push_back({entry.pw_name, entry.pw_dir, inside});
        }
    }
    return users;
}

} // namespace lab
