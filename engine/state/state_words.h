// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"

#include <boost/json/value.hpp>

#include <string_view>

namespace lab {

std::string_view words(Activity activity);
std::string_view words(ConnectionPhase phase);
std::string_view words(OperationPhase phase);
std::string_view words(ClientPhase phase);

/// The actor's number; null where there is none.
boost::json::value ofActor(std::uint16_t actor);

} // namespace lab
