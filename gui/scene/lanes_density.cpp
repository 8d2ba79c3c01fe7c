// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/lanes_parts.h"
#include "gui/theme/contrast.h"

#include <QImage>
#include <QPolygonF>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace lab {

namespace {

/// One pixel's column: each work's share of its time, one over the other; waiting as a line in the middle.
class ColumnPainter {
public:
    ColumnPainter(QImage& image, const Theme& theme, bool filled)
        : m_pixels(reinterpret_cast<QRgb*>(image.bits()))
        , m_stride(image.bytesPerLine() / 4)
        , m_high(image.height())
        , m_filled(filled) {
        for (std::size_t work = 0; work < m_colours.size(); ++work) {
            const auto& colour = theme.work[work];
            m_colours[work] = (filled ? colour : mixed(colour, theme.panel, 0.45)).rgb();
        }
    }

    void paint(int x, const LaneTotals& totals, double nanoseconds) {
        const auto high = m_high;
        const auto& stacked = m_filled ? totals.running : totals.blocked;
        if (m_filled && totals.allBlocked() > 0) {
            const auto most = std::max_element(totals.blocked.begin(), totals.blocked.end());
            const auto colour = m_colours[static_cast<std::size_t>(most - totals.blocked.begin())];
            fill(x, high / 2 - 1, high / 2 + 1, colour);
        }
        double sum = 0;
        for (const auto nanosecondsOfWork : stacked) {
            sum += static_cast<double>(nanosecondsOfWork);
        }
        if (sum <= 0) {
            return;
        }
        // Around the middle, as long spans stand. What took any time at all is to be seen.
        const double whole = std::clamp(high * sum / nanoseconds, 1.0, static_cast<double>(high));
        double top = (high - whole) / 2;
        for (std::size_t work = 0; work < stacked.size(); ++work) {
            const double next = top + whole * static_cast<double>(stacked[work]) / sum;
            fill(x, static_cast<int>(std::lround(top)), static_cast<int>(std::lround(next)), m_colours[work]);
            top = next;
        }
    }

private:
    void fill(int x, int top, int bottom, QRgb colour) {
        for (int y = std::max(0, top); y < bottom; ++y) {
            m_pixels[static_cast<std::ptrdiff_t>(y) * m_stride + x] = colour;
        }
    }

    QRgb* m_pixels;
    std::ptrdiff_t m_stride;
    int m_high;
    std::array<QRgb, static_cast<std::size_t>(Work::Count)> m_colours{};
    bool m_filled;
};

} // namespace

void paintDensity(LanesScene& scene, const QRectF& row, const SpanLane& lane, const DensityStretch& stretch) {
    const auto [left, right, filled, byGroups] = stretch;
    const auto look = [&, groups = byGroups](std::uint64_t time, std::size_t& hint) {
        return groups ? lane.groupsBefore(time, hint) : lane.totalsBefore(time, hint);
    };
    const int high = std::max(1, static_cast<int>(row.height()));
    QImage image(right - left, high, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    ColumnPainter columns(image, scene.theme, filled);
    std::size_t hint = 0;
    auto begin = scene.time(left);
    auto before = look(begin, hint);
    const int step = byGroups ? 2 : 1; // from so far away nobody tells single pixels apart
    for (int x = left; x < right; x += step) {
        const auto end = scene.time(x + step);
        const auto after = look(end, hint);
        if (end > begin) {
            auto totals = after;
            totals -= before;
            for (int column = x; column < std::min(right, x + step); ++column) {
                columns.paint(column - left, totals, static_cast<double>(end - begin));
            }
        }
        before = after;
        begin = end;
    }
    scene.canvas.painter().drawImage(QPointF(left, row.top()), image);
}

void paintCount(LanesScene& scene, const QRectF& row, const CountLane& lane, const QColor& colour) {
    constexpr double step = 2;
    const double most = std::max(1u, lane.most());
    const double end = scene.endOfTime();
    QPolygonF line;
    QPolygonF area;
    for (double x = scene.first(); x < end; x += step) {
        const auto extent = lane.extent(scene.time(x), std::max(scene.time(x) + 1, scene.time(x + step)));
        line << QPointF(x, row.bottom() - row.height() * extent.most / most);
        area << QPointF(x, row.bottom() - row.height() * extent.mean / most);
    }
    if (line.isEmpty()) {
        return;
    }
    area << QPointF(area.last().x(), row.bottom()) << QPointF(area.first().x(), row.bottom());
    auto& painter = scene.canvas.painter();
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(colour, scene.theme.panel, 0.3));
    painter.drawPolygon(area);
    painter.setPen(QPen(colour, 1.3));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(line);
}

} // namespace lab
