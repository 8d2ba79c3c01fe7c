// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/step_control.h"

#include "engine/stepping/step_kind.h"
#include "gui/model/event_words.h"

#include <algorithm>

namespace lab {

namespace {

constexpr std::size_t lookedAtInAFrame = 200'000;
/// Frames after which no event of a step that has ended is still on its way into the recording.
constexpr int framesToSettle = 12;
/// A step that takes no longer is not announced, ms.
constexpr qint64 brief = 250;
/// So many events ahead a key that is held down may ask for.
constexpr std::size_t farthestAhead = 200;

StepControl::Server serverOf(Stepper::Mode mode) {
    switch (mode) {
    case Stepper::Mode::Free: return StepControl::Server::Free;
    case Stepper::Mode::Paced: return StepControl::Server::Paced;
    case Stepper::Mode::Held: return StepControl::Server::Held;
    case Stepper::Mode::Stepping: return StepControl::Server::Stepping;
    }
    return StepControl::Server::None;
}

} // namespace

StepControl::StepControl(LabSession& session, Playhead& playhead, SharedSelection& selection, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_playhead(playhead)
    , m_selection(selection) {}

bool StepControl::isAtEnd() const { return m_playhead.position() >= m_playhead.recorded(); }

void StepControl::hold() {
    m_goal.reset();
    if (auto* stepper = m_session.stepper()) {
        stepper->hold();
        readServer();
    }
}

void StepControl::goOn() {
    m_goal.reset();
    if (m_session.stepper() != nullptr) {
        m_session.goOn(m_pace);
        m_playhead.toEnd();
        readServer();
    }
}

void StepControl::toggleHold() { isEngaged() ? goOn() : hold(); }

/// The playhead is where this control left it until somebody else moves it.
void StepControl::leave() {
    if (m_goal) {
        m_goal->mode = m_playhead.mode();
        m_goal->place = m_playhead.position();
    }
}

void StepControl::forward(long long events) {
    if (!m_playhead.hasRecording()) {
        return;
    }
    const bool onItsWay = events > 0 && m_goal && !m_goal->search;
    const auto from = onItsWay ? m_goal->position : m_playhead.position();
    const auto target = from + static_cast<std::size_t>(std::max(0LL, events));
    if (events < 0 || !isEngaged() || target <= m_playhead.end()) {
        m_goal.reset();
        m_playhead.step(static_cast<long long>(
            events < 0 ? events : static_cast<long long>(target) - static_cast<long long>(m_playhead.position())));
        return;
    }
    m_playhead.seek(std::min(m_playhead.position(), m_playhead.end()));
    auto goal = onItsWay ? *m_goal : Goal{};
    goal.position = std::min(target, m_playhead.recorded() + farthestAhead);
    m_goal = goal;
    leave();
    if (!onItsWay) {
        askForOne();
    }
}

void StepControl::askForOne() {
    auto* stepper = m_session.stepper();
    if (stepper == nullptr || m_playhead.recorded() >= m_goal->position || !isHeld()) {
        return;
    }
    m_goal->asked = true;
    m_goal->recorded = m_playhead.recorded();
    m_doing = tr("until the next event");
    m_underWay.start();
    stepper->step({});
    readServer();
}

void StepControl::step(const Condition& condition, const StepScope& scope) {
    if (!m_playhead.hasRecording()) {
        return;
    }
    const bool live = m_playhead.mode() == Playhead::Mode::Live;
    m_goal = Goal{};
    m_goal->search.emplace(condition, scope, m_playhead.position(), m_playhead.follower());
    m_doing = QString::fromStdString(condition.words());
    if (live && m_session.stepper() != nullptr && !isEngaged()) {
        m_goal->search.emplace(condition, scope, m_playhead.recorded(), m_playhead.follower());
    } else {
        m_playhead.pause();
    }
    leave();
    pursue();
}

void StepControl::stepKind(const QString& id) {
    Condition condition;
    condition.step = id.toStdString();
    step(condition);
}

std::optional<std::uint16_t> StepControl::threadToStep() const {
    if (!m_playhead.hasRecording() || m_playhead.position() == 0) {
        return std::nullopt;
    }
    const auto& selected = m_selection.value();
    return selected.kind == Selection::Kind::Thread ? static_cast<std::uint16_t>(selected.id)
                                                    : m_playhead.state().last.actor;
}

std::optional<std::uint32_t> StepControl::connectionToStep() const {
    if (!m_playhead.hasRecording() || m_playhead.position() == 0) {
        return std::nullopt;
    }
    const auto& state = m_playhead.state();
    const auto& selected = m_selection.value();
    std::uint32_t connection = 0;
    if (selected.kind == Selection::Kind::Connection) {
        connection = selected.id;
    } else if (selected.kind == Selection::Kind::Operation) {
        const auto operation = state.operations.find(selected.id);
        connection = operation != state.operations.end() ? operation->second.connection : 0;
    } else if (selected.kind == Selection::Kind::Client) {
        const auto client = state.clients.find(selected.id);
        connection = client != state.clients.end() ? client->second.connection : 0;
    } else if (!isTraffic(state.last.type())) {
        connection = state.last.connection;
    }
    return connection != 0 ? std::optional(connection) : std::nullopt;
}

void StepControl::stepThread() {
    if (const auto actor = threadToStep()) {
        step({}, {.whom = StepScope::Whom::Thread, .actor = *actor});
        m_doing =
            tr("until the next event of %1")
                .arg(QString::fromStdString(threadName(*actor, m_playhead.state(), m_playhead.follower().glossary())));
    }
}

void StepControl::stepRequest() {
    if (const auto connection = connectionToStep()) {
        step({}, {.whom = StepScope::Whom::Request, .connection = *connection});
        m_doing = tr("until the next event of connection #%1").arg(*connection);
    } else {
        emit remarked(tr("No connection is selected, and the event here is of none. Select one on the stage first."));
    }
}

void StepControl::choose(const Candidate& candidate) {
    auto* stepper = m_session.stepper();
    if (stepper == nullptr || !isHeld()) {
        return;
    }
    m_playhead.seek(m_playhead.end());
    m_goal = Goal{};
    m_goal->position = m_playhead.recorded() + 1;
    m_goal->asked = true;
    m_goal->recorded = m_playhead.recorded();
    m_doing = tr("until %1 has taken its turn").arg(QString::fromStdString(candidate.thread));
    m_underWay.start();
    leave();
    stepper->choose(candidate);
    readServer();
}

void StepControl::setPace(double eventsPerSecond) {
    m_pace = eventsPerSecond;
    m_session.setPace(eventsPerSecond);
    auto* stepper = m_session.stepper();
    if (stepper != nullptr && m_server == Server::Stepping && m_goal && m_goal->search && m_goal->asked) {
        m_session.step(m_goal->search->condition(), m_goal->search->scope(), m_pace);
    }
}

std::vector<Candidate> StepControl::candidates() const {
    auto* stepper = m_session.stepper();
    return stepper != nullptr ? stepper->candidates() : std::vector<Candidate>{};
}

void StepControl::announce(const QString& doing) {
    m_goal.reset();
    m_doing = doing;
    m_underWay.start();
}

void StepControl::frame() {
    readServer();
    if (m_goal) {
        pursue();
    }
}

void StepControl::arrive(std::size_t position) {
    const bool far = m_goal && !m_goal->asked;
    m_goal.reset();
    far ? m_playhead.playTo(position) : m_playhead.seek(position);
}

void StepControl::pursue() {
    const bool moved = m_playhead.mode() != m_goal->mode ||
                       (m_playhead.mode() != Playhead::Mode::Live && m_playhead.position() != m_goal->place);
    if (moved) {
        m_goal.reset(); // the person went elsewhere; what the server was asked for, it still does
        return;
    }
    m_goal->search ? pursueSearch(*m_goal) : pursuePlace(*m_goal);
}

void StepControl::pursuePlace(Goal& goal) {
    if (m_playhead.end() >= goal.position) {
        arrive(goal.position);
        return;
    }
    if (m_playhead.end() > m_playhead.position()) { // of many, as far as they are there
        m_playhead.seek(m_playhead.end());
        leave();
    }
    if (!isEngaged()) {
        m_goal.reset();
    } else if (isHeld() && (!goal.asked || m_playhead.recorded() > goal.recorded)) {
        askForOne();
    }
}

void StepControl::pursueSearch(Goal& goal) {
    if (const auto found = goal.search->look(m_playhead.follower(), lookedAtInAFrame)) {
        arrive(*found);
        return;
    }
    auto* stepper = m_session.stepper();
    if (!goal.search->isAtEnd(m_playhead.follower()) || m_playhead.end() < m_playhead.recorded()) {
        return;
    }
    if (stepper == nullptr) {
        m_goal.reset();
        m_playhead.toEnd();
        emit remarked(tr("The recording ends before that."));
    } else if (!goal.asked && (isEngaged() || goal.mode == Playhead::Mode::Live)) {
        goal.asked = true;
        m_underWay.start();
        m_session.step(goal.search->condition(), goal.search->scope(), m_pace);
        m_playhead.toEnd();
        leave();
        readServer();
    } else if (goal.asked && isHeld() && ++goal.framesHeld > framesToSettle) {
        m_goal.reset(); // held by somebody else, or at an event that the recording dropped
    }
}

void StepControl::readServer() {
    auto* stepper = m_session.stepper();
    const auto server = stepper != nullptr ? serverOf(stepper->mode()) : Server::None;
    if (server == Server::Stepping && !m_underWay.isValid()) {
        m_underWay.start(); // a schedule that is being followed
        m_doing.clear();
    }
    const auto status = stepper != nullptr ? describe(*stepper) : QString{};
    if (server != Server::Stepping) {
        m_underWay.invalidate();
    }
    if (server != m_server || status != m_status) {
        m_server = server;
        m_status = status;
        emit changed();
    }
}

QString StepControl::describe(Stepper& stepper) {
    m_stuck = false;
    switch (stepper.mode()) {
    case Stepper::Mode::Held: return tr("Nothing happens in it until you let it.");
    case Stepper::Mode::Stepping: {
        if (m_underWay.isValid() && m_underWay.elapsed() < brief) {
            return m_status; // too short to be read
        }
        const auto stuck = QString::fromStdString(stepper.stuck());
        m_stuck = !stuck.isEmpty();
        return m_stuck ? stuck : m_doing.isEmpty() ? tr("It follows the schedule.") : tr("It goes on %1.").arg(m_doing);
    }
    default: return {};
    }
}

} // namespace lab
