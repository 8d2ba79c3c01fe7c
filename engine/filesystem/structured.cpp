// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/cache_policy.h"

#include <boost/intrusive/list.hpp>

#include <list>
#include <string>
#include <unordered_map>

namespace lab {

namespace {

/// Files are kept by directory: the directory of which nobody has asked for anything the longest goes, with all its
/// files. That of the file which comes in does not, unless it is the only one: then its own oldest file goes.
class Structured final : public CachePolicy {
public:
    ~Structured() override {
        for (auto& group : m_newestFirst) {
            group.files.clear();
        }
    }

    void added(CacheEntry& entry) override { touch(entry).push_front(entry); }
    void used(CacheEntry& entry) override {
        auto& files = touch(entry);
        files.splice(files.begin(), files, files.iterator_to(entry));
    }
    void removed(CacheEntry& entry) override {
        const auto known = m_groups.find(directoryOf(entry.path));
        const auto group = known->second;
        group->files.erase(group->files.iterator_to(entry));
        if (group->files.empty()) {
            m_groups.erase(known);
            m_going = m_going == &*group ? nullptr : m_going;
            m_newestFirst.erase(group);
        }
    }

    Victim victim(std::string_view incoming) override {
        if (m_going == nullptr) {
            auto oldest = std::prev(m_newestFirst.end());
            if (oldest->directory == directoryOf(incoming) && m_newestFirst.size() > 1) {
                --oldest;
            }
            if (oldest->directory == directoryOf(incoming)) {
                return {&oldest->files.back(), Eviction::LeastRecentlyUsed};
            }
            m_going = &*oldest;
        }
        return {&m_going->files.back(), Eviction::WithDirectory};
    }

    bool goesOn() const override { return m_going != nullptr; }

private:
    using Order = boost::intrusive::member_hook<CacheEntry, boost::intrusive::list_member_hook<>, &CacheEntry::order>;
    using Files = boost::intrusive::list<CacheEntry, Order>; ///< newest first
    struct Group {
        std::string directory;
        Files files{};
    };

    /// The entry's group, which is the newest from now on.
    Files& touch(const CacheEntry& entry) {
        const auto directory = directoryOf(entry.path);
        if (const auto known = m_groups.find(directory); known != m_groups.end()) {
            m_newestFirst.splice(m_newestFirst.begin(), m_newestFirst, known->second);
        } else {
            m_newestFirst.push_front({std::string(directory)});
            m_groups.emplace(m_newestFirst.front().directory, m_newestFirst.begin());
        }
        return m_newestFirst.front().files;
    }

    std::list<Group> m_newestFirst;
    std::unordered_map<std::string_view, std::list<Group>::iterator> m_groups; ///< by the group's own directory
    Group* m_going = nullptr; ///< its files go, one after the other, until it is empty
};

} // namespace

std::string_view directoryOf(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

std::unique_ptr<CachePolicy> makeStructured(const CacheHints&) { return std::make_unique<Structured>(); }

} // namespace lab
