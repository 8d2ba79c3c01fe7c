// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/theme/theme.h"
#include "gui/view/picker.h"
#include "gui/window/options_popup.h"

#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QWidget>

#include <cstdint>

namespace lab {

/// What kind of run is on show: what the badge says.
enum class RunKind { None, Measured, Paced, Stepped, Replay, Challenge };

/// The upper bar: what runs (model, scenario, options) and where it can be reached.
///
/// Role: controls only; the window decides what they do.
class RunBar : public QWidget {
    Q_OBJECT

public:
    explicit RunBar(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);

    QString model() const;                        ///< id
    QString scenario() const;                     ///< file
    void setModel(const QString& id);             ///< no signal
    void setScenario(const QString& file);        ///< no signal; adds the file to the list where it is new
    void setServer(const ServerOptions& options); ///< model and options
    OptionsPopup& options() { return *m_options; }
    QMenu& menu() { return *m_menu; }

    void setRunKind(RunKind kind);
    RunKind runKind() const { return m_kind; }
    void setLost(std::uint64_t lost);
    void setUrl(const QString& url); ///< empty: no server
    QString url() const { return m_url; }
    void setSide(bool shown); ///< no signal
    /// What is under way, in the address's place; empty: nothing.
    void setStatus(const QString& text);

    /// Which of several runs is on show, "B", and the menu that has the others; empty: there is but one.
    void setRun(const QString& name);
    QMenu& runs() { return *m_runsMenu; }

    void showModels() { m_models->showPopup(); }
    void showScenarios() { m_scenarios->showPopup(); }
    void showOptions() { m_optionsButton->showMenu(); }
    void showMenu() { m_menuButton->showMenu(); }

    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

signals:
    void modelChosen(const QString& id);
    void scenarioChosen(const QString& file);
    void fileWanted(); ///< a scenario file of one's own
    void restartWanted();
    void copyWanted();
    void browserWanted();
    void sideWanted(bool shown);

private:
    void addToLayout();
    void addOptions();
    void addTools();
    void fillModels();
    void fillScenarios();
    int indexOfScenario(const QString& file) const; ///< below 0: not in the list
    void dressBadge();
    void showAddress();
    void arrange(); ///< widths of the pickers, and which tools there is room for
    int widthBesidesPickers() const;
    QToolButton* addTool(const QString& name, const QString& title, const QString& about);

    const Theme* m_theme;
    Picker* m_models;
    Picker* m_scenarios;
    QPushButton* m_restart;
    QToolButton* m_optionsButton;
    OptionsPopup* m_options;
    QLabel* m_badge;
    QLabel* m_lost;
    QLabel* m_address;
    QToolButton* m_runs;
    QMenu* m_runsMenu;
    QToolButton* m_copy;
    QToolButton* m_browser;
    QToolButton* m_side;
    QToolButton* m_menuButton;
    QMenu* m_menu;
    RunKind m_kind = RunKind::None;
    QString m_url;
    QString m_status;
    int m_chosenScenario = 0;
    std::uint64_t m_lostEvents = 0;
};

} // namespace lab
