// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/result.h"

#include <cstring>
#include <stdexcept>

namespace lab {

Error Error::ofSystem(std::string doing, int errorNumber) {
    return Error{std::move(doing) + ": " + std::strerror(errorNumber)};
}

void throw_exception_from_error(const Error& error, const boost::source_location&) {
    throw std::runtime_error(error.message);
}

} // namespace lab
