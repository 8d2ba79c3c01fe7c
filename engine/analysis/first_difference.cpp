// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/first_difference.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <string>
#include <string_view>

namespace lab {

bool takesTurns(std::string_view thread) { return thread != "main" && thread != "sampler" && thread != "clients"; }

namespace {

/// "dispatcher-" of "dispatcher-2": what the threads of a pool have in common.
std::string_view kindOf(std::string_view thread) {
    const auto last = thread.find_last_not_of("0123456789");
    return thread.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// The pattern events of a recording, one after the other.
class PatternEvents {
public:
    explicit PatternEvents(const Recording& recording)
        : m_view(recording.view())
        , m_names(recording.names())
        , m_next(m_view.first()) {}

    /// Index of the next one; nothing: there are no more.
    std::optional<std::size_t> next() {
        for (; m_next < m_view.end(); ++m_next) {
            const auto& event = m_view[m_next];
            if (event.type() == EventType::DrainStarted) {
                break; // from here on nobody steered
            }
            if (event.type() == EventType::ThreadStarted) {
                const auto name = static_cast<std::size_t>(event.value());
                m_threads[event.actor] = name < m_names.size() ? m_names[name] : std::string();
            }
            if (takesTurns(m_threads[event.actor]) && event.type() != EventType::EventsLost &&
                event.type() != EventType::ProcessEnded) {
                return m_next++;
            }
        }
        m_next = m_view.end();
        return std::nullopt;
    }

    const Event& operator[](std::size_t index) const { return m_view[index]; }
    std::string_view threadOf(const Event& event) const { return m_threads.at(event.actor); }

private:
    RecordingView m_view;
    std::vector<std::string> m_names;
    boost::unordered_flat_map<std::uint16_t, std::string> m_threads; ///< by actor
    std::size_t m_next;
};

/// Which thread of one recording stands for which of the other.
class ThreadPairs {
public:
    bool matches(std::uint16_t a, std::string_view nameOfA, std::uint16_t b, std::string_view nameOfB) {
        const auto known = m_ofA.find(a);
        if (known != m_ofA.end()) {
            return known->second == b;
        }
        if (m_ofB.contains(b) || kindOf(nameOfA) != kindOf(nameOfB)) {
            return false;
        }
        m_ofA[a] = b;
        m_ofB[b] = a;
        return true;
    }
    /// Actors are used again by other threads.
    void end(std::uint16_t a, std::uint16_t b) {
        m_ofA.erase(a);
        m_ofB.erase(b);
    }

private:
    boost::unordered_flat_map<std::uint16_t, std::uint16_t> m_ofA;
    boost::unordered_flat_map<std::uint16_t, std::uint16_t> m_ofB;
};

bool isAlike(const Event& a, const Event& b) {
    return a.type() == b.type() && a.kind() == b.kind() && a.connection == b.connection && a.operation == b.operation;
}

void keepLast(std::vector<std::size_t>& indices, std::size_t index, std::size_t most) {
    indices.push_back(index);
    if (indices.size() > most) {
        indices.erase(indices.begin());
    }
}

} // namespace

PatternComparison comparePatterns(const Recording& a, const Recording& b, std::size_t before) {
    PatternEvents ofA(a);
    PatternEvents ofB(b);
    ThreadPairs pairs;
    PatternComparison comparison;
    while (true) {
        const auto inA = ofA.next();
        const auto inB = ofB.next();
        if (!inA && !inB) {
            return comparison;
        }
        const bool both = inA && inB;
        if (!both || !isAlike(ofA[*inA], ofB[*inB]) ||
            !pairs.matches(ofA[*inA].actor, ofA.threadOf(ofA[*inA]), ofB[*inB].actor, ofB.threadOf(ofB[*inB]))) {
            comparison.inA = inA;
            comparison.inB = inB;
            return comparison;
        }
        if (ofA[*inA].type() == EventType::ThreadEnded) {
            pairs.end(ofA[*inA].actor, ofB[*inB].actor);
        }
        ++comparison.same;
        keepLast(comparison.beforeA, *inA, before);
        keepLast(comparison.beforeB, *inB, before);
    }
}

} // namespace lab
