// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace lab {

/// What a stream of events shows to have gone wrong. A value.
struct Fault {
    std::size_t cause = 0; ///< index of the event after which it could not end well
    std::size_t event = 0; ///< index of the event that shows it
    std::string words;     ///< a sentence
};

/// Recognises a fault in a stream of events, from the events alone: it knows nothing of the model that made them.
///
/// Role: the judge of a challenge. Threads: one at a time. Owner: Play.
class FaultWatch {
public:
    virtual ~FaultWatch() = default;
    virtual std::unique_ptr<FaultWatch> clone() const = 0;

    /// Each event in its order; `index` counts from 0.
    virtual void apply(const Event& event, std::size_t index) = 0;

    virtual const std::optional<Fault>& fault() const = 0;

    /// All that decides what it will recognise later: two watches with the same key judge what follows alike.
    virtual std::string key() const = 0;
};

} // namespace lab
