// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/picture_export.h"

#include "engine/state/narration.h"
#include "engine/state/state_history.h"
#include "gui/model/lane_index.h"
#include "gui/model/recording_follower.h"
#include "gui/scene/collaboration_painter.h"
#include "gui/scene/lanes_painter.h"
#include "gui/scene/picture_file.h"
#include "gui/scene/stage_painter.h"

#include <QPainter>

#include <algorithm>

namespace lab {

namespace {

constexpr double stageShare = 0.64;       ///< of the picture's height; the lanes take the rest
constexpr std::size_t eventsInSight = 60; ///< of the lanes, before the playhead

/// About sixty events before the playhead, which stands where a reader has come to three quarters of the way.
TimeScale scaleAround(const RecordingView& view, std::size_t last, double left, double right) {
    TimeScale scale;
    scale.left = left;
    const auto first = std::max(view.first(), last - std::min(last, eventsInSight));
    const auto time = static_cast<double>(view[last].time);
    const double length = std::max(1000.0, time - static_cast<double>(view[first].time));
    scale.nanosecondsPerPixel = length / (0.75 * (right - left));
    return scale.movedTo(time, left + 0.75 * (right - left));
}

/// The whole diagram with what it is of above it, and the event's row in sight.
void paintCollaborationPicture(QPainter& painter, const QSize& size, const Collaboration& what, const RunInfo& info,
                               const Theme& theme) {
    painter.fillRect(QRect(QPoint(0, 0), size), theme.window);
    const QRectF title(14, 8, size.width() - 28, theme.titleSize * 1.5);
    painter.setFont(theme.font(theme.titleSize, true));
    painter.setPen(theme.text);
    painter.drawText(title, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     QStringLiteral("%1 · %2").arg(QString::fromStdString(info.model), what.title));
    const QRectF area(0, title.bottom() + 6, size.width(), size.height() - title.bottom() - 6);
    const auto layout = layOut(area, what, info, theme);
    const auto count = what.messages.size();
    CollaborationPainter().paint(painter, layout, what, theme,
                                 layout.scrollTo(what.now.value_or(count > 0 ? count - 1 : 0), count));
}

class ExportedPicture {
public:
    ExportedPicture(std::shared_ptr<Recording> recording, std::size_t atEvent)
        : m_history(recording)
        , m_glossary(Glossary::of(*recording)) {
        m_history.follow();
        m_lanes.follow(m_history.view());
        const auto& before = m_history.at(atEvent - 1);
        const bool kept = before.next == atEvent - 1 && atEvent > m_history.view().first();
        m_sentence = kept ? narrate(m_history.view()[atEvent - 1], before, m_glossary) : std::string();
        m_state = m_history.at(atEvent);
    }

    void paint(QPainter& painter, const QSize& size, const Theme& theme) const {
        const double split = std::round(size.height() * stageShare);
        StagePainter stage;
        const StageInput input{m_state, m_glossary, {}, {}, false, true, true, m_sentence};
        stage.paint(painter, QRectF(0, 0, size.width(), split), input, theme);
        const double left = LanesPainter::namesWidth(theme);
        const auto scale = scaleAround(m_history.view(), m_state.next - 1, left, size.width());
        const LanesInput lanes{m_lanes, m_glossary, scale, m_state.time, m_state.next - 1, {}, 0, m_state.last};
        LanesPainter().paint(painter, QRectF(0, split, size.width(), size.height() - split), lanes, theme);
    }

private:
    StateHistory m_history;
    Glossary m_glossary;
    LaneIndex m_lanes;
    LabState m_state;
    std::string m_sentence;
};

} // namespace

Result<void> exportPicture(std::shared_ptr<Recording> recording, std::size_t atEvent, const QString& format,
                           const QSize& size, const Theme& theme, const QString& output) {
    const PictureRequest request{format, size, QStringLiteral("Proactor Lab: stage and thread lanes"), output};
    if (auto possible = checkPicture(request, *recording, atEvent); !possible) {
        return possible;
    }
    const ExportedPicture picture(std::move(recording), atEvent);
    return writePicture(request, [&](QPainter& painter) { picture.paint(painter, size, theme); });
}

Result<void> exportCollaboration(std::shared_ptr<Recording> recording, std::size_t atEvent, const QString& format,
                                 const QSize& size, const Theme& theme, const QString& output,
                                 std::uint32_t connection) {
    const PictureRequest request{format, size, QStringLiteral("Proactor Lab: collaboration"), output};
    if (auto possible = checkPicture(request, *recording, atEvent); !possible) {
        return possible;
    }
    RecordingFollower follower(std::move(recording));
    while (follower.follow(std::chrono::seconds(1)) > 0) {
    }
    const auto selection = connection == 0 ? Selection{} : Selection{Selection::Kind::Connection, connection};
    const auto what = collaborationAt(follower, follower.at(atEvent), selection, Scope::Request);
    return writePicture(request, [&](QPainter& painter) {
        paintCollaborationPicture(painter, size, what, follower.glossary().info, theme);
    });
}

} // namespace lab
