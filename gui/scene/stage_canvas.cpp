// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/stage_canvas.h"

#include <QDataStream>
#include <QIODevice>
#include <QPaintEngine>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

constexpr int cachedWords = 4000;
constexpr int cachedStamps = 600;

QFont fontOf(const Theme& theme, Type type, double scale) {
    const double body = theme.typeSize * scale;
    const double small = theme.smallSize * scale;
    switch (type) {
    case Type::Title: return theme.font(theme.titleSize * scale, true);
    case Type::Subtitle: return theme.font(body * 1.05);
    case Type::Bold: return theme.font(body, true);
    case Type::Small: return theme.font(small);
    case Type::SmallBold: return theme.font(small, true);
    case Type::Code: return theme.mono(small * 0.96);
    case Type::CodeBold: return theme.mono(small * 0.96, true);
    case Type::Section: {
        auto font = theme.font(small, true);
        font.setLetterSpacing(QFont::AbsoluteSpacing, 0.11 * small);
        return font;
    }
    default: return theme.font(body);
    }
}

} // namespace

void StageCanvas::begin(QPainter& painter, const Theme& theme, double scale) {
    m_painter = &painter;
    m_theme = &theme;
    m_words.clear();
    m_hits.clear();
    // A cache that grows with every new number is thrown away whole: laying a picture's words out again is cheap.
    if (theme.id != m_themeId || scale != m_scale || m_cache.size() > cachedWords) {
        m_cache.clear();
    }
    if (theme.id != m_themeId || m_stamps.size() > cachedStamps) {
        m_stamps.clear();
    }
    if (theme.id != m_themeId || scale != m_scale) {
        m_themeId = theme.id;
        m_scale = scale;
        for (std::size_t type = 0; type < m_fonts.size(); ++type) {
            m_fonts[type] = fontOf(theme, static_cast<Type>(type), scale);
            const QFontMetricsF metrics(m_fonts[type]);
            m_heights[type] = std::ceil(metrics.ascent() + metrics.descent());
        }
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setRenderHint(QPainter::TextAntialiasing, true);
}

const StageCanvas::LaidOut& StageCanvas::laidOut(Type type, const QString& text) {
    const QString key = QChar(static_cast<char16_t>('a' + static_cast<int>(type))) + text;
    auto found = m_cache.find(key);
    if (found == m_cache.end()) {
        const auto& font = m_fonts[static_cast<std::size_t>(type)];
        LaidOut words;
        words.text.setTextFormat(Qt::PlainText);
        words.text.setText(text);
        words.text.prepare({}, font);
        words.width = QFontMetricsF(font).horizontalAdvance(text);
        found = m_cache.insert(key, words);
    }
    return *found;
}

double StageCanvas::width(Type type, const QString& text) { return laidOut(type, text).width; }

QRectF StageCanvas::text(const QRectF& box, Qt::Alignment alignment, const QString& text, Type type,
                         const QColor& colour) {
    if (text.isEmpty()) {
        return {};
    }
    const auto& font = m_fonts[static_cast<std::size_t>(type)];
    bool cut = false;
    QString shown = text;
    if (laidOut(type, text).width > box.width() + 0.5) {
        cut = true;
        shown = QFontMetricsF(font).elidedText(text, Qt::ElideRight, box.width());
        if (shown.size() < 3) {
            m_words.push_back({QRectF(box.center(), QSizeF(0, 0)), text, true});
            return {};
        }
    }
    const auto& words = laidOut(type, shown);
    const double height = this->height(type);
    double x = box.left();
    if (alignment & Qt::AlignHCenter) {
        x = box.center().x() - words.width / 2;
    } else if (alignment & Qt::AlignRight) {
        x = box.right() - words.width;
    }
    double y = box.center().y() - height / 2;
    if (alignment & Qt::AlignTop) {
        y = box.top();
    } else if (alignment & Qt::AlignBottom) {
        y = box.bottom() - height;
    }
    m_painter->setPen(colour);
    m_painter->setFont(font);
    m_painter->drawStaticText(QPointF(x, y), words.text);
    const QRectF place(x, y, words.width, height);
    m_words.push_back({place, shown, cut});
    return place;
}

QRectF StageCanvas::plate(const QRectF& box, Qt::Alignment alignment, const QString& text, Type type,
                          const QColor& colour, const QColor& ground) {
    const double wide = std::min(width(type, text), box.width());
    double x = box.left();
    if (alignment & Qt::AlignHCenter) {
        x = box.center().x() - wide / 2;
    } else if (alignment & Qt::AlignRight) {
        x = box.right() - wide;
    }
    const QRectF back(x - 4 * m_scale, box.center().y() - height(type) / 2, wide + 8 * m_scale, height(type));
    this->box(back, ground, Qt::transparent, 0, 3 * m_scale);
    return this->text(box, alignment, text, type, colour);
}

void StageCanvas::box(const QRectF& place, const QColor& fill, const QColor& line, double lineWidth, double radius,
                      bool dashed) {
    QPen pen(Qt::NoPen);
    if (lineWidth > 0) {
        pen = QPen(line, lineWidth);
        if (dashed) {
            pen.setDashPattern({4, 3});
        }
    }
    if (!stampBox(place, fill, pen, radius)) {
        paintBox(*m_painter, place, fill, pen, radius);
    }
}

void StageCanvas::paintBox(QPainter& painter, const QRectF& place, const QColor& fill, const QPen& pen,
                           double radius) const {
    painter.setPen(pen);
    painter.setBrush(fill.alpha() == 0 ? QBrush(Qt::NoBrush) : QBrush(fill));
    painter.drawRoundedRect(place, radius, radius);
}

/// The box as a picture made once. False where that does not pay, or where the output is no raster.
bool StageCanvas::stampBox(const QRectF& place, const QColor& fill, const QPen& pen, double radius) {
    const auto* engine = m_painter->paintEngine();
    if (!engine || engine->type() != QPaintEngine::Raster || place.width() * place.height() > 200000 ||
        place.isEmpty()) {
        return false;
    }
    const double ratio = m_painter->device()->devicePixelRatioF();
    const double margin = std::ceil(pen.style() == Qt::NoPen ? 1 : pen.widthF() / 2 + 1);
    // To quarters of a pixel, so that what is stamped does not depend on which box of nearly this size came first.
    const QSizeF exact(std::round(place.width() * 4) / 4, std::round(place.height() * 4) / 4);
    QByteArray key;
    QDataStream(&key, QIODevice::WriteOnly)
        << exact.width() << exact.height() << radius << fill.rgba() << pen.color().rgba() << pen.widthF()
        << static_cast<int>(pen.style()) << ratio;
    auto found = m_stamps.find(key);
    if (found == m_stamps.end()) {
        const QSizeF size(exact.width() + 2 * margin, exact.height() + 2 * margin);
        QPixmap stamp((size * ratio).toSize() + QSize(1, 1));
        stamp.setDevicePixelRatio(ratio);
        stamp.fill(Qt::transparent);
        QPainter painter(&stamp);
        painter.setRenderHint(QPainter::Antialiasing, true);
        paintBox(painter, QRectF(QPointF(margin, margin), exact), fill, pen, radius);
        painter.end();
        found = m_stamps.insert(key, stamp);
    }
    // On whole pixels, so that it is the same wherever it stands.
    m_painter->drawPixmap(QPointF(std::round(place.left() - margin), std::round(place.top() - margin)), *found);
    return true;
}

void StageCanvas::dot(QPointF centre, double radius, const QColor& fill) {
    box(QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius), fill, Qt::transparent, 0, radius);
}

