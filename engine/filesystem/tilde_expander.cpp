// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/tilde_expander.h"

#include <algorithm>
#include <string>
#include <utility>

namespace lab {

void TildeExpander::rebuild(std::vector<UserFolder> users) {
    const auto byName = [](const UserFolder& left, const UserFolder& right) { return left.user < right.user; };
    const auto sameName = [](const UserFolder& left, const UserFolder& right) { return left.user == right.user; };
    std::stable_sort(users.begin(), users.end(), byName);
    users.erase(std::unique(users.begin(), users.end(), sameName), users.end());
    std::vector<std::string> names;
    names.reserve(users.size());
    for (const auto& one : users) {
        names.push_back(one.user);
    }
    auto table = std::make_shared<Table>();
    table->users = std::move(users);
    table->hash = PerfectHash(names);
    std::shared_ptr<const Table> former = std::move(table);
    const std::lock_guard lock(m_mutex);
    m_table.swap(former); // which goes without the lock, or with the last that still looks into it
}

std::shared_ptr<const TildeExpander::Table> TildeExpander::table() const {
    const std::lock_guard lock(m_mutex);
    return m_table;
}

std::optional<TildeExpander::Expansion> TildeExpander::expand(std::string_view path) const {
    if (!path.starts_with("/~")) {
        return std::nullopt;
    }
    const auto end = std::min(path.find('/', 1), path.size());
    const auto name = path.substr(2, end - 2);
    auto table = this->table();
    const auto index = table->hash.candidate(name);
    if (index == PerfectHash::none || table->users[index].user != name) {
        return std::nullopt;
    }
    const auto* folder = &table->users[index];
    return Expansion{std::shared_ptr<const UserFolder>(std::move(table), folder), path.substr(end)};
}

} // namespace lab
