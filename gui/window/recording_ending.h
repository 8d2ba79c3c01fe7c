// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lab {

/// What the names of recordings' files end in, without the dot.
inline constexpr char recordingEnding[] = "plrec";

} // namespace lab
