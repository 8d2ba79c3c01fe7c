// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/cache_policy.h"

#include <boost/intrusive/set.hpp>

#include <tuple>

namespace lab {

namespace {

/// The file that was asked for least often since it came goes; of several, the one not asked for the longest. Counts do
/// not age: what was wanted often once stays until others have been wanted as often.
class LeastFrequentlyUsed final : public CachePolicy {
public:
    ~LeastFrequentlyUsed() override { m_leastFirst.clear(); }

    void added(CacheEntry& entry) override {
        entry.uses = 0;
        rank(entry);
    }
    void used(CacheEntry& entry) override {
        removed(entry);
        rank(entry);
    }
    void removed(CacheEntry& entry) override { m_leastFirst.erase(m_leastFirst.iterator_to(entry)); }
    Victim victim(std::string_view) override { return {&*m_leastFirst.begin(), Eviction::LeastFrequentlyUsed}; }

private:
    void rank(CacheEntry& entry) {
        ++entry.uses;
        entry.lastUse = ++m_now;
        m_leastFirst.insert(entry);
    }

    struct ByUse {
        bool operator()(const CacheEntry& one, const CacheEntry& other) const {
            return std::tie(one.uses, one.lastUse) < std::tie(other.uses, other.lastUse);
        }
    };
    using Rank = boost::intrusive::member_hook<CacheEntry, boost::intrusive::set_member_hook<>, &CacheEntry::rank>;
    boost::intrusive::set<CacheEntry, Rank, boost::intrusive::compare<ByUse>> m_leastFirst;
    std::uint64_t m_now = 0; ///< counts uses, of all files
};

} // namespace

std::unique_ptr<CachePolicy> makeLeastFrequentlyUsed(const CacheHints&) {
    return std::make_unique<LeastFrequentlyUsed>();
}

} // namespace lab
