// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/scene/collaboration_layout.h"
#include "gui/scene/stage_word.h"

#include <QPainter>
#include <QPointF>

#include <optional>
#include <vector>

namespace lab {

/// A colour to tell threads, or connections, from each other; always beside a name or a number.
QColor colourOfActor(std::uint16_t actor, const Theme& theme);
QColor colourOfConnection(std::uint32_t connection, const Theme& theme);

/// Paints an interaction diagram, in a window, a picture or a scalable one: only the rows that are in sight.
///
/// Role: view of Collaboration. Threads: one at a time. Owner: a view or an exporter.
class CollaborationPainter {
public:
    void paint(QPainter& painter, const CollaborationLayout& layout, const Collaboration& collaboration,
               const Theme& theme, double scroll);

    /// The row of the last picture under `place`.
    std::optional<std::size_t> rowAt(QPointF place) const;
    /// The words of the last picture, and where they stand.
    const std::vector<StageWord>& words() const { return m_words; }

private:
    enum class When { Happened, Now, Next };
    When whenOf(std::size_t row) const;
    QColor lineColour(const CollaborationMessage& message, When when) const;
    QColor groundOf(When when) const; ///< of words
    void paintLifelines();
    void paintNames();
    void paintBar(const CollaborationBar& bar);
    void paintRow(std::size_t row);
    void paintNumbers(const CollaborationMessage& message, double top, When when);
    void paintArrow(const CollaborationMessage& message, double y, When when);
    void paintSelfArrow(double x, double y, const QColor& colour, double width, bool dashed);
    void paintLabel(const CollaborationMessage& message, double top, When when);
    void paintThread(const CollaborationMessage& message, double top, When when);
    void head(QPointF tip, double direction, const QColor& colour, double size);
    void text(const QRectF& box, Qt::Alignment alignment, const QString& words, const QFont& font,
              const QColor& colour);

    QPainter* m_painter = nullptr;
    const Theme* m_theme = nullptr;
    const CollaborationLayout* m_layout = nullptr;
    const Collaboration* m_what = nullptr;
    double m_scroll = 0;
    struct Place {
        QRectF area;
        std::size_t row;
    };
    std::vector<Place> m_places;
    std::vector<StageWord> m_words;
};

} // namespace lab
