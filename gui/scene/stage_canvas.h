// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/selection.h"
#include "gui/scene/stage_word.h"
#include "gui/theme/theme.h"

#include <QByteArray>
#include <QFontMetricsF>
#include <QHash>
#include <QPainter>
#include <QPen>
#include <QPixmap>
#include <QRectF>
#include <QStaticText>
#include <QString>

#include <array>
#include <optional>
#include <vector>

namespace lab {

/// Kinds of type on a picture: one scale for all of it.
enum class Type { Title, Subtitle, Body, Bold, Small, SmallBold, Code, CodeBold, Section, Count };

/// Draws words, boxes and arrows of one picture and remembers where words and things are.
///
/// Role: the painters' pencil. Threads: one at a time. Owner: a painter, which keeps it from picture to picture for
/// the sake of its cache of laid-out words.
class StageCanvas {
public:
    struct Hit {
        QRectF place;
        Selection selection;
        QString tip;
    };

    /// A new picture; forgets the last one's words and hits. `scale`: of all type.
    void begin(QPainter& painter, const Theme& theme, double scale);

    QPainter& painter() { return *m_painter; }
    const Theme& theme() const { return *m_theme; }
    double scale() const { return m_scale; }
    bool projector() const { return m_theme->smallSize >= 24; }
    double height(Type type) const { return m_heights[static_cast<std::size_t>(type)]; }
    double width(Type type, const QString& text);

    /// Words at their place in `box`; cut with an ellipsis where they do not fit, left out where not even that fits.
    /// Returns where they stand.
    QRectF text(const QRectF& box, Qt::Alignment alignment, const QString& text, Type type, const QColor& colour);
    /// The same on a ground of their own, so that lines behind do not disturb.
    QRectF plate(const QRectF& box, Qt::Alignment alignment, const QString& text, Type type, const QColor& colour,
                 const QColor& ground);

    void box(const QRectF& place, const QColor& fill, const QColor& line, double lineWidth, double radius,
             bool dashed = false);
    void pill(const QRectF& place, const QColor& fill, const QColor& line, double lineWidth, bool dashed = false) {
        box(place, fill, line, lineWidth, place.height() / 2, dashed);
    }
    void dot(QPointF centre, double radius, const QColor& fill);
    void ring(QPointF centre, double radius, double share, const QColor& colour);
    void line(QPointF from, QPointF to, const QColor& colour, double lineWidth, bool dashed = false);
    /// A curve that leaves and arrives vertically.
    void curve(QPointF from, QPointF to, const QColor& colour, double lineWidth, bool dashed = false);
    /// The same with a head at `to`.
    void arrow(QPointF from, QPointF to, const QColor& colour, double lineWidth, bool dashed = false);
    void head(QPointF tip, QPointF direction, const QColor& colour, double size);

    void hit(const QRectF& place, Selection selection, QString tip);
    const std::vector<StageWord>& words() const { return m_words; }
    const Hit* hitAt(QPointF place) const; ///< the topmost one

private:
    struct LaidOut {
        QStaticText text;
        double width = 0;
    };
    const LaidOut& laidOut(Type type, const QString& text);
    void paintBox(QPainter& painter, const QRectF& place, const QColor& fill, const QPen& pen, double radius) const;
    bool stampBox(const QRectF& place, const QColor& fill, const QPen& pen, double radius);

    QPainter* m_painter = nullptr;
    const Theme* m_theme = nullptr;
    QString m_themeId;
    double m_scale = 0;
    std::array<QFont, static_cast<std::size_t>(Type::Count)> m_fonts;
    std::array<double, static_cast<std::size_t>(Type::Count)> m_heights{};
    QHash<QString, LaidOut> m_cache;
    QHash<QByteArray, QPixmap> m_stamps; ///< boxes with smooth edges cost too much to be painted again and again
    std::vector<StageWord> m_words;
    std::vector<Hit> m_hits;
};

} // namespace lab
