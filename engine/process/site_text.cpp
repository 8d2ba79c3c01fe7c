// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/site_text.h"

#include <array>
#include <charconv>

namespace lab {

namespace {

constexpr char separator = '\n';

template <typename Number>
bool readNumber(std::string_view text, Number& number) {
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failure == std::errc{} && end == text.data() + text.size();
}

} // namespace

std::string textOf(const Site& site) {
    const auto info = describe(site);
    std::string text;
    for (const auto number :
         {static_cast<std::uint32_t>(info.type), static_cast<std::uint32_t>(info.role), info.line}) {
        text += std::to_string(number) + separator;
    }
    return text + info.name + separator + info.file + separator + info.function;
}

std::optional<SiteInfo> siteFrom(std::string_view text) {
    std::array<std::string_view, 6> fields;
    for (std::size_t index = 0; index < fields.size(); ++index) {
        const auto end = index + 1 < fields.size() ? text.find(separator) : text.size();
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        fields[index] = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    unsigned type = 0;
    unsigned role = 0;
    SiteInfo info;
    if (!readNumber(fields[0], type) || !readNumber(fields[1], role) || !readNumber(fields[2], info.line) ||
        type >= static_cast<unsigned>(EventType::Count) || role >= static_cast<unsigned>(Role::Count)) {
        return std::nullopt;
    }
    info.type = static_cast<EventType>(type);
    info.role = static_cast<Role>(role);
    info.name = fields[3];
    info.file = fields[4];
    info.function = fields[5];
    return info;
}

} // namespace lab
