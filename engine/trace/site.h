// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// The participants of the source documents, whose part a piece of code plays when it records an event.
enum class Role : std::uint8_t {
    None,
    Thread,                         ///< a thread as such: started, ended, blocked
    Acceptor,                       ///< Acceptor (B), Async Acceptor (P figure 3)
    HttpHandler,                    ///< HTTP Handler (B), Protocol Handler (P)
    InitiationDispatcher,           ///< Reactor (B)
    EventHandler,                   ///< Reactor (B): the hooks called on readiness
    ProactiveInitiator,             ///< P section 4.3
    AsynchronousOperationProcessor, ///< P section 4.3
    CompletionDispatcher,           ///< P section 4.3
    CompletionHandler,              ///< P section 4.3
    Filesystem,                     ///< Cached Virtual Filesystem (P section 2)
    Client,
    Laboratory,
    Count
};

std::string_view words(Role role);

/// A place in the engine's source that records events. Made by LAB_MARK, once a place, before main().
struct Site {
    EventType type;
    Role role;
    const char* name; ///< What the code does there, as the papers name it: "async_read", "handle_input"
    const char* file;
    std::uint32_t line;
    const char* function;
    std::atomic<std::uint16_t> id{0}; ///< 0 until the place was reached for the first time
};

/// A Site as a recording keeps it; `file` is relative to the source tree.
struct SiteInfo {
    EventType type = EventType::Count;
    Role role = Role::None;
    std::string name;
    std::string file;
    std::uint32_t line = 0;
    std::string function;
};

/// Gives `site` its id, once. Any thread; takes a lock the first time only.
std::uint16_t registerSite(Site& site);

/// A site as a recording keeps it.
SiteInfo describe(const Site& site);

/// The id of a place in the source that another process of the same build has reached: the one that it has here, or a
/// new one. Any thread; takes a lock.
std::uint16_t registerSite(const SiteInfo& site);

/// All sites reached so far; the index is the id, entry 0 stands for "unknown". Any thread.
std::vector<SiteInfo> registeredSites();

/// How many entries registeredSites() has now; cheap.
std::size_t registeredSiteCount();

} // namespace lab
