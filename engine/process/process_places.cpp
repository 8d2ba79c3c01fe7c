// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/process_places.h"

#include "engine/base/futex.h"
#include "engine/process/process_cost.h"
#include "engine/process/site_text.h"

#include <algorithm>
#include <sys/wait.h>

namespace lab {

namespace {

void add(ProcessCost& sum, const ProcessCost& other) {
    sum.processorNanoseconds += other.processorNanoseconds;
    sum.voluntarySwitches += other.voluntarySwitches;
    sum.involuntarySwitches += other.involuntarySwitches;
}

/// The sentence of the line that begins with the service's name; empty: there is none.
std::string_view sentenceOf(std::string_view service, std::string_view lines) {
    while (!lines.empty()) {
        const auto line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
        if (line.starts_with(service) && line.substr(service.size()).starts_with(": ")) {
            return line.substr(service.size() + 2);
        }
    }
    return {};
}

} // namespace

/// How far a process has told its own story, as its ring says.
struct ProcessPlaces::Story {
    bool hasBegun = false;
    bool hasEnded = false;
    std::uint32_t openConnection = 0; ///< that it told of and has not closed
};

ProcessPlaces::ProcessPlaces(ProcessMemory& memory, Trace* trace, bool parentAccepts)
    : m_memory(memory)
    , m_trace(trace)
    , m_parentAccepts(parentAccepts) {
    m_memory.share().isTraced = trace != nullptr;
}

void ProcessPlaces::prepare(std::size_t count) {
    auto& share = m_memory.share();
    const auto first = prepared();
    const auto end = std::min<std::size_t>(first + count, share.places);
    for (auto index = first; index < end; ++index) {
        auto& place = m_memory.place(index);
        if (m_trace != nullptr) {
            auto* ring = m_trace->attachForeign(m_memory.ring(index));
            if (ring == nullptr) {
                return; // more actors than events can tell apart
            }
            place.actor = ring->actor();
            m_rings.push_back(ring);
        }
        place.phase.store(ProcessPlace::Phase::Free, std::memory_order_release);
        share.prepared.store(static_cast<std::uint32_t>(index + 1), std::memory_order_release);
    }
}

std::uint32_t ProcessPlaces::numberFor(IdTable::Kind kind, std::string_view text) {
    std::uint32_t id = 0;
    if (kind == IdTable::Kind::Name) {
        id = m_trace->recording().intern(text);
    } else if (const auto site = siteFrom(text)) {
        id = registerSite(*site);
    }
    m_memory.share().ids.add(kind, text, id);
    return id;
}

void ProcessPlaces::answer() {
    for (std::size_t index = 0; index < prepared(); ++index) {
        auto& place = m_memory.place(index);
        if (m_trace != nullptr && place.wakesCollector.exchange(false)) {
            m_trace->wakeCollector();
        }
        auto& request = place.ids;
        if (m_trace != nullptr && request.word.load(std::memory_order_acquire) == IdRequest::Asked) {
            const auto size = std::min<std::size_t>(request.size, request.text.size());
            request.id = numberFor(request.kind, {request.text.data(), size});
            request.word.store(IdRequest::Answered, std::memory_order_release);
            wakeAll(request.word);
        }
    }
}

/// Accepted by the parent for a child that was never made.
bool ProcessPlaces::isUnserved(std::uint32_t connection) const {
    for (std::size_t index = 1; index < prepared(); ++index) {
        const auto& place = m_memory.place(index);
        if (place.phase.load() == ProcessPlace::Phase::Taken && place.process.load() == 0 &&
            place.served.connection.load() == connection && place.counts.open() > 0) {
            return true;
        }
    }
    return false;
}

/// From the last event back to the process's first, or as far as the ring reaches.
ProcessPlaces::Story ProcessPlaces::storyOf(std::size_t index) const {
    auto& place = m_memory.place(index);
    const auto [share, slots, capacity] = m_memory.ring(index);
    const auto published = share->published.load(std::memory_order_acquire);
    Story story{.hasBegun = published > 0};
    for (auto at = published; at > published - std::min<std::uint64_t>(published, capacity); --at) {
        const auto& event = slots[(at - 1) & (capacity - 1)];
        switch (event.type()) {
        case EventType::ThreadEnded: story.hasEnded = true; break;
        case EventType::ConnectionAccepted:
        case EventType::ConnectionTakenOver:
            story.openConnection = index != 0 || isUnserved(event.connection) ? event.connection : 0;
            return story;
        case EventType::ConnectionClosed:
        case EventType::ConnectionHandedOver: return story;
        default: break;
        }
    }
    const bool mayHaveBeenTold = m_parentAccepts || published > capacity || share->lost.load() > 0;
    if (index != 0 && mayHaveBeenTold && place.counts.open() > 0) {
        story.openConnection = place.served.connection.load(std::memory_order_relaxed);
    }
    return story;
}

void ProcessPlaces::tell(const End& end) {
    auto& place = m_memory.place(end.place);
    const auto story = storyOf(end.place);
    const bool killed = end.process == 0 || WIFSIGNALED(end.status);
    const auto code = WIFSIGNALED(end.status) ? WTERMSIG(end.status) : WEXITSTATUS(end.status);
    const auto requests = place.counts.requests.load() - place.served.requestsBefore.load();
    m_trace->endForeign(*m_rings[end.place], [&] {
        if (story.openConnection != 0) {
            LAB_MARK(ConnectionClosed, HttpHandler, "process ends", .connection = story.openConnection,
                     .kind = CloseReason::ProcessEnded, .value = static_cast<std::int64_t>(requests));
        }
        LAB_MARK(ProcessEnded, Thread, "process ends", .kind = killed ? ProcessEnd::Killed : ProcessEnd::Exited,
                 .value = processEndValue(place.process.load(), end.process == 0 ? SIGKILL : code));
        if (story.hasBegun && !story.hasEnded) {
            constexpr std::uint8_t inTheMiddle = 1;
            LAB_MARK(ThreadEnded, Thread, "process ends", .kind = inTheMiddle);
        }
    });
}

void ProcessPlaces::settle(const std::vector<End>& ends) {
    if (m_trace != nullptr) {
        m_trace->flush(); // what they wrote
    }
    for (const auto& end : ends) {
        auto& place = m_memory.place(end.place);
        if (m_trace != nullptr) {
            tell(end);
        }
        {
            const std::lock_guard lock(m_mutex);
            add(m_ended, end.cost);
            place.process.store(0, std::memory_order_release);
        }
        place.counts.closed.fetch_add(place.counts.open(), std::memory_order_acq_rel);
        place.ids.word.store(IdRequest::Nothing, std::memory_order_relaxed);
        place.phase.store(ProcessPlace::Phase::Told, std::memory_order_release);
    }
}

void ProcessPlaces::close() {
    if (m_trace != nullptr) {
        m_trace->detachForeign(m_rings);
        m_rings.clear();
    }
}

ServerCounts ProcessPlaces::counts() const {
    ServerCounts sum;
    const auto count = prepared();
    for (std::size_t index = 0; index < count; ++index) { // all closed first: the difference is never negative
        const auto& counts = m_memory.place(index).counts;
        sum.closed += counts.closed.load(std::memory_order_acquire);
        sum.handedOver += counts.handedOver.load(std::memory_order_acquire);
    }
    for (std::size_t index = 0; index < count; ++index) {
        const auto& counts = m_memory.place(index).counts;
        sum.accepted += counts.accepted.load(std::memory_order_acquire);
        sum.takenOver += counts.takenOver.load(std::memory_order_acquire);
        sum.requests += counts.requests.load(std::memory_order_relaxed);
    }
    return sum;
}

CacheCounts ProcessPlaces::cacheCounts() const {
    CacheCounts sum;
    for (std::size_t index = 0; index < prepared(); ++index) {
        const auto& served = m_memory.place(index).served;
        sum.hits += served.cacheHits.load(std::memory_order_relaxed);
        sum.misses += served.cacheMisses.load(std::memory_order_relaxed);
        sum.evictions += served.evictions.load(std::memory_order_relaxed);
    }
    return sum;
}

std::vector<ProcessPlaces::End> ProcessPlaces::living() const {
    std::vector<End> all;
    const auto count = prepared();
    for (std::size_t index = 0; index < count; ++index) {
        if (const auto process = m_memory.place(index).process.load(std::memory_order_acquire); process != 0) {
            all.push_back({.place = index, .process = process, .status = 0, .cost = {}});
        }
    }
    return all;
}

ThreadUsage ProcessPlaces::usage() const {
    const std::lock_guard lock(m_mutex); // so that one that is being settled counts once
    auto sum = m_ended;
    const auto alive = living();
    for (const auto& one : alive) {
        add(sum, costOf(one.process));
    }
    // One that has ended and was not settled yet is missing; what was told once is not taken back.
    m_told.processorNanoseconds = sum.processorNanoseconds =
        std::max(sum.processorNanoseconds, m_told.processorNanoseconds);
    m_told.voluntarySwitches = sum.voluntarySwitches = std::max(sum.voluntarySwitches, m_told.voluntarySwitches);
    m_told.involuntarySwitches = sum.involuntarySwitches =
        std::max(sum.involuntarySwitches, m_told.involuntarySwitches);
    const auto& share = m_memory.share();
    return {.processorNanoseconds = sum.processorNanoseconds,
            .voluntarySwitches = sum.voluntarySwitches,
            .involuntarySwitches = sum.involuntarySwitches,
            .threads = alive.size(),
            .peakThreads = share.peak.load(std::memory_order_relaxed),
            .startedThreads = share.started.load(std::memory_order_relaxed)};
}

std::vector<WorkerProcess> ProcessPlaces::workers() const {
    std::vector<WorkerProcess> all;
    for (const auto& one : living()) {
        if (one.place == 0) {
            continue; // the parent serves nobody
        }
        const auto& place = m_memory.place(one.place);
        const bool serves = place.counts.open() > 0;
        all.push_back({.process = one.process,
                       .actor = place.actor,
                       .connection = serves ? place.served.connection.load(std::memory_order_relaxed) : 0});
    }
    return all;
}

std::string ProcessPlaces::troubleOf(std::string_view service) const {
    std::string first;
    bool areMore = false;
    for (std::size_t index = 0; index < prepared(); ++index) {
        const auto lines = m_memory.place(index).trouble.read();
        const auto sentence = sentenceOf(service, lines);
        areMore = areMore || (!first.empty() && !sentence.empty());
        if (first.empty()) {
            first = sentence;
        }
    }
    if (first.empty()) {
        return first;
    }
    return (areMore ? "in several processes, one of which tells: " : "in a process: ") + first;
}

} // namespace lab
