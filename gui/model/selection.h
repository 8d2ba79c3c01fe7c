// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace lab {

/// What the person has pointed at: one for the whole window, shared by all views.
struct Selection {
    enum class Kind : std::uint8_t { None, Connection, Operation, Thread, Client };
    Kind kind = Kind::None;
    std::uint32_t id = 0; ///< connection, operation, actor or client number; connection 0: the listening socket

    friend bool operator==(const Selection&, const Selection&) = default;
};

} // namespace lab
