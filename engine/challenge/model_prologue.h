// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/challenge/model_events.h"

#include <span>
#include <string_view>

namespace lab {

/// How every model begins: its threads start, and it listens.
void beginModel(ModelEvents& events, std::string_view id, std::span<const std::string_view> threads);

/// The kernel connects a client of that number to the model, which has yet to accept it.
void connectClient(ModelEvents& events, std::uint32_t client);
/// The port of that client: the value of ConnectionAccepted.
constexpr std::int64_t portOf(std::uint32_t client) { return 40'000 + std::int64_t{client}; }

} // namespace lab
