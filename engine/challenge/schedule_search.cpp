// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/challenge/schedule_search.h"

#include "engine/challenge/play.h"

#include <boost/unordered/unordered_flat_set.hpp>

#include <algorithm>

namespace lab {

namespace {

constexpr std::size_t statesBetweenReports = 256;
constexpr std::size_t none = ~std::size_t{0};

/// How a state was reached: by `thread` from the state `former`.
struct Way {
    std::size_t former = none;
    std::size_t thread = 0;
};

struct Reached {
    Play play;
    std::size_t way; ///< index
};

std::vector<std::size_t> orderTo(const std::vector<Way>& ways, std::size_t at) {
    std::vector<std::size_t> order;
    for (; ways[at].former != none; at = ways[at].former) {
        order.push_back(ways[at].thread);
    }
    std::reverse(order.begin(), order.end());
    return order;
}

class Search {
public:
    Search(const Challenge& challenge, Variant variant)
        : m_threads(challenge.threads.size()) {
        Play first(challenge, variant, m_events);
        m_met.insert(first.key());
        m_ways.push_back({});
        m_level.push_back({std::move(first), 0});
    }

    SearchResult run(const std::stop_token& stop, const std::function<void(const SearchProgress&)>& progress);

private:
    bool extend(const Reached& from); ///< true: the fault has shown itself, by the last way
    void tell(const std::function<void(const SearchProgress&)>& progress);

    std::size_t m_threads;
    ModelEvents m_events; ///< only the last step's
    boost::unordered_flat_set<std::string> m_met;
    std::vector<Way> m_ways;
    std::vector<Reached> m_level; ///< the states that are m_steps from the beginning
    std::vector<Reached> m_next;
    std::size_t m_steps = 0;
    std::size_t m_told = 0;
};

SearchResult Search::run(const std::stop_token& stop, const std::function<void(const SearchProgress&)>& progress) {
    SearchResult result;
    while (!m_level.empty()) {
        for (const auto& one : m_level) {
            if (stop.stop_requested()) {
                result.cancelled = true;
            } else if (extend(one)) {
                result.order = orderTo(m_ways, m_ways.size() - 1);
            }
            if (result.cancelled || result.order) {
                result.states = m_met.size();
                result.steps = m_steps + (result.order ? 1 : 0);
                return result;
            }
            if (m_met.size() >= m_told + statesBetweenReports) {
                tell(progress);
            }
        }
        if (!m_next.empty()) {
            ++m_steps;
        }
        m_level = std::exchange(m_next, {});
        tell(progress);
    }
    result.states = m_met.size();
    result.steps = m_steps;
    return result;
}

bool Search::extend(const Reached& from) {
    for (std::size_t thread = 0; thread < m_threads; ++thread) {
        if (!from.play.next(thread).possible) {
            continue;
        }
        Play play = from.play;
        m_events.forgetEvents();
        play.go(thread, m_events);
        if (!m_met.insert(play.key()).second) {
            continue;
        }
        m_ways.push_back({from.way, thread});
        if (play.fault()) {
            return true;
        }
        m_next.push_back({std::move(play), m_ways.size() - 1});
    }
    return false;
}

void Search::tell(const std::function<void(const SearchProgress&)>& progress) {
    m_told = m_met.size();
    if (progress) {
        progress({m_met.size(), m_steps});
    }
}

} // namespace

SearchResult findShortest(const Challenge& challenge, Variant variant, std::stop_token stop,
                          const std::function<void(const SearchProgress&)>& progress) {
    return Search(challenge, variant).run(stop, progress);
}

} // namespace lab
