// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/lesson/lesson_bench.h"
#include "gui/bridge/lab_session.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <string>

namespace lab {

/// The window's session as a lesson's bench: what the lesson runs is what the window shows.
///
/// Threads: GUI, never blocks for longer than the trace takes to write down what has happened. Owner: the lesson view.
class SessionBench final : public QObject, public LessonBench {
    Q_OBJECT

public:
    /// Makes the window begin a run, held before its first turn; returns why it cannot, or an empty text.
    using Starter = std::function<QString(const LessonSetup& setup)>;

    SessionBench(LabSession& session, Starter starter, QObject* parent = nullptr);

    void start(const LessonSetup& setup) override;
    bool isStarting() const override { return m_session.isBusy(); }
    std::string failure() const override { return m_failure.toStdString(); }
    std::shared_ptr<Recording> recording() const override { return m_session.presentRecording(); }
    Stepper* stepper() const override { return m_session.stepper(); }
    void flush() override;

private:
    LabSession& m_session;
    Starter m_starter;
    QString m_failure;
};

} // namespace lab
