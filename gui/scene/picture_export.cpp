// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/picture_export.h"

#include "engine/state/narration.h"
#include "engine/state/state_history.h"
#include "gui/model/lane_index.h"
#include "gui/scene/lanes_painter.h"
#include "gui/scene/stage_painter.h"

#include <QBuffer>
#include <QByteArray>
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

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

QByteArray asSvg(const ExportedPicture& picture, const QSize& size, const Theme& theme) {
    QByteArray octets;
    QBuffer buffer(&octets);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    generator.setResolution(96);
    generator.setTitle(QStringLiteral("Proactor Lab: stage and thread lanes"));
    QPainter painter(&generator);
    picture.paint(painter, size, theme);
    painter.end();
    return octets;
}

QByteArray asPng(const ExportedPicture& picture, const QSize& size, const Theme& theme) {
    QImage image(size, QImage::Format_RGB32);
    QPainter painter(&image);
    picture.paint(painter, size, theme);
    painter.end();
    QByteArray octets;
    QBuffer buffer(&octets);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return octets;
}

Error error(const QString& sentence) { return Error{sentence.toStdString()}; }

} // namespace

Result<void> exportPicture(std::shared_ptr<Recording> recording, std::size_t atEvent, const QString& format,
                           const QSize& size, const Theme& theme, const QString& output) {
    if (format != QLatin1String("svg") && format != QLatin1String("png")) {
        return error(QStringLiteral("format %1 is not known: svg and png are").arg(format));
    }
    if (size.width() < 320 || size.height() < 200 || size.width() > 16384 || size.height() > 16384) {
        return error(QStringLiteral("a picture of %1 by %2 pixels cannot be made: 320 by 200 to 16384 by 16384 can")
                         .arg(size.width())
                         .arg(size.height()));
    }
    if (atEvent <= recording->first() || atEvent > recording->end()) {
        return error(QStringLiteral("event %1 is not in the recording, which has events %2 to %3")
                         .arg(atEvent)
                         .arg(recording->first() + 1)
                         .arg(recording->end()));
    }
    const ExportedPicture picture(std::move(recording), atEvent);
    const auto octets = format == QLatin1String("svg") ? asSvg(picture, size, theme) : asPng(picture, size, theme);
    QSaveFile file(output);
    if (!file.open(QIODevice::WriteOnly) || file.write(octets) != octets.size() || !file.commit()) {
        return error(QStringLiteral("cannot write %1: %2").arg(output, file.errorString()));
    }
    return {};
}

} // namespace lab
