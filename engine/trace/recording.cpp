// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/recording.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <limits>

namespace lab {

namespace {

constexpr auto freePlace = std::numeric_limits<std::size_t>::max();
/// Paths come from anybody's requests, so the table has a bound; what comes later has no name.
constexpr std::size_t maximumNames = 1 << 18;

} // namespace

/// Written pages cost a fault each the first time, so a block that its last reader has let go of is used again.
/// The mutex also makes the readers' last reads happen before the next write.
struct Recording::BlockPool : std::enable_shared_from_this<BlockPool> {
    std::mutex mutex;
    std::vector<std::unique_ptr<EventBlock>> unused;

    std::shared_ptr<EventBlock> take() {
        std::unique_ptr<EventBlock> block;
        {
            const std::lock_guard lock(mutex);
            if (!unused.empty()) {
                block = std::move(unused.back());
                unused.pop_back();
            }
        }
        if (!block) {
            block = std::make_unique<EventBlock>();
            block->reserve(eventsPerBlock);
        }
        return {block.release(), [pool = shared_from_this()](EventBlock* done) { pool->giveBack(done); }};
    }

    void giveBack(EventBlock* done) {
        std::unique_ptr<EventBlock> block(done);
        block->clear();
        const std::lock_guard lock(mutex);
        if (unused.size() < 2) {
            unused.push_back(std::move(block));
        }
    }
};

std::span<const Event> RecordingView::run(std::size_t index) const {
    const auto offset = index - m_first;
    const auto inBlock = offset % eventsPerBlock;
    return {m_blocks[offset / eventsPerBlock]->data() + inBlock, std::min(eventsPerBlock - inBlock, m_end - index)};
}

std::size_t RecordingView::atTime(std::uint64_t nanoseconds) const {
    std::size_t low = m_first;
    std::size_t high = m_end;
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        if ((*this)[middle].time < nanoseconds) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct Recording::NameIndex {
    boost::unordered_flat_map<std::string, NameId> ids;
};

Recording::Recording(std::size_t maximumEvents)
    : m_maximumBlocks(std::max<std::size_t>(2, (maximumEvents + eventsPerBlock - 1) / eventsPerBlock))
    , m_pool(std::make_shared<BlockPool>())
    , m_nameIndex(std::make_shared<NameIndex>()) {
    m_nameIndex->ids.emplace(std::string{}, 0);
}

void Recording::setInfo(RunInfo info) {
    const std::lock_guard lock(m_mutex);
    m_info = std::move(info);
}

RunInfo Recording::info() const {
    const std::lock_guard lock(m_mutex);
    return m_info;
}

void Recording::setNumbering(std::function<NameId(std::string_view)> numbering) {
    const std::lock_guard lock(m_mutex);
    m_numbering = std::move(numbering);
}

NameId Recording::intern(std::string_view name) {
    const std::lock_guard lock(m_mutex);
    if (m_numbering) {
        return m_numbering(name);
    }
    std::string text(name);
    if (m_names.size() >= maximumNames) {
        const auto found = m_nameIndex->ids.find(text);
        return found != m_nameIndex->ids.end() ? found->second : 0;
    }
    const auto [place, isNew] = m_nameIndex->ids.try_emplace(text, static_cast<NameId>(m_names.size()));
    if (isNew) {
        m_names.push_back(std::move(text));
    }
    return place->second;
}

std::vector<std::string> Recording::names() const {
    const std::lock_guard lock(m_mutex);
    return m_names;
}

std::string Recording::name(NameId id) const {
    const std::lock_guard lock(m_mutex);
    return id < m_names.size() ? m_names[id] : std::string{};
}

std::vector<SiteInfo> Recording::sites() const {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_ownSites) {
            return m_sites;
        }
    }
    return registeredSites();
}

void Recording::setSites(std::vector<SiteInfo> sites) {
    const std::lock_guard lock(m_mutex);
    m_sites = std::move(sites);
    m_ownSites = false;
}

void Recording::setNames(std::vector<std::string> names) {
    const std::lock_guard lock(m_mutex);
    m_names = std::move(names);
    if (m_names.empty()) {
        m_names.emplace_back();
    }
    m_nameIndex->ids.clear();
    for (std::size_t id = 0; id < m_names.size(); ++id) {
        m_nameIndex->ids.try_emplace(m_names[id], static_cast<NameId>(id));
    }
}

bool Recording::makeRoom() {
    std::size_t needed = m_end;
    for (const auto follower : m_followers) {
        if (follower != freePlace) {
            needed = std::min(needed, follower);
        }
    }
    // More than one where a follower had held up more than the bound and has caught up since.
    while (m_blocks.size() >= m_maximumBlocks && needed >= (m_firstBlock + 1) * eventsPerBlock) {
        m_blocks.erase(m_blocks.begin());
        ++m_firstBlock;
    }
    if (m_blocks.size() >= 2 * m_maximumBlocks) {
        return false; // a follower that does not move: the bound holds all the same
    }
    m_blocks.push_back(m_pool->take());
    return true;
}

std::size_t Recording::append(std::span<const Event> events) {
    std::size_t appended = 0;
    while (appended < events.size()) {
        const std::lock_guard lock(m_mutex);
        if ((m_blocks.empty() || m_blocks.back()->size() == eventsPerBlock) && !makeRoom()) {
            break;
        }
        auto& block = *m_blocks.back();
        const auto count = std::min(events.size() - appended, eventsPerBlock - block.size());
        const auto from = events.begin() + static_cast<std::ptrdiff_t>(appended);
        block.insert(block.end(), from, from + static_cast<std::ptrdiff_t>(count));
        appended += count;
        m_end += count;
    }
    return appended;
}

RecordingView Recording::view() const {
    const std::lock_guard lock(m_mutex);
    return {{m_blocks.begin(), m_blocks.end()}, m_firstBlock, m_end};
}

std::size_t Recording::end() const {
    const std::lock_guard lock(m_mutex);
    return m_end;
}

std::size_t Recording::first() const {
    const std::lock_guard lock(m_mutex);
    return m_firstBlock * eventsPerBlock;
}

std::size_t Recording::addFollower() {
    const std::lock_guard lock(m_mutex);
    const auto place = std::find(m_followers.begin(), m_followers.end(), freePlace);
    const auto from = m_firstBlock * eventsPerBlock;
    if (place != m_followers.end()) {
        *place = from;
        return static_cast<std::size_t>(place - m_followers.begin());
    }
    m_followers.push_back(from);
    return m_followers.size() - 1;
}

void Recording::letGo(std::size_t follower, std::size_t index) {
    const std::lock_guard lock(m_mutex);
    m_followers[follower] = index;
}

void Recording::removeFollower(std::size_t follower) {
    const std::lock_guard lock(m_mutex);
    m_followers[follower] = freePlace;
}

void Recording::setCounts(std::vector<ActorCount> counts) {
    const std::lock_guard lock(m_mutex);
    m_counts = std::move(counts);
}

std::vector<ActorCount> Recording::counts() const {
    const std::lock_guard lock(m_mutex);
    return m_counts;
}

ActorCount Recording::total() const {
    ActorCount sum;
    for (const auto& count : counts()) {
        sum.emitted += count.emitted;
        sum.stored += count.stored;
        sum.lost += count.lost;
    }
    return sum;
}

} // namespace lab
