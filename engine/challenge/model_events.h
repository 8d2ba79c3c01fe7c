// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"
#include "engine/trace/recording.h"
#include "engine/trace/trace.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// The actors of every challenge's recording that nobody chooses; the threads of the model come after them.
inline constexpr std::uint16_t laboratoryActor = 0;
inline constexpr std::uint16_t clientsActor = 1;
constexpr std::uint16_t actorOf(std::size_t thread) { return static_cast<std::uint16_t>(thread + 2); }

/// The events that a challenge's model makes, in the order in which its steps were chosen.
///
/// Role: the model's trace; one thread plays all of them, so it needs no rings. Decides: the model's time, which goes
/// on by a millisecond an event, since in a model nothing is measured. Threads: one at a time. Owner: Game, or a
/// search.
class ModelEvents {
public:
    void add(Site& site, std::uint16_t actor, const Mark& mark);

    /// The id of `text` in names(), which stands in the place of a recording's table of names.
    NameId name(std::string_view text);

    const std::vector<Event>& events() const { return m_events; }
    const std::vector<std::string>& names() const { return m_names; }
    const std::vector<std::uint32_t>& counts() const { return m_counts; } ///< events by actor, those forgotten too

    void forgetEvents() { m_events.clear(); }

private:
    std::vector<Event> m_events;
    std::vector<std::string> m_names{std::string{}};
    std::vector<std::uint32_t> m_counts;
    std::uint64_t m_time = 0; ///< ns
};

} // namespace lab

/// Records an event of a model's thread at this line, as LAB_MARK does for the engine's own threads.
#define LAB_MODEL_MARK(events, actor, eventType, siteRole, siteName, ...)                                              \
    do {                                                                                                               \
        static constinit ::lab::Site labSite{                                                                          \
            ::lab::EventType::eventType, ::lab::Role::siteRole, siteName, __FILE__, __LINE__, __func__, {}};           \
        (events).add(labSite, actor, ::lab::Mark{__VA_ARGS__});                                                        \
    } while (false)
