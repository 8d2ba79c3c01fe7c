// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/comparison_model.h"

#include "gui/model/event_words.h"
#include "gui/model/number_text.h"

#include <utility>

namespace lab {

ComparisonModel::ComparisonModel(std::shared_ptr<const RunComparison> comparison, QObject* parent)
    : QAbstractTableModel(parent)
    , m_comparison(std::move(comparison)) {}

int ComparisonModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_comparison->rows());
}

int ComparisonModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : 2 * ColumnsOfARun; }

QVariant ComparisonModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::TextAlignmentRole)) {
        return {};
    }
    const auto side = static_cast<std::size_t>(index.column() / ColumnsOfARun);
    const int column = index.column() % ColumnsOfARun;
    if (role == Qt::TextAlignmentRole) {
        return QVariant(column == Number ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    }
    const auto entry = m_comparison->entry(side, static_cast<std::size_t>(index.row()));
    if (!entry) {
        return column == What && index.row() == static_cast<int>(m_comparison->rows(side)) ? tr("— the run ends here —")
                                                                                           : QString{};
    }
    return text(side, column, *entry);
}

QString ComparisonModel::text(std::size_t side, int column, const RunComparison::Entry& entry) const {
    switch (column) {
    case Number: return countText(entry.index);
    case Thread: return QString::fromStdString(entry.thread);
    default: break;
    }
    const auto words = lab::words(entry.event.type());
    auto text = QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size()));
    if (const auto detail = eventDetail(entry.event, m_comparison->glossary(side)); !detail.isEmpty()) {
        text += QStringLiteral(": ") + detail;
    }
    const auto connection = eventConnection(entry.event);
    return connection.isEmpty() ? text : connection + QLatin1Char(' ') + text;
}

QVariant ComparisonModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= columnCount()) {
        return {};
    }
    const auto& name = m_comparison->run(static_cast<std::size_t>(section / ColumnsOfARun)).name;
    switch (section % ColumnsOfARun) {
    case Number: return QStringLiteral("#");
    case Thread: return tr("run %1: thread").arg(name);
    default: return tr("event");
    }
}

} // namespace lab
