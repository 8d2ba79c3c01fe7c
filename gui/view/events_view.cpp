// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/events_view.h"

#include "gui/model/event_words.h"
#include "gui/model/number_text.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace lab {

EventsView::EventsView(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent)
    , m_model(playhead)
    , m_about(new QLabel(this))
    , m_onlySelection(new QCheckBox(tr("Only the selection"), this))
    , m_rows(new RowsView(this)) {
    setObjectName(QStringLiteral("events"));
    setAccessibleName(tr("Events"));
    setToolTip(tr("Every recorded event"));
    m_about->setAccessibleName(tr("How many events are listed"));
    m_about->setToolTip(tr("How many events are listed"));
    m_onlySelection->setObjectName(QStringLiteral("onlySelection"));
    m_onlySelection->setAccessibleName(tr("List only events of the selection"));
    m_onlySelection->setToolTip(tr("List only the events of the connection, thread or operation that is selected"));
    m_rows->setObjectName(QStringLiteral("eventRows"));
    m_rows->setAccessibleName(tr("List of events"));
    m_rows->setToolTip(tr("Click an event: every view goes there"));
    m_rows->setModel(&m_model);
    using Model = EventListModel;
    m_rows->setColumns({{Model::Number, 9.5, 10, false, true},
                        {Model::Time, 10, 4, false, true},
                        {Model::Thread, 12, 7, false, false},
                        {Model::EventColumn, 15, 9, false, false},
                        {Model::What, 18, 8, true, false},
                        {Model::Connection, 8, 6, false, false},
                        {Model::OperationColumn, 8, 1, false, true}});
    m_rows->setRowLook([this](int row) { return lookOf(row); });
    auto* head = new QHBoxLayout;
    head->setContentsMargins(10, 6, 10, 2);
    head->addWidget(m_about, 1);
    head->addWidget(m_onlySelection);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(head);
    layout->addWidget(m_rows, 1);
    connect(m_rows, &RowsView::rowChosen, this, &EventsView::chooseRow);
    connect(m_onlySelection, &QCheckBox::toggled, this, &EventsView::refresh);
}

void EventsView::themeChanged() {
    m_rows->setTheme(theme());
    m_about->setFont(theme().font(theme().typeSize));
}

RowsView::RowLook EventsView::lookOf(int row) const {
    const auto& view = playhead().follower().view();
    const auto index = m_model.eventAt(row);
    if (index < view.first() || index >= view.end()) {
        return {};
    }
    const auto& event = view[index];
    const auto work = workOf(event);
    const bool marked = selection().value().kind != Selection::Kind::None && concerns(event, selection().value());
    return {work == Work::None ? QColor() : theme().of(work), marked};
}

void EventsView::chooseRow(int row) {
    const auto index = m_model.eventAt(row);
    const auto& view = playhead().follower().view();
    if (index >= view.first() && index < view.end()) {
        const auto event = view[index];
        playhead().seek(index + 1);
        if (!m_onlySelection->isChecked()) {
            selection().set(selectionOf(event));
        }
    }
}

void EventsView::refresh() {
    if (!playhead().hasRecording()) {
        return;
    }
    const bool filtered = m_onlySelection->isChecked() && selection().value().kind != Selection::Kind::None;
    m_model.setFilter(filtered ? selection().value() : Selection{});
    m_model.refresh();
    const auto rows = static_cast<std::uint64_t>(m_model.rowCount());
    m_about->setText(filtered ? tr("%1 events of %2").arg(countText(rows), selection().text())
                              : tr("%1 events").arg(countText(rows)));
    const auto position = playhead().position();
    m_rows->setCurrentRow(position > 0 ? m_model.rowAt(position - 1).value_or(-1) : -1);
    if (m_model.rowCount() > 0 && filtered && playhead().end() > position) {
        touch();
    }
}

} // namespace lab
