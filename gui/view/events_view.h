// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/event_list_model.h"
#include "gui/view/lab_view.h"
#include "gui/view/rows_view.h"

#include <QCheckBox>
#include <QLabel>

namespace lab {

/// The list of all events, or of those that concern the selection.
class EventsView : public LabView {
    Q_OBJECT

public:
    EventsView(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    EventListModel& model() { return m_model; }
    RowsView& rows() { return *m_rows; }

protected:
    void refresh() override;
    void themeChanged() override;

private:
    void chooseRow(int row);
    RowsView::RowLook lookOf(int row) const;

    EventListModel m_model;
    QLabel* m_about;
    QCheckBox* m_onlySelection;
    RowsView* m_rows;
};

} // namespace lab
