// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/lab_window.h"
#include "gui/window/theme_style.h"

#include <QSettings>

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

/// Pixels: below, large type leaves no room for views beside the stage.
constexpr int enoughForSide = 1700;
/// Pixels: the least that the stage's boxes and sentence need in large type.
constexpr int leastStage = 400;

} // namespace

bool LabWindow::isNarrow() const { return isLarge() && width() < enoughForSide; }

void LabWindow::resizeEvent(QResizeEvent* event) {
    QMainWindow::resizeEvent(event);
    arrangeLater();
}

void LabWindow::arrangeLater() { QMetaObject::invokeMethod(this, &LabWindow::arrange, Qt::QueuedConnection); }

void LabWindow::arrange() {
    const bool side = isNarrow() ? m_sideWhenNarrow : m_sideWhenWide;
    m_runBar->setSide(side);
    m_tabs->setVisible(side);
    const int high = m_rows->height();
    // Under the bar of a held server and a message, large type leaves no room for lanes: the stage goes first.
    const int twoLanes = static_cast<int>(std::ceil(LanesPainter::heightOf(*m_theme, 2)));
    m_views.lanes->setVisible(!isLarge() || high - twoLanes >= leastStage);
    m_arrangedHeight = high;
    if (!isLarge() || m_linesByHand) {
        return;
    }
    const int wide = m_columns->width();
    const int beside = isNarrow() ? wide / 2 : wide * 3 / 10;
    m_columns->setSizes({std::max(1, wide - beside), beside});
    const std::size_t lanes = high > 2 * leastStage - 100 ? 5 : 2;
    const int below = std::min(static_cast<int>(std::ceil(LanesPainter::heightOf(*m_theme, lanes))), high / 3);
    m_rows->setSizes({std::max(1, high - below), below});
}

void LabWindow::showSide(bool shown) {
    (isNarrow() ? m_sideWhenNarrow : m_sideWhenWide) = shown;
    arrange();
}

void LabWindow::toggleSide() { showSide(m_tabs->isHidden()); }

void LabWindow::goToView(int number) {
    if (number == 1) {
        m_views.stage->setFocus();
    } else if (number == 2) {
        m_views.lanes->setFocus();
    } else if (const int tab = number - 3; tab < m_tabs->count()) {
        // Where room is short, the key that brought a view takes it away again.
        const bool again = isNarrow() && !m_tabs->isHidden() && m_tabs->currentIndex() == tab;
        m_tabs->setCurrentIndex(tab);
        showSide(!again);
    }
}

void LabWindow::showView(const QWidget* view) {
    if (const int tab = m_tabs->indexOf(view); tab >= 0) {
        m_tabs->setCurrentIndex(tab);
        showSide(true);
    }
}

void LabWindow::enterTheme(const Theme& theme) {
    const bool wasLarge = isLarge();
    m_theme = &theme;
    m_linesByHand = m_linesByHand && wasLarge == isLarge();
    if (isLarge() && !wasLarge) {
        m_usualColumns = m_columns->saveState();
        m_usualRows = m_rows->saveState();
    } else if (wasLarge && !isLarge()) {
        m_columns->restoreState(m_usualColumns);
        m_rows->restoreState(m_usualRows);
    }
}

void LabWindow::setTheme(const QString& id) {
    enterTheme(findTheme(id));
    applyTheme(*m_theme);
    m_runBar->setTheme(*m_theme);
    m_timeBar->setTheme(*m_theme);
    m_stepBar->setTheme(*m_theme);
    m_messages->setTheme(*m_theme);
    m_overlay->setTheme(*m_theme);
    for (auto* view : m_views.all()) {
        view->setTheme(*m_theme);
    }
    arrange();
    arrangeLater();
}

void LabWindow::restoreSettings() {
    QString theme = m_options.theme;
    if (m_options.rememberSettings) {
        QSettings settings;
        theme = theme.isEmpty() ? settings.value(QStringLiteral("theme")).toString() : theme;
        restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
        m_columns->restoreState(settings.value(QStringLiteral("columns")).toByteArray());
        m_rows->restoreState(settings.value(QStringLiteral("rows")).toByteArray());
        m_sideWhenWide = settings.value(QStringLiteral("sideWhenWide"), true).toBool();
        m_sideWhenNarrow = settings.value(QStringLiteral("sideWhenNarrow"), false).toBool();
    }
    setTheme(theme);
}

void LabWindow::saveSettings() {
    if (m_options.rememberSettings) {
        QSettings settings;
        settings.setValue(QStringLiteral("theme"), m_theme->id);
        settings.setValue(QStringLiteral("geometry"), saveGeometry());
        settings.setValue(QStringLiteral("columns"), isLarge() ? m_usualColumns : m_columns->saveState());
        settings.setValue(QStringLiteral("rows"), isLarge() ? m_usualRows : m_rows->saveState());
        settings.setValue(QStringLiteral("sideWhenWide"), m_sideWhenWide);
        settings.setValue(QStringLiteral("sideWhenNarrow"), m_sideWhenNarrow);
    }
}

} // namespace lab
