// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/trace/recording.h"
#include "gui/theme/theme.h"

#include <QSize>
#include <QString>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace lab {

/// Writes a picture of stage and lanes after the first `atEvent` events, by the window's own painters, to `output`.
/// `format`: "svg" or "png". `size`: logical pixels; png has as many. The same recording gives the same octets.
/// Needs a QGuiApplication (the offscreen platform will do) for its fonts.
/// Error: an unknown format, no event, an event that the recording no longer has, a file that cannot be written.
Result<void> exportPicture(std::shared_ptr<Recording> recording, std::size_t atEvent, const QString& format,
                           const QSize& size, const Theme& theme, const QString& output);

/// The same of the collaboration: the interaction diagram of the request at that moment of `connection`; 0: of the
/// one that is nearest to the event.
Result<void> exportCollaboration(std::shared_ptr<Recording> recording, std::size_t atEvent, const QString& format,
                                 const QSize& size, const Theme& theme, const QString& output,
                                 std::uint32_t connection = 0);

} // namespace lab
