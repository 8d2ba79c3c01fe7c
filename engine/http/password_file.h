// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <map>
#include <string>
#include <string_view>

namespace lab {

/// Names, and salted hashes of their passwords as crypt(5) writes them.
///
/// Decides: whether a password is somebody's. It takes as long for a name that is not there as for one that is, and as
/// long for a password that is nearly right as for any other. Threads: any; never changes. Owner: who asks.
class PasswordFile {
public:
    /// A line is NAME:HASH, '#' begins a comment. Error: cannot be read, or a line is wrong, with its number: also a
    /// hash by a method that crypt(5) calls weak, and a name that is there twice.
    static Result<PasswordFile> read(const std::string& file);

    /// The same from text that stood in `file`.
    static Result<PasswordFile> parse(std::string_view text, const std::string& file);

    /// Hashes `password`, which takes milliseconds of processor time: that is what makes guessing slow.
    bool isRight(const std::string& user, const std::string& password) const;

    std::size_t users() const { return m_hashes.size(); }

private:
    std::map<std::string, std::string, std::less<>> m_hashes; ///< by name
};

} // namespace lab
