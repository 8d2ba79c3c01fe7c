// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/playhead.h"
#include "gui/model/selection.h"

#include <QAbstractItemModel>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace lab {

/// The events of the recording as a table, each put into words only when it is looked at.
///
/// Role: model behind the event list. Decides: which events are listed (all, or those that concern the selection).
/// Threads: GUI. Owner: a view or a test; borrows the playhead.
class EventListModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Number, Time, Thread, EventColumn, What, Connection, OperationColumn, ColumnCount };
    enum DataRole { EventIndexRole = Qt::UserRole };

    explicit EventListModel(Playhead& playhead, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Takes in what has come since, looking at no more than `maximumEvents` of it while a filter is on.
    void refresh(std::size_t maximumEvents = 400'000);

    /// Lists only what concerns `selection`; everything when its kind is None.
    void setFilter(const Selection& selection);
    const Selection& filter() const { return m_filter; }

    std::size_t eventAt(int row) const;
    /// The row of the last listed event at or before event `index`.
    std::optional<int> rowAt(std::size_t index) const;

private:
    bool isFiltered() const { return m_filter.kind != Selection::Kind::None; }
    void start();
    void dropRows();
    void appendAll(std::size_t end);
    void appendMatching(std::size_t end, std::size_t maximumEvents);
    QVariant text(std::size_t index, int column) const;

    Playhead& m_playhead;
    const RecordingFollower* m_shown = nullptr;
    Selection m_filter;
    std::size_t m_first = 0;            ///< unfiltered: rows stand for events [m_first, m_end)
    std::size_t m_end = 0;              ///< looked at so far
    std::deque<std::size_t> m_matching; ///< filtered: the rows' events
};

} // namespace lab
