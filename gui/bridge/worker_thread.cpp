// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/worker_thread.h"

#include <sys/resource.h>
#include <unistd.h>

namespace lab {

WorkerThread::WorkerThread(const QString& name)
    : m_context(new QObject) {
    m_thread.setObjectName(name);
    m_context->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_context, &QObject::deleteLater);
    m_thread.start();
}

WorkerThread::~WorkerThread() { finish(); }

void WorkerThread::post(std::function<void()> job) {
    QMetaObject::invokeMethod(m_context, std::move(job), Qt::QueuedConnection);
}

void WorkerThread::giveWayToTheWindow() {
    constexpr int nicer = 10;
    // Of one thread on Linux, and handed down to those that it starts. A refusal costs frames only.
    post([] { ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nicer); });
}

void WorkerThread::finish() {
    if (!m_thread.isRunning()) {
        return;
    }
    // Posted as a job, so that it comes after all others.
    post([this] { m_thread.quit(); });
    m_thread.wait();
}

} // namespace lab
