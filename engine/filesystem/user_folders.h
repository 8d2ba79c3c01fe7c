// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// Where a user's public files are.
struct UserFolder {
    std::string user;
    std::string base;   ///< a folder; nothing outside of it is ever opened
    std::string inside; ///< the public folder below it; empty: `base` itself

    friend bool operator==(const UserFolder&, const UserFolder&) = default;
};

/// Reads a users file: a line is NAME:FOLDER, '#' begins a comment; a relative folder counts from where the file is.
/// Error: cannot be read, or a line is wrong, with its number; a user who is there twice.
Result<std::vector<UserFolder>> readUsersFile(const std::string& file);

/// The same from text that stood in `file`.
Result<std::vector<UserFolder>> parseUsers(std::string_view text, const std::string& file);

/// The people of a file in the form of passwd(5): the folder `inside` below the home of each whose number is that of a
/// person (1000 and above, but not that of nobody). Error: cannot be read, a line is wrong, with its number; there is no
/// line at all.
Result<std::vector<UserFolder>> readPasswd(const std::string& file, const std::string& inside);

/// The same from text that stood in `file`.
Result<std::vector<UserFolder>> parsePasswd(std::string_view text, const std::string& file, const std::string& inside);

} // namespace lab
