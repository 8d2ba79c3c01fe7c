// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/password_file.h"

#include "engine/base/text_file.h"

#include <algorithm>
#include <crypt.h>
#include <memory>
#include <string.h>

namespace lab {

namespace {

/// Looks at every octet, wherever the first difference is.
bool equalInConstantTime(std::string_view left, std::string_view right) {
    volatile unsigned char difference = left.size() == right.size() ? 0 : 1;
    for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
        difference = static_cast<unsigned char>(difference | (left[i] ^ right[i]));
    }
    return difference == 0;
}

} // namespace

Result<PasswordFile> PasswordFile::read(const std::string& file) {
    const auto text = readTextFile(file, "a list of people and passwords", longestByHand);
    return text ? parse(*text, file) : text.error();
}

Result<PasswordFile> PasswordFile::parse(std::string_view text, const std::string& file) {
    PasswordFile result;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        const auto where = file + ":" + std::to_string(number) + ": ";
        const auto colon = line.find(':');
        if (colon == 0 || colon == std::string_view::npos) {
            return Error{where + "a line is written NAME:HASH"};
        }
        std::string hash(line.substr(colon + 1));
        switch (::crypt_checksalt(hash.c_str())) {
        case CRYPT_SALT_OK: break;
        case CRYPT_SALT_METHOD_LEGACY:
            return Error{
                where +
                "this hash is by a method that crypt(5) does not recommend any more; \"openssl passwd -6\" makes "
                "a good one"};
        default: return Error{where + "this is no hash of crypt(5); \"openssl passwd -6\" makes one"};
        }
        if (!result.m_hashes.emplace(line.substr(0, colon), std::move(hash)).second) {
            return Error{where + "there is a password of " + std::string(line.substr(0, colon)) + " already"};
        }
    }
    return result;
}

bool PasswordFile::isRight(const std::string& user, const std::string& password) const {
    if (m_hashes.empty()) {
        return false;
    }
    const auto known = m_hashes.find(user);
    // For nobody the work is done too, with somebody's salt.
    const auto& hash = known != m_hashes.end() ? known->second : m_hashes.begin()->second;
    const auto work = std::make_unique<crypt_data>();
    const char* made = ::crypt_r(password.c_str(), hash.c_str(), work.get());
    const bool same = made != nullptr && equalInConstantTime(made, hash);
    ::explicit_bzero(work.get(), sizeof *work);
    return same && known != m_hashes.end();
}

} // namespace lab
