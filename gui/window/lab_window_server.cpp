// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/scenario_folder.h"
#include "gui/window/lab_window.h"

// What runs: the scenario, the model and the options, by whom they were chosen, and how a server that runs is changed.

namespace lab {

QString LabWindow::firstScenario() { return QString::fromStdString(scenarioFolder() + "/first-light.json"); }

/// What the person chose stays where the scenario does not name it.
bool LabWindow::takeScenario(const QString& file) {
    auto scenario = readScenario(file.toStdString());
    if (!scenario) {
        m_messages->showError(QString::fromStdString(scenario.error().message));
        return false;
    }
    const bool first = m_scenario.id.empty();
    m_scenario = std::move(*scenario);
    m_server = m_chosen; // what the former scenario asked for has gone with it
    applyWanted(m_scenario.server, m_server);
    if (first && !m_options.model.isEmpty()) {
        m_server.model = m_options.model.toStdString();
    }
    m_runBar->setScenario(file);
    m_runBar->setServer(m_server);
    const double pace = m_scenario.pace.value_or(0);
    m_timeBar->setPace(first ? m_options.pace.value_or(pace) : pace);
    return true;
}

void LabWindow::loadScenario(const QString& file) {
    // A broken file at the very start would leave nothing on show: then the first scenario runs, below the error.
    if (takeScenario(file) || (!m_session.recording() && takeScenario(firstScenario()))) {
        start();
    }
}

/// A scenario from the lab's own folder; `model` empty: under the one that is chosen.
void LabWindow::showAtWork(const QString& scenario, const QString& model) {
    const auto chosen = model.isEmpty() ? QString::fromStdString(m_chosen.model) : model;
    if (takeScenario(QString::fromStdString(scenarioFolder()) + QLatin1Char('/') + scenario +
                     QStringLiteral(".json"))) {
        chooseModel(chosen);
    }
}

void LabWindow::chooseModel(const QString& id) {
    m_runBar->setModel(id);
    m_server.model = id.toStdString();
    m_chosen.model = m_server.model;
    start();
}

void LabWindow::changeServer(const QString& id) { changeServerTo({.model = id.toStdString()}, false, {}); }

/// Of a configuration file: what it does not say stays.
void LabWindow::takeConfiguration(const WantedServer& wanted, const std::function<void(const Result<void>&)>& then) {
    changeServerTo(wanted, true, then);
}

void LabWindow::changeServerTo(const WantedServer& wanted, bool withServices,
                               std::function<void(const Result<void>&)> then) {
    const auto former = m_runBar->model();
    auto next = m_server;
    next.model = former.toStdString();
    applyWanted(wanted, next);
    m_optionsTold.clear();
    m_runBar->setServer(next); // what of the former options makes sense follows from it
    auto asked = m_runBar->options().applied(m_server);
    asked.model = next.model;
    applyWanted(wanted, asked); // as they are: what makes no sense is refused
    const auto refuse = [this, former, then](const QString& words) {
        auto stays = m_server;
        stays.model = former.toStdString();
        m_runBar->setServer(stays);
        m_messages->showError(words);
        if (then) {
            then(Error{words.toStdString()});
        }
    };
    if (!m_session.isLive()) {
        return refuse(tr("There is no running server on show."));
    }
    if (m_control.isEngaged()) {
        return refuse(tr("The server is held. Let it go on (H) to change it while it serves."));
    }
    const auto id = QString::fromStdString(next.model);
    m_session.changeServer(asked, withServices, [=, this, told = m_optionsTold](const Result<void>& result) {
        if (!result) {
            const auto reason = QString::fromStdString(result.error().message);
            return refuse(
                m_session.whyNotServing().isEmpty()
                    ? tr("The server goes on as %1: %2").arg(former, reason)
                    : tr("Nobody is served now; clients wait until the server is changed once more. %1").arg(reason));
        }
        applyWanted(wanted, m_server);
        applyWanted(wanted, m_chosen);
        m_server.model = id.toStdString();
        m_presentModel = id;
        m_followedModel.clear();
        setWindowTitle(tr("%1 · Proactor Lab").arg(id));
        m_messages->showRemark(
            tr("The server goes on as %1, at the same socket; nobody's connection was closed for it. %2")
                .arg(id, told)
                .trimmed());
        if (then) {
            then(result);
        }
    });
}

/// A model that the scenario has changed the server to is nobody's choice.
void LabWindow::takeModel() {
    if (m_runBar->model() == m_followedModel) {
        m_runBar->setModel(QString::fromStdString(m_server.model));
    }
    m_server.model = m_runBar->model().toStdString();
}

void LabWindow::restart() {
    takeModel();
    start();
}

void LabWindow::start(RunRequest request) {
    const double pace = m_timeBar->pace();
    m_playhead.setPace(pace);
    m_control.rememberPace(pace);
    request.scenario = m_scenario;
    request.server = m_runBar->options().applied(m_server);
    request.pace = pace;
    m_session.start(std::move(request));
}

/// The scenario may have changed the server.
void LabWindow::lookAtModel() {
    const auto model = m_session.presentModel();
    if (model.isEmpty() || model == m_presentModel) {
        return;
    }
    m_presentModel = model;
    if (model != m_runBar->model()) {
        m_followedModel = model;
        m_runBar->setModel(model);
        setWindowTitle(tr("%1 · Proactor Lab").arg(model));
        m_messages->showRemark(
            tr("The scenario has changed the server: it goes on as %1, at the same socket.").arg(model));
    }
}

} // namespace lab
