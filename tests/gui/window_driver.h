// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/window/lab_window.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <string>

namespace lab::test {

/// A real window with settings of its own, shown, and what a person does with it.
class WindowDriver {
public:
    /// Opens the window with `scenario` (a file) under `model`, at `pace` events a second (0: full speed).
    explicit WindowDriver(const QString& scenario, const QString& model = {}, double pace = 0);

    LabWindow& window() { return *m_window; }
    Playhead& playhead() { return m_window->playhead(); }
    LabSession& session() { return m_window->session(); }

    template <typename Widget>
    Widget* find(const char* name) {
        return m_window->findChild<Widget*>(QString::fromLatin1(name));
    }
    void click(const char* button);
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);

    /// Waits until the run is up and at least `events` were recorded; false when that does not come about.
    bool waitForEvents(std::size_t events);
    bool waitForModel(const QString& id);

    /// The state at the playhead, as `state --json` prints it.
    std::string shownState();
    /// The same at `index`, from a history of its own.
    std::string freshState(std::size_t index);

private:
    std::unique_ptr<LabWindow> m_window;
};

/// "GET path" from a plain socket: the answer; empty when there was none.
QByteArray fetch(const QString& url, const QByteArray& path);

/// A scenario that a test needs, in a file that lasts as long as the program.
QString scenarioFile(const char* name, const QByteArray& text);
QString lightScenario(); ///< a few clients, some requests a second
QString busyScenario();  ///< as fast as eight clients can

} // namespace lab::test
