// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/site.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

namespace lab {

namespace {

struct SiteTable {
    std::mutex mutex;
    std::vector<SiteInfo> sites{SiteInfo{}};
    std::atomic<std::size_t> count{1};

    /// 0: there are more than an event can tell apart. With the mutex held.
    std::uint16_t add(SiteInfo site) {
        if (sites.size() > 0xffff) {
            return 0;
        }
        sites.push_back(std::move(site));
        count.store(sites.size(), std::memory_order_release);
        return static_cast<std::uint16_t>(sites.size() - 1);
    }
};

/// The sites are places in the program's code, so there is one table a program, whatever traces there are.
SiteTable& table() {
    static SiteTable sites;
    return sites;
}

} // namespace

std::string_view words(Role role) {
    static constexpr auto texts = std::to_array<std::string_view>(
        {"none", "Thread", "Acceptor", "HTTP Handler", "Initiation Dispatcher", "Event Handler", "Proactive Initiator",
         "Asynchronous Operation Processor", "Completion Dispatcher", "Completion Handler", "Filesystem", "Client",
         "Laboratory"});
    static_assert(texts.size() == static_cast<std::size_t>(Role::Count));
    const auto index = static_cast<std::size_t>(role);
    return index < texts.size() ? texts[index] : "unknown";
}

std::uint16_t registerSite(Site& site) {
    auto& sites = table();
    const std::lock_guard lock(sites.mutex);
    if (const auto id = site.id.load(std::memory_order_relaxed)) {
        return id;
    }
    const auto id = sites.add(describe(site));
    site.id.store(id, std::memory_order_release);
    return id;
}

SiteInfo describe(const Site& site) {
    std::string_view file = site.file;
    if (constexpr std::string_view root = LAB_SOURCE_DIR "/"; file.starts_with(root)) {
        file.remove_prefix(root.size());
    }
    while (file.starts_with("../")) { // from a build folder: so a compiler's cache may name it
        file.remove_prefix(3);
    }
    return {site.type, site.role, site.name, std::string(file), site.line, site.function};
}

std::uint16_t registerSite(const SiteInfo& site) {
    auto& sites = table();
    const std::lock_guard lock(sites.mutex);
    const auto known = std::find_if(sites.sites.begin(), sites.sites.end(), [&](const SiteInfo& other) {
        return other.line == site.line && other.type == site.type && other.file == site.file &&
               other.name == site.name && other.function == site.function;
    });
    return known != sites.sites.end() ? static_cast<std::uint16_t>(known - sites.sites.begin()) : sites.add(site);
}

std::vector<SiteInfo> registeredSites() {
    auto& sites = table();
    const std::lock_guard lock(sites.mutex);
    return sites.sites;
}

std::size_t registeredSiteCount() { return table().count.load(std::memory_order_acquire); }

} // namespace lab
