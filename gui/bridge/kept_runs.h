// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/run_request.h"

#include <QString>

#include <cstddef>
#include <memory>
#include <vector>

namespace lab {

/// A run that gave way to another one and can still be looked at, and gone on from.
struct KeptRun {
    QString name; ///< "A"
    std::shared_ptr<Recording> recording;
    std::shared_ptr<const Schedule> schedule;
    RunRequest request;
};

/// The last few stepped runs, so that other choices can be compared with those made before.
///
/// Decides: how many are kept. Threads: GUI. Owner: a LabSession.
class KeptRuns {
public:
    static constexpr std::size_t most = 4;
    static constexpr std::size_t mostEvents = 4'000'000; ///< of all together; the last one stays in any case

    const std::vector<KeptRun>& all() const { return m_runs; }
    QString nextName() const; ///< of the run that is not kept yet

    /// Gives the run its name; the oldest ones go where there are too many.
    void keep(KeptRun run);

private:
    std::vector<KeptRun> m_runs; ///< oldest first
    int m_named = 0;
};

} // namespace lab
