// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/state_words.h"

#include <array>

namespace lab {

namespace {

template <typename Enum, std::size_t size>
std::string_view at(const std::array<std::string_view, size>& texts, Enum value) {
    const auto index = static_cast<std::size_t>(value);
    return index < size ? texts[index] : std::string_view("unknown");
}

} // namespace

std::string_view words(Activity activity) {
    static constexpr auto texts = std::to_array<std::string_view>({"ended", "running", "in a call"});
    return at(texts, activity);
}

std::string_view words(ConnectionPhase phase) {
    static constexpr auto texts =
        std::to_array<std::string_view>({"idle", "receiving", "serving", "sending", "closed"});
    return at(texts, phase);
}

std::string_view words(OperationPhase phase) {
    static constexpr auto texts = std::to_array<std::string_view>({"in the kernel", "queued", "dispatched"});
    return at(texts, phase);
}

std::string_view words(ClientPhase phase) {
    static constexpr auto texts =
        std::to_array<std::string_view>({"idle", "connecting", "sent", "receiving", "failed"});
    return at(texts, phase);
}

boost::json::value ofActor(std::uint16_t actor) {
    return actor == 0xffff ? boost::json::value() : boost::json::value(actor);
}

} // namespace lab
