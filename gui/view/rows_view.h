// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/theme/theme.h"

#include <QAbstractItemModel>
#include <QAbstractScrollArea>

#include <functional>
#include <vector>

namespace lab {

/// A column of a RowsView.
struct RowsColumn {
    int column = 0;         ///< of the model
    double characters = 8;  ///< width, in characters of the type
    int importance = 0;     ///< the least important ones go first where there is no room for all
    bool stretches = false; ///< takes what is left
    bool mono = false;
};

/// A list of rows of equal height that costs by the rows in sight, however many millions there are. Shows any
/// table model; paints and measures nothing of rows out of sight (a QTableView keeps a record of every row).
///
/// Role: event list. Threads: GUI. Owner: the view around it; borrows the model.
class RowsView : public QAbstractScrollArea {
    Q_OBJECT

public:
    /// How a row is told from the others.
    struct RowLook {
        QColor dot;          ///< invalid: none
        bool marked = false; ///< belongs to the selection
    };

    explicit RowsView(QWidget* parent = nullptr);

    void setModel(QAbstractItemModel* model);
    void setColumns(std::vector<RowsColumn> columns);
    void setTheme(const Theme& theme);
    void setRowLook(std::function<RowLook(int row)> look) { m_look = std::move(look); }

    /// The row of what happens now, brought into sight; -1: none.
    void setCurrentRow(int row);
    int currentRow() const { return m_current; }

    /// The model has changed: adapts the scroll bar and paints.
    void refresh();

signals:
    void rowChosen(int row); ///< by a click or by keys

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    struct Placed {
        RowsColumn column;
        int left;
        int width;
    };
    int rowHeight() const;
    int rowsInSight() const;
    int topRow() const;
    int rowAt(int y) const;
    void placeColumns();
    void paintHeader(QPainter& painter);
    void paintRow(QPainter& painter, int row, int top);

    QAbstractItemModel* m_model = nullptr;
    const Theme* m_theme;
    std::vector<RowsColumn> m_columns;
    std::vector<Placed> m_placed;
    std::function<RowLook(int)> m_look;
    int m_current = -1;
};

} // namespace lab
