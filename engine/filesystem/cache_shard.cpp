// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/cache_shard.h"

namespace lab {

namespace {

std::int64_t contentOctets(const ServedFile& file) { return static_cast<std::int64_t>(file.content.size()); }

} // namespace

CacheShard::CacheShard(Budget budget, std::unique_ptr<CachePolicy> policy)
    : m_budget(budget)
    , m_policy(std::move(policy)) {}

CacheShard::~CacheShard() {
    m_policy.reset(); // lets go of the entries before they go
}

CacheShard::Hit CacheShard::find(std::string_view path, std::int64_t now, std::int64_t maximumAge) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_entries.find(path);
    if (found == m_entries.end()) {
        return {};
    }
    CacheEntry& entry = *found->second;
    m_policy->used(entry);
    const bool stale = now - entry.checkedAt >= maximumAge;
    m_counts.hits += stale ? 0 : 1;
    if (stale) {
        entry.checkedAt = now; // the others go on with what there is while the caller looks
    }
    return {entry.file, stale};
}

bool CacheShard::isFullFor(std::int64_t octets) const {
    return m_entries.size() >= m_budget.files || (!m_entries.empty() && m_octets + octets > m_budget.octets);
}

bool CacheShard::put(std::string_view path, std::shared_ptr<const ServedFile> file, std::int64_t now,
                     std::vector<Evicted>& evicted) {
    const auto octets = contentOctets(*file);
    if (!m_policy || m_budget.files == 0 || octets > m_budget.octets) {
        return false;
    }
    std::shared_ptr<const ServedFile> former; // closed when the lock is free again
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_entries.find(path); found != m_entries.end()) {
        former = drop(found);
    }
    while (isFullFor(octets) || (m_policy->goesOn() && !m_entries.empty())) {
        const auto [entry, why] = m_policy->victim(path);
        if (entry == nullptr) {
            return false;
        }
        evicted.push_back({drop(m_entries.find(entry->path)), why});
        ++m_counts.evictions;
    }
    auto entry = std::make_unique<CacheEntry>();
    entry->path = path;
    entry->file = std::move(file);
    entry->checkedAt = now;
    m_policy->added(*entry);
    m_octets += octets;
    m_entries.emplace(entry->path, std::move(entry));
    return true;
}

void CacheShard::count(FileSource source) {
    const std::lock_guard lock(m_mutex);
    ++(source == FileSource::CacheHit ? m_counts.hits : m_counts.misses);
}

CacheCounts CacheShard::counts() {
    const std::lock_guard lock(m_mutex);
    return m_counts;
}

void CacheShard::remove(std::string_view path) {
    std::shared_ptr<const ServedFile> dropped;
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_entries.find(path); found != m_entries.end()) {
        dropped = drop(found);
    }
}

std::shared_ptr<const ServedFile> CacheShard::drop(Entries::iterator entry) {
    m_policy->removed(*entry->second);
    auto file = std::move(entry->second->file);
    m_octets -= contentOctets(*file);
    m_entries.erase(entry);
    return file;
}

} // namespace lab
