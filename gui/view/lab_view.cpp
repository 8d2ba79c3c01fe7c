// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/lab_view.h"

namespace lab {

LabView::LabView(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : QWidget(parent)
    , m_playhead(playhead)
    , m_selection(selection)
    , m_theme(&themes().front()) {
    connect(&m_playhead, &Playhead::moved, this, &LabView::touch);
    connect(&m_playhead, &Playhead::modeChanged, this, &LabView::touch);
    connect(&m_selection, &SharedSelection::changed, this, &LabView::touch);
}

void LabView::setTheme(const Theme& theme) {
    m_theme = &theme;
    themeChanged();
    touch();
    update();
}

void LabView::frame(qint64 now) {
    if (m_changed && isVisible() && now - m_last >= m_interval) {
        m_changed = false;
        m_last = now;
        refresh();
    }
}

void LabView::showEvent(QShowEvent* event) {
    touch();
    QWidget::showEvent(event);
}

} // namespace lab
