// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/cache_policy.h"

#include <boost/intrusive/list.hpp>

namespace lab {

namespace {

/// The file that nobody has asked for the longest goes.
class LeastRecentlyUsed final : public CachePolicy {
public:
    ~LeastRecentlyUsed() override { m_newestFirst.clear(); }

    void added(CacheEntry& entry) override { m_newestFirst.push_front(entry); }
    void used(CacheEntry& entry) override {
        m_newestFirst.splice(m_newestFirst.begin(), m_newestFirst, m_newestFirst.iterator_to(entry));
    }
    void removed(CacheEntry& entry) override { m_newestFirst.erase(m_newestFirst.iterator_to(entry)); }
    Victim victim(std::string_view) override { return {&m_newestFirst.back(), Eviction::LeastRecentlyUsed}; }

private:
    using Order = boost::intrusive::member_hook<CacheEntry, boost::intrusive::list_member_hook<>, &CacheEntry::order>;
    boost::intrusive::list<CacheEntry, Order> m_newestFirst;
};

} // namespace

std::unique_ptr<CachePolicy> makeLeastRecentlyUsed(const CacheHints&) { return std::make_unique<LeastRecentlyUsed>(); }

} // namespace lab
