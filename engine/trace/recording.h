// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/large_page_allocator.h"
#include "engine/trace/event.h"
#include "engine/trace/site.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// Index of a text in a recording's name table (thread names, paths, model ids). 0 is the empty text.
using NameId = std::uint32_t;

/// What a recording is of. Texts, so that old recordings can be read when models come and go.
struct RunInfo {
    std::string model;                             ///< id: "proactor-pool"
    std::string family;                            ///< "synchronous", "reactive", "proactive", "adaptive"
    std::string modelTitle;                        ///< "Proactor, thread pool"
    std::string demultiplexer;                     ///< "epoll"; empty where the model has none
    std::string processor;                         ///< "Asio on epoll"; empty where the model has none
    std::string transfer;                          ///< "TransmitFile", "read and write" and so on
    unsigned threads = 0;                          ///< as configured
    std::map<std::string, std::string> settings{}; ///< all options that the model takes: "cache-size" "67108864"
    std::string scenario;                          ///< name; empty for `serve`
    std::uint64_t seed = 0;
    std::string address;   ///< "127.0.0.1:8080"
    std::string startedAt; ///< wall clock, ISO 8601, UTC
    bool paced = false;    ///< true once the run was paced or stepped: its times are no measurement
    bool stepped = false;  ///< true once the run was held, stepped or led by a schedule; then it is paced, too

    friend bool operator==(const RunInfo&, const RunInfo&) = default;
};

/// What became of an actor's events: emitted = stored + lost, exactly, once the trace has stopped.
struct ActorCount {
    std::uint64_t emitted = 0;
    std::uint64_t stored = 0;
    std::uint64_t lost = 0;
};

/// Events are kept in blocks of this many, so that a reader can hold a block while the recording grows.
inline constexpr std::size_t eventsPerBlock = 65536;
using EventBlock = std::vector<Event, LargePageAllocator<Event>>; ///< reserved to eventsPerBlock, never reallocated

/// A stretch of a recording as one thread sees it at one moment: events [first(), end()). A value; the events
/// in it stay while it lives, and never change.
class RecordingView {
public:
    RecordingView() = default;
    RecordingView(std::vector<std::shared_ptr<const EventBlock>> blocks, std::size_t firstBlock, std::size_t end)
        : m_blocks(std::move(blocks))
        , m_first(firstBlock * eventsPerBlock)
        , m_end(end) {}

    std::size_t first() const { return m_first; } ///< index of the oldest event kept
    std::size_t end() const { return m_end; }     ///< one past the newest
    bool empty() const { return m_first == m_end; }

    /// `index` in [first(), end()).
    const Event& operator[](std::size_t index) const {
        const auto offset = index - m_first;
        return (*m_blocks[offset / eventsPerBlock]).data()[offset % eventsPerBlock];
    }

    /// The events from `index` to the end of its block: at least one for a valid index. For fast loops.
    std::span<const Event> run(std::size_t index) const;

    /// First index in [first(), end()] whose time is not before `nanoseconds`.
    std::size_t atTime(std::uint64_t nanoseconds) const;

private:
    std::vector<std::shared_ptr<const EventBlock>> m_blocks;
    std::size_t m_first = 0;
    std::size_t m_end = 0;
};

/// The one stream of events, in causal order, in memory with a bound. Times never decrease.
///
/// Role: between the trace, which appends, and everything that shows, which reads. Decides: what is dropped
/// when the bound is reached (the oldest blocks, once every follower has let go of them).
/// Threads: append() by one thread; the rest by any. Owner: whoever made it; a Trace borrows it.
class Recording {
public:
    /// Keeps at most about `maximumEvents` (at least two blocks).
    explicit Recording(std::size_t maximumEvents = 8'000'000);

    void setInfo(RunInfo info);
    RunInfo info() const;

    /// The id of `name`, the same for the same text; 0 when there are more than 262,144. Any thread; takes a lock.
    NameId intern(std::string_view name);
    /// From now on names get their ids from `numbering`: in a server's process, from the lab's recording.
    void setNumbering(std::function<NameId(std::string_view name)> numbering);
    std::vector<std::string> names() const;
    std::string name(NameId id) const; ///< empty for an unknown id

    /// Sites of the events: of the running program, or as read from a file.
    std::vector<SiteInfo> sites() const;
    void setSites(std::vector<SiteInfo> sites); ///< for a recording read from a file
    /// As a file had them: replaces all names.
    void setNames(std::vector<std::string> names);

    /// Adds events at the end; returns how many found room. Less than all only when the bound is reached and a
    /// follower has not let go.
    std::size_t append(std::span<const Event> events);

    RecordingView view() const;
    std::size_t end() const;
    std::size_t first() const;

    /// A follower will read from event 0 on and needs what it has not let go of.
    std::size_t addFollower();
    /// This follower no longer needs events before `index`.
    void letGo(std::size_t follower, std::size_t index);
    void removeFollower(std::size_t follower);

    /// Counts by actor, as the trace last reported them. Index: actor.
    void setCounts(std::vector<ActorCount> counts);
    std::vector<ActorCount> counts() const;
    ActorCount total() const;

private:
    bool makeRoom(); // with m_mutex held

    mutable std::mutex m_mutex;
    std::size_t m_maximumBlocks;
    std::vector<std::shared_ptr<EventBlock>> m_blocks;
    struct BlockPool;
    std::shared_ptr<BlockPool> m_pool; ///< blocks that nobody reads any more, to be written again
    std::size_t m_firstBlock = 0;
    std::size_t m_end = 0;
    std::vector<std::size_t> m_followers; ///< what each has let go of; npos: free place
    RunInfo m_info;
    std::vector<std::string> m_names{std::string{}};
    struct NameIndex;
    std::shared_ptr<NameIndex> m_nameIndex;
    std::function<NameId(std::string_view)> m_numbering;
    std::vector<SiteInfo> m_sites;
    bool m_ownSites = true;
    std::vector<ActorCount> m_counts;
};

} // namespace lab
