// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/thread_listing.h"
#include "gui/view/lab_view.h"

#include <QRectF>
#include <QScrollBar>

#include <vector>

namespace lab {

/// For each of the server's threads: what it does, or why it waits; what its time goes into; and who woke it, one
/// click away.
class ThreadsView : public LabView {
    Q_OBJECT

public:
    ThreadsView(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    const ThreadListing& listing() const { return m_listing; }
    QRectF wakerPlace(std::uint16_t actor) const; ///< where to click for the event that woke it; empty: nowhere

protected:
    void refresh() override;
    void themeChanged() override { touch(); }
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    double line() const; ///< height of a line of body type
    double rowHeight() const;
    double headHeight() const;
    std::size_t rowsInSight() const;
    void paintHead(QPainter& painter) const;
    void paintRow(QPainter& painter, const ThreadRow& row, double top);
    void paintTime(QPainter& painter, const ThreadTime& time, const QRectF& bar) const;
    QString timeWords(const ThreadTime& time) const;

    struct Place {
        QRectF row;
        QRectF waker;
        std::uint16_t actor;
        std::optional<std::size_t> event;
    };
    ThreadListing m_listing;
    std::vector<Place> m_places;
    QScrollBar* m_scrollBar; ///< by threads
};

} // namespace lab
