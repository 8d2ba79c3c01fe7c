// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/stepping/stepper.h"
#include "gui/bridge/lab_session.h"
#include "gui/model/playhead.h"
#include "gui/model/shared_selection.h"
#include "gui/model/step_search.h"

#include <QElapsedTimer>
#include <QObject>
#include <QString>

#include <optional>
#include <vector>

namespace lab {

/// Steps what the window shows: through what was recorded and, at its end, on into the live run.
///
/// Role: between controls, playhead and the run's Stepper. Decides: whether a step needs the server, and where the
/// playhead stands after it. Threads: GUI, never blocks. Owner: the window, whose parts it borrows.
class StepControl : public QObject {
    Q_OBJECT

public:
    /// What the server of the run on show does.
    enum class Server {
        None, ///< a recording is on show, or nothing runs
        Free,
        Paced,
        Held,
        Stepping
    };

    StepControl(LabSession& session, Playhead& playhead, SharedSelection& selection, QObject* parent = nullptr);

    /// One frame, after the playhead's: follows a step that is under way.
    void frame();

    Server server() const { return m_server; }
    bool isHeld() const { return m_server == Server::Held; }
    bool isEngaged() const { return m_server == Server::Held || m_server == Server::Stepping; }
    /// What the server waits for, or is on its way to, in words; empty while it runs.
    const QString& status() const { return m_status; }
    bool isStuck() const { return m_stuck; }

    /// Who could go next. Asks the run: for a frame in which somebody looks at it.
    std::vector<Candidate> candidates() const;

    /// The thread or connection that a step follows: the selected one, or that of the event at the playhead.
    std::optional<std::uint16_t> threadToStep() const;
    std::optional<std::uint32_t> connectionToStep() const;

    /// Somebody else lets the server go on: until when, in words.
    void announce(const QString& doing);

    /// The pace of what comes next, not of what is under way.
    void rememberPace(double eventsPerSecond) { m_pace = eventsPerSecond; }

public slots:
    void hold();
    void goOn(); ///< at the pace
    void toggleHold();
    void forward(long long events); ///< negative: back
    void step(const Condition& condition, const StepScope& scope = {});
    void stepKind(const QString& id); ///< of stepKinds()
    void stepThread();
    void stepRequest();
    void choose(const Candidate& candidate);
    void setPace(double eventsPerSecond); ///< of the server, or of the step under way

signals:
    void changed(); ///< server() or status() are others
    void remarked(const QString& message);

private:
    /// Where the playhead is to go: a place, or where a search ends.
    struct Goal {
        std::size_t position = 0;
        std::optional<StepSearch> search{};
        bool asked = false;       ///< the server was asked for it
        std::size_t recorded = 0; ///< when it was asked last
        int framesHeld = 0;       ///< since the server is held again
        Playhead::Mode mode{};    ///< as left here: if the playhead is elsewhere, somebody else moved it
        std::size_t place = 0;
    };
    void pursuePlace(Goal& goal);
    void pursueSearch(Goal& goal);
    void pursue();
    void arrive(std::size_t position);
    void leave();
    bool isAtEnd() const;
    void askForOne();
    void readServer();
    QString describe(Stepper& stepper);

    LabSession& m_session;
    Playhead& m_playhead;
    SharedSelection& m_selection;
    Server m_server = Server::None;
    QString m_status;
    bool m_stuck = false;
    double m_pace = 0;
    QElapsedTimer m_underWay; ///< since the server goes on
    QString m_doing;          ///< what it was asked for, in words
    std::optional<Goal> m_goal;
};

} // namespace lab
