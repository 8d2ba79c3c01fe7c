// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/trace/recording.h"

#include <QPainter>
#include <QSize>
#include <QString>

#include <cstddef>
#include <functional>

namespace lab {

/// What is to become a picture in a file.
struct PictureRequest {
    QString format; ///< "svg" or "png"
    QSize size;     ///< logical pixels; png has as many
    QString title;
    QString output; ///< the file to be made
};

/// Whether such a picture of `recording` after `atEvent` events can be made.
/// Error: an unknown format, a size that makes no picture, an event that the recording does not have.
Result<void> checkPicture(const PictureRequest& request, const Recording& recording, std::size_t atEvent);

/// Writes what `paint` paints, as the format says. The same painting gives the same octets.
/// Error: the file cannot be written.
Result<void> writePicture(const PictureRequest& request, const std::function<void(QPainter&)>& paint);

} // namespace lab
