// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/thread_group.h"
#include "engine/server/running_model.h"
#include "engine/server/server_account.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace lab {

/// Models that have been followed by another one, while they finish what is under way.
///
/// Decides: when one has come to its end. Threads: the owner's, one at a time; each model is waited for by a thread of
/// its own. Owner: the server.
class FormerModels {
public:
    /// `isStopWanted`: from then on nobody is waited for here any more, and the owner ends them all.
    FormerModels(Trace* trace, const std::atomic<bool>& isStopWanted, ServerAccount& account)
        : m_isStopWanted(isStopWanted)
        , m_account(account)
        , m_finishers(trace, Gated::No) {}

    /// Takes a model that hands over, and ends it when nothing is under way on it any more.
    void finishLater(std::unique_ptr<RunningModel> model);

    /// Settles and destroys those that have ended.
    void forgetFinished();

    /// Waits for the threads; a stop is wanted, so that they end.
    void join() { m_finishers.join(); }

    std::vector<RunningModel*> all() const;

private:
    struct Former {
        std::unique_ptr<RunningModel> model;
        std::atomic<bool> hasEnded{false};
    };
    void finish(Former& former) const;

    const std::atomic<bool>& m_isStopWanted;
    ServerAccount& m_account;
    std::vector<std::unique_ptr<Former>> m_formers;
    ThreadGroup m_finishers;
};

} // namespace lab
