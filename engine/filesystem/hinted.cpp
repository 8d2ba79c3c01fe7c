// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/cache_hints.h"
#include "engine/filesystem/cache_policy.h"

#include <boost/intrusive/list.hpp>

namespace lab {

namespace {

/// As least recently used, but what the hints pin never goes. When nothing else is left, the new file is not kept.
class Hinted final : public CachePolicy {
public:
    explicit Hinted(const CacheHints& hints)
        : m_hints(hints) {}
    ~Hinted() override { m_newestFirst.clear(); }

    void added(CacheEntry& entry) override {
        if (!m_hints.pins(entry.path)) {
            m_newestFirst.push_front(entry);
        }
    }
    void used(CacheEntry& entry) override {
        if (entry.order.is_linked()) {
            m_newestFirst.splice(m_newestFirst.begin(), m_newestFirst, m_newestFirst.iterator_to(entry));
        }
    }
    void removed(CacheEntry& entry) override {
        if (entry.order.is_linked()) {
            m_newestFirst.erase(m_newestFirst.iterator_to(entry));
        }
    }
    Victim victim(std::string_view) override {
        return m_newestFirst.empty() ? Victim{} : Victim{&m_newestFirst.back(), Eviction::NotPinned};
    }

private:
    const CacheHints& m_hints;
    using Order = boost::intrusive::member_hook<CacheEntry, boost::intrusive::list_member_hook<>, &CacheEntry::order>;
    boost::intrusive::list<CacheEntry, Order> m_newestFirst; ///< without those that are pinned
};

} // namespace

std::unique_ptr<CachePolicy> makeHinted(const CacheHints& hints) { return std::make_unique<Hinted>(hints); }

} // namespace lab
