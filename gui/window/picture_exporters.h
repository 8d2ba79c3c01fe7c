// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/cli/exporter.h"

#include <vector>

namespace lab {

/// Pictures of stage and lanes at an event, as the window paints them: svg and png. Need a QGuiApplication.
std::vector<Exporter> pictureExporters();

/// The engine's exporters and the pictures: what the menu and `export` offer.
std::vector<Exporter> allExporters();

} // namespace lab
