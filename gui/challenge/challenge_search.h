// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/challenge/schedule_search.h"
#include "gui/bridge/worker_thread.h"

#include <QObject>

#include <cstdint>
#include <stop_token>

namespace lab {

/// Searches a challenge's orders on a thread of its own, so that the window goes on meanwhile.
///
/// Threads: GUI; the signals come in it. Owner: the challenge's view.
class ChallengeSearch : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    ~ChallengeSearch() override;

    /// Of two, the last one counts.
    void start(const Challenge& challenge, Variant variant);
    void cancel(); ///< found() will not come
    bool isRunning() const { return m_running; }

signals:
    void progressed(const lab::SearchProgress& progress);
    void found(const lab::SearchResult& result);

private:
    bool m_running = false;
    std::uint64_t m_job = 0;
    std::stop_source m_stop;
    WorkerThread m_worker{QStringLiteral("lab search")};
};

} // namespace lab
