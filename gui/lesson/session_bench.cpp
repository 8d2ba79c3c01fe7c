// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/lesson/session_bench.h"

#include <chrono>
#include <utility>

namespace lab {

SessionBench::SessionBench(LabSession& session, Starter starter, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_starter(std::move(starter)) {
    connect(&m_session, &LabSession::failed, this, [this](const QString& message) {
        if (m_session.phase() == LabSession::Phase::Idle) {
            m_failure = message;
        }
    });
}

void SessionBench::start(const LessonSetup& setup) {
    m_failure.clear();
    m_failure = m_starter(setup);
}

void SessionBench::flush() {
    if (auto* running = stepper()) {
        running->waitUntilHeld(std::chrono::milliseconds(0));
    }
}

} // namespace lab
