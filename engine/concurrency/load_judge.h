// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/server/server_options.h"
#include "engine/trace/event.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace lab {

/// What a server that adapts itself has measured over an interval.
struct MeasuredLoad {
    std::int64_t nanoseconds = 0; ///< of lab time
    double busy = 0;              ///< share of the dispatcher's time in which it had a processor
    std::uint64_t answers = 0;
    std::int64_t octets = 0;      ///< of these answers
    std::int64_t largeOctets = 0; ///< of these, in files that are not kept in memory

    double rate() const { return nanoseconds > 0 ? static_cast<double>(octets) / static_cast<double>(nanoseconds) : 0; }
    double largeShare() const {
        return octets > 0 ? static_cast<double>(largeOctets) / static_cast<double>(octets) : 0;
    }
    std::int64_t meanOctets() const { return answers > 0 ? octets / static_cast<std::int64_t>(answers) : 0; }
};

/// Decides how a server that adapts itself sends large files: by its Asynchronous Operation Processor or by threads of a
/// pool, and with which transfer. Small answers are always the processor's.
///
/// Which way is better depends on the machine, its other work and the clients, so it is not assumed but tried: where
/// most octets are in large files, each way is measured for a moment, and the one that brought the most octets a second
/// stays. It begins with the pool, whose threads may wait for a disk while the dispatcher goes on. What was found is
/// tried again after a while: later each time that it was found again, and later where trying has cost much.
///
/// Role: the dynamic part of adaptation (P, conclusion). Pure: no clock, no thread. Owner: the model.
class LoadJudge {
public:
    struct Way {
        bool byPool = false;
        FileTransfer transfer = FileTransfer::Sendfile;
        friend bool operator==(const Way&, const Way&) = default;
    };

    /// Why something was decided, as the event tells it beside the figures (adaptationFigure).
    static constexpr unsigned trying = 200;    ///< below: octets in large files, in percent
    static constexpr unsigned compared = 1000; ///< and more: so many percent of what the way before brought

    struct Decision {
        Adaptation what = Adaptation::None;
        unsigned figure = 0;
    };

    /// The transfers by which each of them can send, at least one: first the one to begin with.
    LoadJudge(std::vector<FileTransfer> processor, std::vector<FileTransfer> pool);

    /// The way from now on.
    const Way& way() const { return m_way; }

    /// Looks at one interval, and changes way() accordingly. What has changed, in words for the trace.
    std::vector<Decision> judge(const MeasuredLoad& load);

private:
    struct Trial {
        std::vector<Way> candidates; ///< still to be tried
        bool transfersToCome = true; ///< by processor or pool, whichever was better
        int interval = 0;            ///< counted ones of the present candidate; below 0: it still settles
        double octets = 0;
        double nanoseconds = 0;
        double spent = 0; ///< ns: these and the ones in which it settled
        std::uint64_t answers = 0;
        double bestRate = 0; ///< octets a nanosecond; 0: the present way is still being measured
        double cost = 0;     ///< ns in which the best way would have sent what the worse ones did not
    };

    std::vector<Decision> enterLarge(const MeasuredLoad& load);
    std::vector<Decision> leaveLarge(const MeasuredLoad& load);
    void beginTrial();
    void addTransfers(Trial& trial) const;
    std::vector<Decision> goOnTrying(const MeasuredLoad& load);
    std::vector<Decision> take(const Way& way, unsigned figure);
    const std::vector<FileTransfer>& transfersOf(bool byPool) const { return byPool ? m_pool : m_processor; }
    Adaptation nameOf(const Way& way) const;

    const std::vector<FileTransfer> m_processor;
    const std::vector<FileTransfer> m_pool;
    Way m_way;
    Way m_best; ///< for large files, as far as is known
    bool m_isLarge = false;
    int m_streak = 0; ///< intervals in a row that speak for the other regime
    std::optional<Trial> m_trial;
    std::int64_t m_untilTrial = 0; ///< ns of large load until the next one
    std::int64_t m_rest;           ///< between this trial and the next one
};

} // namespace lab
