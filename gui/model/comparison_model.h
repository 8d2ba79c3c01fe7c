// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/run_comparison.h"

#include <QAbstractTableModel>

#include <memory>

namespace lab {

/// Two runs' pattern events as one table, put into words only when they are looked at.
///
/// Threads: GUI. Owner: a page or a test.
class ComparisonModel : public QAbstractTableModel {
    Q_OBJECT

public:
    /// Of one run, then of the other.
    enum Column { Number, Thread, What, ColumnsOfARun };

    ComparisonModel(std::shared_ptr<const RunComparison> comparison, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(std::size_t side, int column, const RunComparison::Entry& entry) const;

    std::shared_ptr<const RunComparison> m_comparison;
};

} // namespace lab
