// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/id_table.h"

#include <algorithm>
#include <functional>

namespace lab {

std::size_t IdTable::firstPlace(Kind kind, std::string_view text) {
    return std::hash<std::string_view>{}(text) + static_cast<std::size_t>(kind);
}

bool IdTable::isEntry(const Entry& entry, Kind kind, std::string_view text) const {
    return entry.kind == kind && std::string_view(entry.text.data(), entry.size) == text;
}

std::uint32_t IdTable::find(Kind kind, std::string_view text) const {
    auto place = firstPlace(kind, text);
    for (std::size_t tries = 0; tries < m_entries.size(); ++tries, ++place) {
        const auto& entry = m_entries[place % m_entries.size()];
        const auto id = entry.id.load(std::memory_order_acquire);
        if (id == 0 || isEntry(entry, kind, text)) {
            return id;
        }
    }
    return 0;
}

void IdTable::add(Kind kind, std::string_view text, std::uint32_t id) {
    if (id == 0 || text.size() > longest) {
        return;
    }
    auto place = firstPlace(kind, text);
    for (std::size_t tries = 0; tries < m_entries.size() / 2; ++tries, ++place) { // a table that is full stays quick
        auto& entry = m_entries[place % m_entries.size()];
        if (entry.id.load(std::memory_order_relaxed) == 0) {
            entry.kind = kind;
            entry.size = static_cast<std::uint8_t>(text.size());
            std::copy(text.begin(), text.end(), entry.text.begin());
            entry.id.store(id, std::memory_order_release);
            return;
        }
        if (isEntry(entry, kind, text)) {
            return;
        }
    }
}

} // namespace lab
