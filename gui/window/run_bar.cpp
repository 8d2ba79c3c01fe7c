// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/run_bar.h"

#include "gui/model/number_text.h"
#include "gui/window/icons.h"
#include "gui/window/picker_items.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QWidgetAction>

namespace lab {

namespace {

/// Data of the scenario picker's last item.
const auto otherFile = QStringLiteral("other");

void name(QWidget& widget, const QString& objectName, const QString& title, const QString& about) {
    widget.setObjectName(objectName);
    widget.setAccessibleName(title);
    widget.setToolTip(about);
}

} // namespace

RunBar::RunBar(QWidget* parent)
    : QWidget(parent)
    , m_theme(&themes().front())
    , m_models(new Picker(this))
    , m_scenarios(new Picker(this))
    , m_restart(new QPushButton(tr("Restart"), this))
    , m_optionsButton(new QToolButton(this))
    , m_options(new OptionsPopup)
    , m_badge(new QLabel(this))
    , m_lost(new QLabel(this))
    , m_address(new QLabel(this))
    , m_menu(new QMenu(this)) {
    name(*this, QStringLiteral("bar"), tr("Run"), tr("What runs, and where it can be reached"));
    setAttribute(Qt::WA_StyledBackground);
    name(*m_models, QStringLiteral("modelPicker"), tr("Model"), tr("The concurrency model of the server (M)"));
    name(*m_scenarios, QStringLiteral("scenarioPicker"), tr("Scenario"), tr("The traffic that clients make (S)"));
    name(*m_restart, QStringLiteral("restart"), tr("Restart"), tr("Start server and scenario again (R)"));
    name(*m_badge, QStringLiteral("badge"), tr("Kind of run"), tr("Kind of run"));
    name(*m_lost, QStringLiteral("lost"), tr("Lost events"),
         tr("Events that found no room while they were recorded. The count is exact"));
    name(*m_address, QStringLiteral("address"), tr("Address of the server"),
         tr("Where the server listens: try your own browser or curl"));
    m_address->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_restart->setFocusPolicy(Qt::TabFocus);
    addOptions();
    addTools();
    addToLayout();
    fillModels();
    fillScenarios();
    connect(m_restart, &QPushButton::clicked, this, &RunBar::restartWanted);
    connect(m_copy, &QToolButton::clicked, this, &RunBar::copyWanted);
    connect(m_browser, &QToolButton::clicked, this, &RunBar::browserWanted);
    connect(m_side, &QToolButton::clicked, this, &RunBar::sideWanted);
}

void RunBar::addToLayout() {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 8, 12, 4);
    layout->setSpacing(8);
    for (QWidget* widget : {static_cast<QWidget*>(m_models), static_cast<QWidget*>(m_scenarios),
                            static_cast<QWidget*>(m_restart), static_cast<QWidget*>(m_optionsButton)}) {
        layout->addWidget(widget);
    }
    layout->addStretch(1);
    for (QWidget* widget :
         {static_cast<QWidget*>(m_runs), static_cast<QWidget*>(m_badge), static_cast<QWidget*>(m_lost),
          static_cast<QWidget*>(m_address), static_cast<QWidget*>(m_copy), static_cast<QWidget*>(m_browser),
          static_cast<QWidget*>(m_side), static_cast<QWidget*>(m_menuButton)}) {
        layout->addWidget(widget);
    }
}

void RunBar::addOptions() {
    m_optionsButton->setText(tr("Options"));
    name(*m_optionsButton, QStringLiteral("options"), tr("Options of the server"),
         tr("Threads, transfer of files, cache and all others (O)"));
    m_optionsButton->setFocusPolicy(Qt::TabFocus);
    m_optionsButton->setPopupMode(QToolButton::InstantPopup);
    auto* optionsMenu = new QMenu(this);
    auto* holder = new QWidgetAction(optionsMenu);
    holder->setDefaultWidget(m_options);
    optionsMenu->addAction(holder);
    connect(m_options, &OptionsPopup::resized, holder, [this, holder] {
        holder->setData(m_options->sizeHint().height()); // so that the menu takes the height
    });
    m_optionsButton->setMenu(optionsMenu);
    connect(m_options, &OptionsPopup::restartWanted, this, [this, optionsMenu] {
        optionsMenu->close();
        emit restartWanted();
    });
}

