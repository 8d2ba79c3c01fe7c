// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/header_fields.h"

#include "engine/http/characters.h"

#include <algorithm>

namespace lab {

namespace {

constexpr std::string_view fieldLineEnd = "\r\n";

/// Calls take(name, value) for each line that is a field.
template <typename Take>
void forEachField(std::string_view lines, Take take) {
    while (!lines.empty()) {
        const auto end = std::min(lines.find(fieldLineEnd), lines.size());
        const auto line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + fieldLineEnd.size(), lines.size()));
        const auto colon = line.find(':');
        if (colon != std::string_view::npos) {
            take(line.substr(0, colon), withoutOuterSpace(line.substr(colon + 1)));
        }
    }
}

} // namespace

HeaderFields HeaderFields::parse(std::string_view lines) {
    HeaderFields fields;
    forEachField(lines, [&](std::string_view name, std::string_view value) { fields.add(name, value); });
    return fields;
}

const std::string* HeaderFields::find(std::string_view name) const {
    const auto found = std::find_if(m_fields.begin(), m_fields.end(),
                                    [&](const auto& field) { return equalsIgnoringCase(field.name, name); });
    return found == m_fields.end() ? nullptr : &found->value;
}

void HeaderFields::set(std::string_view name, std::string_view value) {
    const auto isNamed = [&](const auto& field) { return equalsIgnoringCase(field.name, name); };
    const auto first = std::find_if(m_fields.begin(), m_fields.end(), isNamed);
    if (first == m_fields.end()) {
        return add(name, value);
    }
    first->value = value;
    m_fields.erase(std::remove_if(first + 1, m_fields.end(), isNamed), m_fields.end());
}

void HeaderFields::remove(std::string_view name) {
    std::erase_if(m_fields, [&](const auto& field) { return equalsIgnoringCase(field.name, name); });
}

void HeaderFields::addToList(std::string_view name, std::string_view element) {
    for (auto& field : m_fields) {
        if (equalsIgnoringCase(field.name, name)) {
            for (std::string_view rest = field.value; !rest.empty();) {
                const auto known = takeListElement(rest);
                if (known == "*" || equalsIgnoringCase(known, element)) {
                    return;
                }
            }
            field.value.append(field.value.empty() ? "" : ", ").append(element);
            return;
        }
    }
    add(name, element);
}

void HeaderFields::appendTo(std::string& header) const {
    for (const auto& [name, value] : m_fields) {
        header.append(name).append(": ").append(value).append(fieldLineEnd);
    }
}

std::optional<std::string> fieldOf(std::string_view head, std::string_view name) {
    std::optional<std::string> joined;
    const auto lineEnd = head.find(fieldLineEnd);
    if (lineEnd == std::string_view::npos) {
        return joined;
    }
    forEachField(head.substr(lineEnd + fieldLineEnd.size()), [&](std::string_view found, std::string_view value) {
        if (equalsIgnoringCase(found, name)) {
            joined = joined ? *joined + ", " + std::string(value) : std::string(value);
        }
    });
    return joined;
}

bool isFieldName(std::string_view text) { return !text.empty() && allOf(TokenCharacter, text); }

bool isFieldValue(std::string_view text) {
    return allOf(ValueCharacter, text) && withoutOuterSpace(text).size() == text.size();
}

} // namespace lab
