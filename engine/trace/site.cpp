// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/site.h"

#include <array>
#include <mutex>

namespace lab {

namespace {

struct SiteTable {
    std::mutex mutex;
    std::vector<SiteInfo> sites{SiteInfo{}};
    std::atomic<std::size_t> count{1};
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
    if (sites.sites.size() > 0xffff) {
        return 0;
    }
    std::string_view file = site.file;
    if (constexpr std::string_view root = LAB_SOURCE_DIR "/"; file.starts_with(root)) {
        file.remove_prefix(root.size());
    }
    const auto id = static_cast<std::uint16_t>(sites.sites.size());
    sites.sites.push_back({site.type, site.role, site.name, std::string(file), site.line, site.function});
    sites.count.store(sites.sites.size(), std::memory_order_release);
    site.id.store(id, std::memory_order_release);
    return id;
}

std::vector<SiteInfo> registeredSites() {
    auto& sites = table();
    const std::lock_guard lock(sites.mutex);
    return sites.sites;
}

std::size_t registeredSiteCount() { return table().count.load(std::memory_order_acquire); }

} // namespace lab
