// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/picture_file.h"

#include <QBuffer>
#include <QByteArray>
#include <QImage>
#include <QSaveFile>
#include <QSvgGenerator>

namespace lab {

namespace {

QByteArray asSvg(const PictureRequest& request, const std::function<void(QPainter&)>& paint) {
    QByteArray octets;
    QBuffer buffer(&octets);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(request.size);
    generator.setViewBox(QRect(QPoint(0, 0), request.size));
    generator.setResolution(96);
    generator.setTitle(request.title);
    QPainter painter(&generator);
    paint(painter);
    painter.end();
    return octets;
}

QByteArray asPng(const PictureRequest& request, const std::function<void(QPainter&)>& paint) {
    QImage image(request.size, QImage::Format_RGB32);
    QPainter painter(&image);
    paint(painter);
    painter.end();
    QByteArray octets;
    QBuffer buffer(&octets);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return octets;
}

Error error(const QString& sentence) { return Error{sentence.toStdString()}; }

} // namespace

Result<void> checkPicture(const PictureRequest& request, const Recording& recording, std::size_t atEvent) {
    if (request.format != QLatin1String("svg") && request.format != QLatin1String("png")) {
        return error(QStringLiteral("format %1 is not known: svg and png are").arg(request.format));
    }
    const auto& size = request.size;
    if (size.width() < 320 || size.height() < 200 || size.width() > 16384 || size.height() > 16384) {
        return error(QStringLiteral("a picture of %1 by %2 pixels cannot be made: 320 by 200 to 16384 by 16384 can")
                         .arg(size.width())
                         .arg(size.height()));
    }
    if (atEvent <= recording.first() || atEvent > recording.end()) {
        return error(QStringLiteral("event %1 is not in the recording, which has events %2 to %3")
                         .arg(atEvent)
                         .arg(recording.first() + 1)
                         .arg(recording.end()));
    }
    return {};
}

Result<void> writePicture(const PictureRequest& request, const std::function<void(QPainter&)>& paint) {
    const auto octets = request.format == QLatin1String("svg") ? asSvg(request, paint) : asPng(request, paint);
    QSaveFile file(request.output);
    if (!file.open(QIODevice::WriteOnly) || file.write(octets) != octets.size() || !file.commit()) {
        return error(QStringLiteral("cannot write %1: %2").arg(request.output, file.errorString()));
    }
    return {};
}

} // namespace lab
