// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/run_bar.h"

#include <QHBoxLayout>

#include <algorithm>

namespace lab {

QSize RunBar::minimumSizeHint() const {
    // The pickers take what is left, whatever their widths are at the moment.
    return {std::min(640, QWidget::minimumSizeHint().width()), QWidget::minimumSizeHint().height()};
}

void RunBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

int RunBar::widthBesidesPickers() const {
    int taken = layout()->contentsMargins().left() + layout()->contentsMargins().right();
    for (int index = 0; index < layout()->count(); ++index) {
        auto* widget = layout()->itemAt(index)->widget();
        if (widget == nullptr || widget->isHidden()) {
            continue;
        }
        widget->ensurePolished();
        const bool picker = widget == m_models || widget == m_scenarios;
        taken += layout()->spacing() + (picker ? 0 : widget->sizeHint().width());
    }
    return taken;
}

void RunBar::arrange() {
    m_models->ensurePolished();
    m_scenarios->ensurePolished();
    const int mostWide = qRound(m_theme->typeSize * 22);
    const int leastWide = qRound(m_theme->typeSize * 4);
    // Copying and the browser are in the menu, too; that nothing was lost need not be said.
    m_copy->show();
    m_browser->show();
    m_lost->show();
    const int models = std::min(mostWide, m_models->widthOfCurrent());
    const int scenarios = std::min(mostWide, m_scenarios->widthOfCurrent());
    int room = width() - widthBesidesPickers();
    for (QWidget* tool :
         {static_cast<QWidget*>(m_copy), static_cast<QWidget*>(m_browser), static_cast<QWidget*>(m_lost)}) {
        if (room < models + scenarios && (tool != m_lost || m_lostEvents == 0)) {
            tool->hide();
            room = width() - widthBesidesPickers();
        }
    }
    const int widestModel = std::min(mostWide, m_models->widthOfWidest());
    const int widestScenario = std::min(mostWide, m_scenarios->widthOfWidest());
    if (room >= widestModel + widestScenario) { // nothing moves when another one is chosen
        m_models->setFixedWidth(widestModel);
        m_scenarios->setFixedWidth(widestScenario);
        return;
    }
    const int model = std::clamp(room - leastWide, leastWide, models);
    m_models->setFixedWidth(model);
    m_scenarios->setFixedWidth(std::clamp(room - model, leastWide, scenarios));
}

} // namespace lab
