// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/steps_listing.h"
#include "gui/view/lab_view.h"

#include <QRectF>
#include <QScrollBar>

#include <vector>

namespace lab {

/// The papers' numbered steps of the chosen request, ticked as far as they have happened; the next one is outlined.
/// A click on a step goes to its event.
class StepsView : public LabView {
    Q_OBJECT

public:
    StepsView(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    const StepsListing& listing() const { return m_listing; }
    /// Where step `step` (from 0) of the sequence at `place` stands; empty when it is out of sight.
    QRectF stepPlace(std::size_t place, std::size_t step) const;

    QSize sizeHint() const override { return {400, 250}; }
    QSize minimumSizeHint() const override { return {200, 90}; }

protected:
    void refresh() override;
    void themeChanged() override { arrange(); }
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    bool event(QEvent* event) override;

private:
    enum class Mark { Done, Now, Next, Later };
    /// One step, or a sequence's title, or where it comes from.
    struct Line {
        enum class Kind { Title, Source, Step };
        Kind kind = Kind::Step;
        QRectF area; ///< from the content's top
        QString words;
        Mark mark = Mark::Later;
        std::size_t sequence = 0;
        std::size_t step = 0;
        std::size_t event = RecognisedSequence::unseen;
    };
    Mark markOf(const RecognisedSequence& sequence, std::size_t step) const;
    QFont fontOf(const Line& line) const;
    QRectF wordsOf(const Line& line) const; ///< where its words stand, without the number
    void arrange();
    void arrangeSequence(std::size_t place, double& top);
    void add(Line line, double& top);
    void paintLine(QPainter& painter, const Line& line) const;
    void paintNumber(QPainter& painter, QPointF centre, const Line& line) const;
    const Line* lineAt(QPointF place) const;

    StepsListing m_listing;
    std::vector<Line> m_lines;
    QScrollBar* m_scrollBar;
};

} // namespace lab