void StageCanvas::ring(QPointF centre, double radius, double share, const QColor& colour) {
    QColor pale = colour;
    pale.setAlphaF(0.35F);
    m_painter->setBrush(Qt::NoBrush);
    m_painter->setPen(QPen(pale, radius * 0.45));
    m_painter->drawEllipse(centre, radius, radius);
    if (share > 0) {
        m_painter->setPen(QPen(colour, radius * 0.45, Qt::SolidLine, Qt::FlatCap));
        const QRectF around(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius);
        m_painter->drawArc(around, 90 * 16, -static_cast<int>(std::lround(360 * 16 * std::min(share, 1.0))));
    }
}

void StageCanvas::line(QPointF from, QPointF to, const QColor& colour, double lineWidth, bool dashed) {
    QPen pen(colour, lineWidth, Qt::SolidLine, Qt::FlatCap);
    if (dashed) {
        pen.setDashPattern({3, 2});
    }
    m_painter->setPen(pen);
    m_painter->drawLine(from, to);
}

void StageCanvas::curve(QPointF from, QPointF to, const QColor& colour, double lineWidth, bool dashed) {
    if (std::abs(from.x() - to.x()) < 1.5) {
        line(from, to, colour, lineWidth, dashed);
        return;
    }
    QPainterPath path(from);
    const double middle = (from.y() + to.y()) / 2;
    path.cubicTo(QPointF(from.x(), middle), QPointF(to.x(), middle), to);
    QPen pen(colour, lineWidth, Qt::SolidLine, Qt::FlatCap);
    if (dashed) {
        pen.setDashPattern({3, 2});
    }
    m_painter->setPen(pen);
    m_painter->setBrush(Qt::NoBrush);
    m_painter->drawPath(path);
}

void StageCanvas::arrow(QPointF from, QPointF to, const QColor& colour, double lineWidth, bool dashed) {
    const double size = 4 + 2.6 * lineWidth;
    const double sign = to.y() >= from.y() ? 1 : -1;
    curve(from, to - QPointF(0, sign * size * 0.8), colour, lineWidth, dashed);
    head(to, QPointF(0, sign), colour, size);
}

void StageCanvas::head(QPointF tip, QPointF direction, const QColor& colour, double size) {
    const QPointF across(-direction.y(), direction.x());
    const std::array<QPointF, 3> corners{tip, tip - direction * size + across * size * 0.55,
                                         tip - direction * size - across * size * 0.55};
    m_painter->setPen(Qt::NoPen);
    m_painter->setBrush(colour);
    m_painter->drawPolygon(corners.data(), static_cast<int>(corners.size()));
}

void StageCanvas::hit(const QRectF& place, Selection selection, QString tip) {
    m_hits.push_back({place, selection, std::move(tip)});
}

const StageCanvas::Hit* StageCanvas::hitAt(QPointF place) const {
    const auto found = std::find_if(m_hits.rbegin(), m_hits.rend(),
                                    [place](const Hit& candidate) { return candidate.place.contains(place); });
    return found == m_hits.rend() ? nullptr : &*found;
}

} // namespace lab
