// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QThread>

#include <functional>

namespace lab {

/// One named thread that does jobs one after another, so that nothing slow happens in the window's thread.
///
/// Threads: post() by the owner. Owner: a LabSession. Destroying it waits for the jobs that were posted.
class WorkerThread {
public:
    explicit WorkerThread(const QString& name);
    ~WorkerThread();
    WorkerThread(const WorkerThread&) = delete;
    WorkerThread& operator=(const WorkerThread&) = delete;

    void post(std::function<void()> job);

    /// From now on this thread, and every thread that is started from it, gets less of a busy processor than the
    /// window's does (nice 10): a run at full speed would otherwise take the window's frames.
    void giveWayToTheWindow();

    /// Does what was posted, then ends the thread. Nothing may be posted afterwards.
    void finish();

private:
    QThread m_thread;
    QObject* m_context; ///< lives in the thread, and receives the jobs; deleted with it
};

} // namespace lab
