// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace lab {

/// What the command line says about the window.
struct WindowOptions {
    QString scenario;           ///< file; empty: the first one to see
    QString model;              ///< id; empty: the scenario's own
    QString theme;              ///< id; empty: the one used last
    double quitAfter = 0;       ///< seconds; 0: when the person closes the window
    QString frameReport;        ///< JSON file with frame times, written at the end
    QString screenshot;         ///< picture file of the window, written at the end
    std::optional<double> pace; ///< events a second; 0: full speed; nothing: as the scenario says
    bool rememberSettings = true;
};

} // namespace lab
