// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/event_list_model.h"

#include "gui/model/event_words.h"
#include "gui/model/number_text.h"

#include <algorithm>
#include <vector>

namespace lab {

EventListModel::EventListModel(Playhead& playhead, QObject* parent)
    : QAbstractTableModel(parent)
    , m_playhead(playhead) {}

int EventListModel::rowCount(const QModelIndex& parent) const {
    if (parent.isValid()) {
        return 0;
    }
    return static_cast<int>(isFiltered() ? m_matching.size() : m_end - m_first);
}

int EventListModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

std::size_t EventListModel::eventAt(int row) const {
    return isFiltered() ? m_matching[static_cast<std::size_t>(row)] : m_first + static_cast<std::size_t>(row);
}

std::optional<int> EventListModel::rowAt(std::size_t index) const {
    if (!isFiltered()) {
        return index >= m_first && index < m_end ? std::optional(static_cast<int>(index - m_first)) : std::nullopt;
    }
    const auto place = std::ranges::upper_bound(m_matching, index);
    return place == m_matching.begin() ? std::nullopt : std::optional(static_cast<int>(place - m_matching.begin()) - 1);
}

QVariant EventListModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const auto event = eventAt(index.row());
    switch (role) {
    case Qt::DisplayRole: return text(event, index.column());
    case Qt::TextAlignmentRole:
        return QVariant(index.column() == Number || index.column() == Time || index.column() == OperationColumn
                            ? Qt::AlignRight | Qt::AlignVCenter
                            : Qt::AlignLeft | Qt::AlignVCenter);
    case EventIndexRole: return QVariant::fromValue(static_cast<qulonglong>(event));
    default: return {};
    }
}

QVariant EventListModel::text(std::size_t index, int column) const {
    const auto& follower = m_playhead.follower();
    const auto& view = follower.view();
    if (index < view.first() || index >= view.end()) {
        return {};
    }
    const auto& event = view[index];
    switch (column) {
    case Number: return countText(index);
    case Time: return momentText(event.time);
    case Thread: return QString::fromStdString(follower.nameOfThread(event.actor, index));
    case EventColumn: {
        const auto words = lab::words(event.type());
        return QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size()));
    }
    case What: return eventDetail(event, follower.glossary());
    case Connection: return eventConnection(event);
    case OperationColumn:
        return event.operation == 0 || isTraffic(event.type()) ? QString{} : QString::number(event.operation);
    default: return {};
    }
}

QVariant EventListModel::headerData(int section, Qt::Orientation orientation, int role) const {
    static const std::array titles{"#", "time, s", "thread", "event", "what", "connection", "operation"};
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= ColumnCount) {
        return {};
    }
    return QString::fromLatin1(titles[static_cast<std::size_t>(section)]);
}

void EventListModel::setFilter(const Selection& selection) {
    if (selection == m_filter) {
        return;
    }
    beginResetModel();
    m_filter = selection;
    m_matching.clear();
    m_end = m_first;
    endResetModel();
    m_shown = nullptr;
    refresh();
}

void EventListModel::start() {
    beginResetModel();
    m_shown = &m_playhead.follower();
    m_first = m_shown->view().first();
    m_end = m_first;
    m_matching.clear();
    endResetModel();
}

void EventListModel::refresh(std::size_t maximumEvents) {
    if (!m_playhead.hasRecording()) {
        return;
    }
    if (m_shown != &m_playhead.follower() || m_playhead.end() < m_end) {
        start();
    }
    dropRows();
    const auto end = m_playhead.end();
    if (end > m_end) {
        isFiltered() ? appendMatching(end, maximumEvents) : appendAll(end);
    }
}

void EventListModel::dropRows() {
    const auto first = m_shown->view().first();
    if (isFiltered()) {
        const auto kept = std::ranges::lower_bound(m_matching, first);
        if (kept != m_matching.begin()) {
            beginRemoveRows({}, 0, static_cast<int>(kept - m_matching.begin()) - 1);
            m_matching.erase(m_matching.begin(), kept);
            endRemoveRows();
        }
        m_end = std::max(m_end, first);
    } else if (first > m_first) {
        const auto drop = std::min(first, m_end) - m_first;
        if (drop > 0) {
            beginRemoveRows({}, 0, static_cast<int>(drop) - 1);
        }
        m_first = first;
        m_end = std::max(m_end, first);
        if (drop > 0) {
            endRemoveRows();
        }
    }
}

void EventListModel::appendAll(std::size_t end) {
    beginInsertRows({}, static_cast<int>(m_end - m_first), static_cast<int>(end - m_first) - 1);
    m_end = end;
    endInsertRows();
}

void EventListModel::appendMatching(std::size_t end, std::size_t maximumEvents) {
    const auto& view = m_shown->view();
    const auto limit = std::min(end, m_end + maximumEvents);
    std::vector<std::size_t> found;
    for (auto index = m_end; index < limit; ++index) {
        if (concerns(view[index], m_filter)) {
            found.push_back(index);
        }
    }
    m_end = limit;
    if (!found.empty()) {
        const auto row = static_cast<int>(m_matching.size());
        beginInsertRows({}, row, row + static_cast<int>(found.size()) - 1);
        m_matching.insert(m_matching.end(), found.begin(), found.end());
        endInsertRows();
    }
}

} // namespace lab
