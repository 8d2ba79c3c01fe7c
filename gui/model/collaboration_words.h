// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/narration.h"
#include "gui/model/collaboration.h"

#include <QString>

#include <cstdint>
#include <optional>

namespace lab {

/// What is known of a message's past: for its words.
struct MessagePast {
    std::optional<std::int64_t> result;  ///< of the operation that is carried to its hook
    std::optional<std::uint64_t> waited; ///< ns in the queue
};

/// A message in few words, as the papers write calls: "async_read(handler, dispatcher)", "handle_input()".
QString messageWords(const Event& event, const Glossary& glossary, const MessagePast& past);

} // namespace lab
