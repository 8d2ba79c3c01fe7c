// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/collaboration_layout.h"

#include "gui/model/number_text.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

constexpr double boxPadding = 6;
constexpr double boxGap = 6;

/// For where the papers' whole names find no room.
QString shortNameOf(Participant participant, const RunInfo& info) {
    switch (participant) {
    case Participant::InitiationDispatcher:
    case Participant::CompletionDispatcher: return QStringLiteral("Dispatcher");
    case Participant::AsynchronousOperationProcessor: return QStringLiteral("Operation Processor");
    case Participant::ProactiveInitiator: return QStringLiteral("Initiator");
    case Participant::OperatingSystem: return QStringLiteral("System");
    case Participant::Acceptor: return QStringLiteral("Acceptor");
    case Participant::CompletionHandler:
    case Participant::Handler: return QStringLiteral("Handler");
    case Participant::Filesystem: return QStringLiteral("Files");
    default: return nameOf(participant, info);
    }
}

QString nameIn(const Collaboration& collaboration, Participant participant, const RunInfo& info, bool isShort) {
    auto name = isShort ? shortNameOf(participant, info) : nameOf(participant, info);
    if (participant == Participant::Handler && collaboration.topic.connection != 0) {
        name += QStringLiteral(" #%1").arg(collaboration.topic.connection);
    } else if (participant == Participant::Client && collaboration.topic.client != 0) {
        name += QStringLiteral(" %1").arg(collaboration.topic.client);
    }
    return name;
}

QStringList broken(const QString& name, const QFontMetricsF& metrics, double width) {
    QStringList lines;
    for (const auto& word : name.split(QLatin1Char(' '))) {
        const auto joined = lines.isEmpty() ? word : lines.last() + QLatin1Char(' ') + word;
        if (!lines.isEmpty() && metrics.horizontalAdvance(joined) <= width) {
            lines.last() = joined;
        } else {
            lines += word;
        }
    }
    return lines;
}

double widthOfNumbers(const Collaboration& collaboration, const Theme& theme) {
    const QFontMetricsF mono(theme.mono(theme.smallSize));
    const QFontMetricsF small(theme.font(theme.smallSize));
    double width = std::max(small.horizontalAdvance(QStringLiteral("+888.8 µs")),
                            mono.horizontalAdvance(QStringLiteral("88,888")));
    if (!collaboration.messages.empty()) {
        width = std::max(width, mono.horizontalAdvance(countText(collaboration.messages.back().event)));
    }
    return width + 14;
}

/// Names on `steps` steps, each box over its lifeline, moved aside only at the edges.
void placeNames(CollaborationLayout& layout, const Collaboration& collaboration, const RunInfo& info,
                const QFontMetricsF& metrics, bool isShort, std::size_t steps) {
    layout.lifelines.clear();
    const auto& area = layout.area;
    const double wide = static_cast<double>(steps) * layout.pitch - boxGap - 2 * boxPadding;
    double tallest = 0;
    for (const auto participant : collaboration.participants) {
        CollaborationLayout::Lifeline lifeline;
        lifeline.participant = participant;
        lifeline.x = std::round(layout.left() + (static_cast<double>(layout.lifelines.size()) + 0.5) * layout.pitch);
        lifeline.lines = broken(nameIn(collaboration, participant, info, isShort), metrics, wide);
        tallest = std::max(tallest, static_cast<double>(lifeline.lines.size()) * layout.line + 8);
        layout.lifelines.push_back(std::move(lifeline));
    }
    for (std::size_t i = 0; i < layout.lifelines.size(); ++i) {
        auto& lifeline = layout.lifelines[i];
        double width = 0;
        for (const auto& line : lifeline.lines) {
            width = std::max(width, metrics.horizontalAdvance(line) + 2 * boxPadding + 2);
        }
        const double top = area.top() + 4 + static_cast<double>(i % steps) * (tallest + 4);
        const double high = static_cast<double>(lifeline.lines.size()) * layout.line + 8;
        const double leftmost = area.left() + 3;
        const double rightmost = std::max(leftmost, area.right() - 3 - width);
        lifeline.box =
            QRectF(std::clamp(lifeline.x - width / 2, leftmost, rightmost), top + tallest - high, width, high);
    }
    const double high = static_cast<double>(steps) * (tallest + 4) + 8;
    layout.rows = QRectF(area.left(), area.top() + high, area.width(), std::max(0.0, area.height() - high));
}

/// No name over another, and none over the lifeline of another that begins above it.
bool namesFit(const CollaborationLayout& layout) {
    for (const auto& lifeline : layout.lifelines) {
        for (const auto& other : layout.lifelines) {
            const bool crossed = other.x > lifeline.box.left() - 1 && other.x < lifeline.box.right() + 1 &&
                                 other.box.bottom() <= lifeline.box.top();
            if (&other != &lifeline && (crossed || other.box.intersects(lifeline.box))) {
                return false;
            }
        }
    }
    return true;
}

} // namespace

double CollaborationLayout::xOf(Participant participant) const {
    const auto found = std::ranges::find(lifelines, participant, &Lifeline::participant);
    return found == lifelines.end() ? left() : found->x;
}

double CollaborationLayout::scrollTo(std::size_t row, std::size_t count) const {
    const double most = std::max(0.0, heightOf(count) - rows.height());
    // With the next one below it, where there is room for both.
    const double wanted = std::min(heightOf(row + 2) - rows.height(), heightOf(row));
    return std::clamp(std::ceil(wanted), 0.0, most);
}

CollaborationLayout layOut(const QRectF& area, const Collaboration& collaboration, const RunInfo& info,
                           const Theme& theme) {
    CollaborationLayout layout;
    layout.area = area;
    const QFontMetricsF metrics(theme.font(theme.smallSize, true));
    layout.line = std::ceil(metrics.height());
    layout.rowHeight = 2 * layout.line + 8;
    layout.gutter = widthOfNumbers(collaboration, theme);
    const auto count = std::max<std::size_t>(1, collaboration.participants.size());
    layout.pitch = (area.width() - layout.gutter) / static_cast<double>(count);
    struct Attempt {
        bool isShort;
        std::size_t steps;
    };
    for (const auto& [isShort, steps] : {Attempt{false, 1}, {false, 2}, {true, 2}, {false, 3}, {true, 3}}) {
        placeNames(layout, collaboration, info, metrics, isShort, steps);
        if (namesFit(layout)) {
            break;
        }
    }
    return layout;
}

} // namespace lab
