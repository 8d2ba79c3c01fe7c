// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/rows_view.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

constexpr int rowMargin = 10;
constexpr int dotWidth = 14;

} // namespace

RowsView::RowsView(QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_theme(&themes().front()) {
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setMouseTracking(true);
    verticalScrollBar()->setAccessibleName(tr("Scroll the rows"));
    verticalScrollBar()->setToolTip(tr("Scroll the rows"));
}

void RowsView::setModel(QAbstractItemModel* model) {
    m_model = model;
    refresh();
}

void RowsView::setColumns(std::vector<RowsColumn> columns) {
    m_columns = std::move(columns);
    placeColumns();
}

void RowsView::setTheme(const Theme& theme) {
    m_theme = &theme;
    placeColumns();
    refresh();
}

int RowsView::rowHeight() const { return static_cast<int>(std::ceil(m_theme->typeSize * 1.9)); }

int RowsView::rowsInSight() const { return std::max(1, viewport()->height() / rowHeight() - 1); }

int RowsView::topRow() const { return verticalScrollBar()->value(); }

int RowsView::rowAt(int y) const {
    const int row = topRow() + y / rowHeight() - 1;
    return y < rowHeight() || m_model == nullptr || row >= m_model->rowCount() ? -1 : row;
}

void RowsView::placeColumns() {
    // Leave out the least important columns until the rest fits.
    auto shown = m_columns;
    const double character = m_theme->typeSize * 0.62;
    const auto widthOf = [&](const RowsColumn& column) {
        return static_cast<int>(std::ceil(column.characters * character)) + rowMargin;
    };
    const int room = viewport()->width() - dotWidth - rowMargin;
    while (shown.size() > 1) {
        int sum = 0;
        for (const auto& column : shown) {
            sum += widthOf(column);
        }
        if (sum <= room) {
            break;
        }
        shown.erase(std::ranges::min_element(shown, {}, &RowsColumn::importance));
    }
    int spare = room;
    for (const auto& column : shown) {
        spare -= widthOf(column);
    }
    m_placed.clear();
    int left = rowMargin;
    for (const auto& column : shown) {
        const int width = widthOf(column) + (column.stretches ? std::max(0, spare) : 0);
        m_placed.push_back({column, left, width - rowMargin});
        left += width + (m_placed.size() == 1 ? dotWidth : 0);
    }
}

void RowsView::refresh() {
    const int rows = m_model != nullptr ? m_model->rowCount() : 0;
    verticalScrollBar()->setRange(0, std::max(0, rows - rowsInSight()));
    verticalScrollBar()->setPageStep(rowsInSight());
    viewport()->update();
}

void RowsView::setCurrentRow(int row) {
    m_current = row;
    refresh();
    if (row < 0) {
        return;
    }
    const int inSight = rowsInSight();
    if (row < topRow() || row >= topRow() + inSight) {
        verticalScrollBar()->setValue(row - inSight * 2 / 3);
    }
}

void RowsView::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), m_theme->window);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_model == nullptr) {
        return;
    }
    paintHeader(painter);
    const int last = std::min(m_model->rowCount(), topRow() + rowsInSight() + 1);
    for (int row = topRow(); row < last; ++row) {
        paintRow(painter, row, (row - topRow() + 1) * rowHeight());
    }
}

void RowsView::paintHeader(QPainter& painter) {
    painter.setFont(m_theme->font(m_theme->smallSize));
    painter.setPen(m_theme->textSoft);
    for (const auto& placed : m_placed) {
        const QRect cell(placed.left, 0, placed.width, rowHeight());
        const auto alignment = m_model->index(0, placed.column.column).data(Qt::TextAlignmentRole);
        painter.drawText(cell, alignment.isValid() ? alignment.toInt() : int(Qt::AlignLeft | Qt::AlignVCenter),
                         m_model->headerData(placed.column.column, Qt::Horizontal).toString());
    }
    painter.fillRect(QRectF(0, rowHeight() - 1, viewport()->width(), 1), m_theme->line);
}

void RowsView::paintRow(QPainter& painter, int row, int top) {
    const QRect band(0, top, viewport()->width(), rowHeight());
    const auto look = m_look ? m_look(row) : RowLook{};
    const bool current = row == m_current;
    if (look.marked || current) {
        auto colour = current ? m_theme->now : m_theme->of(Work::Read);
        colour.setAlpha(current ? 40 : 26);
        painter.fillRect(band, colour);
    }
    if (current) {
        painter.fillRect(QRect(0, top, 3, rowHeight()), m_theme->now);
    }
    for (std::size_t place = 0; place < m_placed.size(); ++place) {
        const auto& placed = m_placed[place];
        if (place == 1 && look.dot.isValid()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(look.dot);
            painter.drawEllipse(QPointF(placed.left - dotWidth / 2.0 - 3, band.center().y() + 0.5), 4, 4);
        }
        const auto index = m_model->index(row, placed.column.column);
        const auto font = placed.column.mono ? m_theme->mono(m_theme->typeSize - 1, current)
                                             : m_theme->font(m_theme->typeSize, current);
        painter.setFont(font);
        painter.setPen(placed.column.mono && !current ? m_theme->textSoft : m_theme->text);
        const QRect cell(placed.left, top, placed.width, rowHeight());
        const auto text = QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, placed.width);
        painter.drawText(cell, index.data(Qt::TextAlignmentRole).toInt(), text);
    }
}

void RowsView::resizeEvent(QResizeEvent*) {
    placeColumns();
    refresh();
}

void RowsView::mousePressEvent(QMouseEvent* event) {
    const int row = rowAt(event->pos().y());
    if (event->button() == Qt::LeftButton && row >= 0) {
        emit rowChosen(row);
    }
}

bool RowsView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip && m_model != nullptr) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int row = rowAt(help->pos().y());
        QStringList words;
        for (int column = 0; row >= 0 && column < m_model->columnCount(); ++column) {
            const auto text = m_model->index(row, column).data().toString();
            if (!text.isEmpty()) {
                words += m_model->headerData(column, Qt::Horizontal).toString() + QStringLiteral(": ") + text;
            }
        }
        QToolTip::showText(help->globalPos(), words.isEmpty() ? toolTip() : words.join(QLatin1Char('\n')), this);
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace lab
