// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/load_judge.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lab {

namespace {

constexpr double mostlyLarge = 0.5;  ///< of all octets: from here on large files decide
constexpr double mostlySmall = 0.2;  ///< below, small ones do again
constexpr int inARow = 2;            ///< intervals, so that one large file among small ones does not count
constexpr int settlingIntervals = 1; ///< of a way that is new, not counted: answers are still under way
constexpr int countedIntervals = 6;  ///< of each way, so that chance does not decide
constexpr int fewestIntervals = 2;   ///< where it is plain by then
constexpr int mostIntervals = 12;    ///< where few answers are given
constexpr std::uint64_t enough = 20; ///< answers of each way
constexpr double clearly = 1.04;     ///< so much better must another way be
constexpr double plainly = 1.25;     ///< so much better or worse is plain early
constexpr double hopelessly = 1.5;   ///< so much worse is plain after one interval

constexpr std::int64_t firstTrialRest = 1'500'000'000;
constexpr std::int64_t longestTrialRest = 80'000'000'000;
constexpr double costOfTrials = 0.01; ///< of all time, as octets not sent: a trial that cost more is repeated later

unsigned inPercent(double share) { return static_cast<unsigned>(std::lround(std::clamp(share, 0.0, 30.0) * 100)); }

} // namespace

LoadJudge::LoadJudge(std::vector<FileTransfer> processor, std::vector<FileTransfer> pool)
    : m_processor(std::move(processor))
    , m_pool(std::move(pool))
    , m_way{false, m_processor.front()}
    , m_best{true, m_pool.front()}
    , m_rest(firstTrialRest) {}

std::vector<LoadJudge::Decision> LoadJudge::judge(const MeasuredLoad& load) {
    if (load.octets == 0) {
        return {};
    }
    const double share = load.largeShare();
    const bool speaksForOther = m_isLarge ? share < mostlySmall : share >= mostlyLarge;
    m_streak = speaksForOther ? m_streak + 1 : 0;
    if (m_streak >= inARow) {
        m_streak = 0;
        return m_isLarge ? leaveLarge(load) : enterLarge(load);
    }
    if (!m_isLarge || speaksForOther) {
        return {};
    }
    if (m_trial) {
        return goOnTrying(load);
    }
    m_untilTrial -= load.nanoseconds;
    if (m_untilTrial <= 0) {
        beginTrial();
    }
    return {};
}

std::vector<LoadJudge::Decision> LoadJudge::enterLarge(const MeasuredLoad& load) {
    m_isLarge = true;
    if (m_untilTrial <= 0) {
        beginTrial();
    }
    return take(m_best, inPercent(load.largeShare()));
}

/// A trial that was under way says nothing.
std::vector<LoadJudge::Decision> LoadJudge::leaveLarge(const MeasuredLoad& load) {
    m_isLarge = false;
    m_trial.reset();
    return take({false, m_processor.front()}, inPercent(load.largeShare()));
}

/// First the present way itself, then the other of processor and pool, then the other transfers by the better
/// one.
void LoadJudge::beginTrial() {
    m_trial.emplace();
    m_trial->interval = -settlingIntervals;
    m_trial->candidates.push_back({!m_best.byPool, transfersOf(!m_best.byPool).front()});
}

void LoadJudge::addTransfers(Trial& trial) const {
    trial.transfersToCome = false;
    for (const auto transfer : transfersOf(m_best.byPool)) {
        const Way way{m_best.byPool, transfer};
        auto& all = trial.candidates;
        if (way != m_best && std::find(all.begin(), all.end(), way) == all.end()) {
            all.push_back(way);
        }
    }
}

std::vector<LoadJudge::Decision> LoadJudge::goOnTrying(const MeasuredLoad& load) {
    auto& trial = *m_trial;
    const bool isPresent = trial.bestRate == 0;
    trial.spent += static_cast<double>(load.nanoseconds);
    if (++trial.interval <= 0) {
        return {};
    }
    trial.octets += static_cast<double>(load.octets);
    trial.nanoseconds += static_cast<double>(load.nanoseconds);
    trial.answers += load.answers;
    const double rate = trial.octets / trial.nanoseconds;
    const bool isOver = trial.interval >= (trial.answers >= enough ? countedIntervals : mostIntervals);
    const bool isPlain =
        trial.interval >= fewestIntervals && (rate > trial.bestRate * plainly || rate * plainly < trial.bestRate);
    const bool isHopeless = rate * hopelessly < trial.bestRate;
    const bool isEarly = !isPresent && trial.answers >= enough && (isPlain || isHopeless);
    if (!isOver && !isEarly) {
        return {};
    }
    std::vector<Decision> decisions;
    unsigned figure = trying;
    if (isPresent) {
        trial.bestRate = rate;
    } else if (rate > trial.bestRate * clearly) {
        const auto other = m_way.byPool ? Adaptation::ToPool : Adaptation::ToProcessor;
        decisions.push_back(
            {m_way.byPool == m_best.byPool ? nameOf(m_way) : other, compared + inPercent(rate / trial.bestRate)});
        trial.bestRate = rate;
        m_best = m_way;
        m_rest = firstTrialRest;
    } else {
        figure = compared + inPercent(trial.bestRate / rate);
        trial.cost += std::max(0.0, 1 - rate / trial.bestRate) * trial.spent;
    }
    trial.interval = -settlingIntervals;
    trial.octets = trial.nanoseconds = trial.spent = 0;
    trial.answers = 0;
    if (trial.candidates.empty() && trial.transfersToCome) {
        addTransfers(trial);
    }
    auto next = m_best;
    if (trial.candidates.empty()) {
        m_trial.reset();
        m_untilTrial = std::max(m_rest, static_cast<std::int64_t>(trial.cost / costOfTrials));
        m_rest = std::min(2 * m_rest, longestTrialRest);
    } else {
        next = trial.candidates.front();
        figure = trying;
        trial.candidates.erase(trial.candidates.begin());
    }
    const auto changes = take(next, figure);
    decisions.insert(decisions.end(), changes.begin(), changes.end());
    return decisions;
}

std::vector<LoadJudge::Decision> LoadJudge::take(const Way& way, unsigned figure) {
    std::vector<Decision> decisions;
    if (way.byPool != m_way.byPool) {
        decisions.push_back({way.byPool ? Adaptation::ToPool : Adaptation::ToProcessor, figure});
    }
    if (way.transfer != m_way.transfer) {
        decisions.push_back({nameOf(way), figure});
    }
    m_way = way;
    return decisions;
}

/// None: as it began.
Adaptation LoadJudge::nameOf(const Way& way) const {
    if (!way.byPool && way.transfer == m_processor.front()) {
        return Adaptation::None;
    }
    switch (way.transfer) {
    case FileTransfer::MmapWritev: return Adaptation::ToMmapWritev;
    case FileTransfer::Sendfile: return Adaptation::ToSendfile;
    case FileTransfer::TransmitFile: return Adaptation::ToTransmitFile;
    case FileTransfer::BySize: return Adaptation::ToBySize;
    default: return Adaptation::None;
    }
}

} // namespace lab
