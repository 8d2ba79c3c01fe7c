// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <utility>

namespace lab {

/// What went wrong, for a person: one sentence that names the file, line or field where there is one.
struct Error {
    std::string message;

    /// "cannot open x.json: No such file or directory": `doing` with the text of `errorNumber`.
    static Error ofSystem(std::string doing, int errorNumber);
};

[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

/// A value or the Error that kept it from being made. What can fail at run time returns one of these.
template <typename T>
using Result = boost::system::result<T, Error>;

} // namespace lab