void RunBar::addTools() {
    m_runs = addTool(QStringLiteral("runs"), tr("Runs"), tr("The runs that were kept: show one, or compare two"));
    m_runs->setPopupMode(QToolButton::InstantPopup);
    m_runs->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_runs->hide();
    m_runsMenu = new QMenu(this);
    m_runsMenu->setAccessibleName(tr("Runs"));
    m_runs->setMenu(m_runsMenu);
    m_copy = addTool(QStringLiteral("copyAddress"), tr("Copy the address"), tr("Copy the server's address (Ctrl+L)"));
    m_browser = addTool(QStringLiteral("openBrowser"), tr("Open in the browser"),
                        tr("Open the server's page in the browser (Ctrl+B). Your request appears on the stage"));
    m_side = addTool(QStringLiteral("sideViews"), tr("Views beside the stage"),
                     tr("The views beside the stage: there, or away (V, 3 to 9)"));
    m_side->setCheckable(true);
    m_menuButton = addTool(QStringLiteral("menu"), tr("Menu"), tr("File, step, view and help (F10)"));
    m_menuButton->setPopupMode(QToolButton::InstantPopup);
    m_menuButton->setMenu(m_menu);
}

QToolButton* RunBar::addTool(const QString& objectName, const QString& title, const QString& about) {
    auto* button = new QToolButton(this);
    name(*button, objectName, title, about);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

void RunBar::fillModels() {
    fillWithModels(*m_models);
    connect(m_models, &QComboBox::activated, this, [this] {
        m_options->setModel(model());
        emit modelChosen(model());
    });
}

void RunBar::fillScenarios() {
    fillWithScenarios(*m_scenarios);
    m_scenarios->insertSeparator(m_scenarios->count());
    m_scenarios->addItem(tr("Open a file…"), otherFile);
    connect(m_scenarios, &QComboBox::activated, this, [this](int index) {
        if (m_scenarios->itemData(index).toString() == otherFile) {
            m_scenarios->setCurrentIndex(m_chosenScenario);
            emit fileWanted();
        } else {
            m_chosenScenario = index;
            emit scenarioChosen(scenario());
        }
    });
}

QString RunBar::model() const { return m_models->currentData().toString(); }

QString RunBar::scenario() const { return m_scenarios->currentData().toString(); }

void RunBar::setModel(const QString& id) {
    const int index = m_models->findData(id);
    if (index >= 0) {
        m_models->setCurrentIndex(index);
    }
    m_options->setModel(id);
    arrange();
}

void RunBar::setServer(const ServerOptions& options) {
    const auto id = QString::fromStdString(options.model);
    m_options->setServer(id, options);
    setModel(id);
}

int RunBar::indexOfScenario(const QString& file) const {
    const auto wanted = QFileInfo(file).canonicalFilePath();
    int index = m_scenarios->findData(file);
    for (int other = 0; index < 0 && other < m_scenarios->count(); ++other) {
        const auto listed = m_scenarios->itemData(other).toString();
        if (!wanted.isEmpty() && QFileInfo(listed).canonicalFilePath() == wanted) {
            index = other; // the same file by another path
        }
    }
    return index;
}

void RunBar::setScenario(const QString& file) {
    int index = indexOfScenario(file);
    if (index < 0) {
        index = 0;
        m_scenarios->insertItem(index, QFileInfo(file).completeBaseName(), file);
        m_scenarios->setItemData(index, file, Qt::ToolTipRole);
    }
    m_chosenScenario = index;
    m_scenarios->setCurrentIndex(index);
    arrange();
}

void RunBar::setRunKind(RunKind kind) {
    if (kind != m_kind) {
        m_kind = kind;
        dressBadge();
    }
}

void RunBar::dressBadge() {
    struct Look {
        QString text;
        QString about;
        QColor colour;
    };
    const auto look = [&]() -> Look {
        switch (m_kind) {
        case RunKind::Measured:
            return {tr("measured"), tr("Free-running: its times are measurements"), m_theme->of(Work::File)};
        case RunKind::Paced:
            return {tr("paced"), tr("Held back by the pace, now or earlier: its times are no measurement"),
                    m_theme->now};
        case RunKind::Stepped:
            return {tr("stepped"), tr("Held or stepped, now or earlier: its times are no measurement"), m_theme->now};
        case RunKind::Replay:
            return {tr("replay"), tr("A recording: of a file that was opened, or of an earlier run"),
                    m_theme->of(Work::Read)};
        case RunKind::Challenge:
            return {tr("model"), tr("A challenge: a small model with a fault, not the lab's server"), m_theme->now};
        case RunKind::None: break;
        }
        return {tr("no run"), tr("Nothing runs"), m_theme->textFaint};
    }();
    m_badge->setText(look.text);
    m_badge->setToolTip(look.about);
    m_badge->setAccessibleDescription(look.text);
    m_badge->setFont(m_theme->font(m_theme->smallSize + 1, true));
    const int radius = qRound(m_theme->typeSize * 0.85);
    m_badge->setStyleSheet(QStringLiteral("color: %1; border: 1px solid %2; border-radius: %3px; padding: 2px %4px;")
                               .arg(m_theme->text.name(), look.colour.name())
                               .arg(radius)
                               .arg(radius));
    arrange();
}

void RunBar::setLost(std::uint64_t lost) {
    const auto words = tr("%1 lost").arg(countText(lost));
    if (words != m_lost->text()) {
        m_lostEvents = lost;
        m_lost->setText(words);
        arrange();
    }
}

void RunBar::setRun(const QString& name) {
    m_runs->setText(name.isEmpty() ? QString{} : tr("Run %1").arg(name));
    m_runs->setAccessibleDescription(tr("Run %1 is on show").arg(name));
    m_runs->setVisible(!name.isEmpty());
    arrange();
}

void RunBar::setSide(bool shown) { m_side->setChecked(shown); }

void RunBar::setUrl(const QString& url) {
    m_url = url;
    showAddress();
}

void RunBar::setStatus(const QString& text) {
    m_status = text;
    showAddress();
}

void RunBar::showAddress() {
    auto shown = m_url;
    shown.remove(QStringLiteral("http://"));
    if (shown.endsWith(QLatin1Char('/'))) {
        shown.chop(1);
    }
    m_address->setText(!m_status.isEmpty() ? m_status : shown.isEmpty() ? tr("no server") : shown);
    m_copy->setEnabled(!m_url.isEmpty());
    m_browser->setEnabled(!m_url.isEmpty());
    arrange();
}

void RunBar::setTheme(const Theme& theme) {
    m_theme = &theme;
    m_copy->setIcon(iconOf(Symbol::Copy, theme));
    m_browser->setIcon(iconOf(Symbol::OpenOutside, theme));
    m_menuButton->setIcon(iconOf(Symbol::Menu, theme));
    const int side = qRound(theme.typeSize * 1.25);
    for (auto* button : {m_copy, m_browser, m_side, m_menuButton}) {
        button->setIconSize({side, side});
    }
    const bool large = theme.typeSize > 18;
    layout()->setContentsMargins(large ? 12 : 16, 8, 12, 4);
    m_restart->setText(large ? QString{} : tr("Restart"));
    m_restart->setIcon(large ? iconOf(Symbol::Restart, theme) : QIcon{});
    m_restart->setIconSize({side, side});
    m_optionsButton->setText(large ? QString{} : tr("Options"));
    m_optionsButton->setIcon(large ? iconOf(Symbol::Options, theme) : QIcon{});
    m_optionsButton->setIconSize({side, side});
    m_side->setIcon(iconOf(Symbol::Side, theme));
    m_runs->setIcon(iconOf(Symbol::Runs, theme));
    m_runs->setIconSize({side, side});
    m_lost->setFont(theme.font(theme.typeSize));
    m_address->setFont(theme.mono(theme.typeSize - 0.5));
    dressBadge();
}

} // namespace lab
