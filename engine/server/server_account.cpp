// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/server/server_account.h"

#include <algorithm>
#include <set>

namespace lab {

namespace {

void addUp(ThreadUsage& sum, const ThreadUsage& other) {
    sum.processorNanoseconds += other.processorNanoseconds;
    sum.voluntarySwitches += other.voluntarySwitches;
    sum.involuntarySwitches += other.involuntarySwitches;
    sum.threads += other.threads;
    sum.peakThreads = std::max(sum.peakThreads, other.peakThreads);
    sum.startedThreads += other.startedThreads;
}

} // namespace

void ServerAccount::add(const RunningModel& model) {
    const std::lock_guard lock(m_mutex);
    m_models.push_back(&model);
}

void ServerAccount::settle(const RunningModel& model) {
    const std::lock_guard lock(m_mutex);
    if (std::erase(m_models, &model) == 0) {
        return; // it never began
    }
    m_pastCounts += model.counts();
    addUp(m_pastUsage, model.usage());
    m_pastCache += model.cacheCountsOfProcesses();
    const bool isShared = std::any_of(m_models.begin(), m_models.end(),
                                      [&](const auto* other) { return other->files() == model.files(); });
    if (!isShared) {
        m_pastCache += model.files()->counts();
    }
}

void ServerAccount::closedInTransit(std::uint64_t connections) {
    const std::lock_guard lock(m_mutex);
    m_pastCounts.closed += connections;
}

ServerCounts ServerAccount::counts() const {
    const std::lock_guard lock(m_mutex);
    auto sum = m_pastCounts;
    for (const auto* model : m_models) {
        sum += model->counts();
    }
    // One that came and went between two looks may have been seen to go only.
    sum.accepted = std::max(sum.accepted, sum.closed);
    return sum;
}

ThreadUsage ServerAccount::usage() const {
    const std::lock_guard lock(m_mutex);
    auto sum = m_pastUsage;
    for (const auto* model : m_models) {
        addUp(sum, model->usage());
    }
    return sum;
}

CacheCounts ServerAccount::cacheCounts() const {
    const std::lock_guard lock(m_mutex);
    auto sum = m_pastCache;
    std::set<CachedFilesystem*> different;
    for (const auto* model : m_models) {
        sum += model->cacheCountsOfProcesses();
        if (different.insert(model->files().get()).second) {
            sum += model->files()->counts();
        }
    }
    return sum;
}

std::vector<WorkerProcess> ServerAccount::workers() const {
    const std::lock_guard lock(m_mutex);
    std::vector<WorkerProcess> all;
    for (const auto* model : m_models) {
        if (const auto* processes = model->processes()) {
            const auto some = processes->workers();
            all.insert(all.end(), some.begin(), some.end());
        }
    }
    return all;
}

std::string ServerAccount::troubleOf(std::string_view service) const {
    const std::lock_guard lock(m_mutex);
    std::string trouble;
    for (const auto* model : m_models) {
        if (const auto* processes = model->processes(); processes != nullptr && trouble.empty()) {
            trouble = processes->troubleOf(service);
        }
    }
    return trouble;
}

Result<void> ServerAccount::killWorker(int process) const {
    const std::lock_guard lock(m_mutex);
    Result<void> outcome(Error{"this server has no processes of its own but the lab's"});
    for (const auto* model : m_models) {
        if (auto* processes = model->processes(); processes != nullptr && !outcome) {
            outcome = processes->kill(process);
        }
    }
    return outcome;
}

} // namespace lab
