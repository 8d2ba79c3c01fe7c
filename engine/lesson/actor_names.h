// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/recording.h"

#include <cstdint>
#include <map>
#include <string>

namespace lab {

/// The names of the threads in a recording, as they come: an actor is used again when its thread has ended.
///
/// A value. Threads: one at a time; fed with every event of a recording in order.
class ActorNames {
public:
    explicit ActorNames(const Recording& recording)
        : m_recording(&recording) {}

    void apply(const Event& event) {
        if (event.type() == EventType::ThreadStarted) {
            m_names[event.actor] = m_recording->name(static_cast<NameId>(event.value()));
        }
    }

    /// Of the thread that is this actor now; empty where none has started.
    const std::string& of(std::uint16_t actor) const {
        static const std::string none;
        const auto found = m_names.find(actor);
        return found == m_names.end() ? none : found->second;
    }

private:
    const Recording* m_recording;
    std::map<std::uint16_t, std::string> m_names;
};

} // namespace lab
