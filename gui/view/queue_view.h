// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/queue_items.h"
#include "gui/view/lab_view.h"

#include <QRectF>
#include <QStringList>

#include <vector>

namespace lab {

/// What waits in the queues between threads at the playhead: who pushed it, how long it waits, who takes it.
class QueueView : public LabView {
    Q_OBJECT

public:
    QueueView(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    const std::vector<QueueListing>& listings() const { return m_listings; }

protected:
    void refresh() override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void paintEmpty(QPainter& painter) const;
    double paintListing(QPainter& painter, const QueueListing& listing, double top);
    void paintItem(QPainter& painter, const QueueItem& item, const QRectF& row, const QueueListing& listing) const;
    void paintWait(QPainter& painter, const QueueItem& item, const QRectF& bar, const QueueListing& listing) const;
    QStringList whoHas(const QueueItem& item, const QueueListing& listing) const;
    QStringList historyOf(const QueueItem& item, const QueueListing& listing) const;
    bool isNarrow() const;

    struct Place {
        QRectF area;
        Selection selection;
    };
    std::vector<QueueListing> m_listings;
    std::vector<Place> m_places;
};

} // namespace lab
