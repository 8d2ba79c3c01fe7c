// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model_list.h"
#include "engine/connection/blocking_acceptor.h"
#include "engine/connection/blocking_connection.h"
#include "engine/process/parent_program.h"
#include "engine/process/parent_roles.h"
#include "engine/process/process_model.h"
#include "engine/process/process_parent.h"
#include "engine/server/server_context.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>

namespace lab {

namespace {

using std::chrono::milliseconds;

/// One that has come to an end so soon, before it has served anybody, will do so again: the next one waits, longer each
/// time.
constexpr std::chrono::seconds longLife{1};
constexpr milliseconds shortestRest{100};
constexpr milliseconds longestRest{5'000};

/// Places of processes that have ended, and of which not all has been told yet.
constexpr std::size_t sparePlaces = 16;

/// The pool as its parent keeps it: so many numbered workers, and a new one for each that ends.
class Pool {
public:
    explicit Pool(ProcessParent& parent)
        : m_parent(parent) {
        for (unsigned number = 1; number <= parent.options().threads; ++number) {
            m_missing.insert(number);
        }
    }

    /// Forks what is missing; returns how long to wait before it tries again, negative: nothing is missing.
    milliseconds fill() {
        while (!m_missing.empty() && m_parent.running()) {
            if (const auto rest = m_next - std::chrono::steady_clock::now(); rest.count() > 0) {
                return std::chrono::duration_cast<milliseconds>(rest) + milliseconds{1};
            }
            const auto number = *m_missing.begin();
            const auto place = m_parent.awaitPlace();
            if (!place) {
                break;
            }
            const auto work = [](ServerContext& context) {
                while (auto connection = acceptBlocking(context)) {
                    BlockingConnection(context, std::move(*connection)).serve();
                }
            };
            if (m_parent.fork(*place, "worker-" + std::to_string(number), work)) {
                m_numbers[*place] = number;
                m_missing.erase(number);
            } else {
                m_parent.giveBack(*place);
                backOff();
            }
        }
        return milliseconds{-1};
    }

    void lookAfter() {
        for (const auto& child : m_parent.takeEnded()) {
            m_missing.insert(m_numbers[child.place]);
            if (!child.hasServed && child.age < longLife) {
                backOff();
            } else {
                m_rest = shortestRest;
            }
        }
    }

private:
    void backOff() {
        m_next = std::chrono::steady_clock::now() + m_rest;
        m_rest = std::min(m_rest * 2, longestRest);
    }

    ProcessParent& m_parent;
    std::set<unsigned> m_missing;              ///< the workers' numbers
    std::map<std::size_t, unsigned> m_numbers; ///< by place
    milliseconds m_rest = shortestRest;
    std::chrono::steady_clock::time_point m_next{};
};

} // namespace

/// Role: the parent of Apache's first pool; its children each block in accept on the socket that all have inherited.
void keepProcessesReady(ProcessParent& parent) {
    Pool pool(parent);
    while (parent.running()) {
        parent.wait(pool.fill());
        pool.lookAfter();
    }
}

const ModelDescription preforkModel{
    .id = "prefork",
    .family = Family::Synchronous,
    .title = "Processes forked beforehand",
    .threads = "a parent, and a pool of processes with one thread each, each blocked in accept",
    .source = "López Ortega, Cherokee, section II (Apache)",
    .summary = "Each process of a pool accepts a connection and serves it with blocking calls; one that dies costs its "
               "own connection, and is replaced.",
    .options = {"threads", "transfer"},
    .steps = {"thread-pool"},
    .unavailable = whyNoProcesses,
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return makeProcessModel(context,
                                {.mostProcesses = context.options.threads + sparePlaces, .parentAccepts = false});
    },
};

} // namespace lab
