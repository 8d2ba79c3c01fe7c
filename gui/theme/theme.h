// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"

#include <QColor>
#include <QFont>
#include <QString>

#include <array>
#include <span>

namespace lab {

/// Colours, type and sizes of everything painted. One colour a kind of work (Okabe and Ito's, safe for the
/// colour-blind), one bright one for what happens now. A value.
struct Theme {
    QString id;    ///< "light", "dark", "projector-light", "projector-dark"
    QString title; ///< "Projector, light"
    bool isDark = false;
    double typeSize = 12;  ///< pixels, of body text at scale 1
    double smallSize = 10; ///< pixels
    double titleSize = 17; ///< pixels

    QColor window, panel, line, text, textSoft, textFaint;
    QColor userSpace, kernelSpace, floor;
    QColor box, boxLine;
    QColor now;     ///< what happens now: the only bright one
    QColor nowText; ///< the same for words, dark or light enough to be read on every ground
    QColor outside; ///< a request from outside
    std::array<QColor, static_cast<std::size_t>(Work::Count)> work;
    std::array<QColor, static_cast<std::size_t>(Work::Count)> onWork; ///< text on that colour

    const QColor& of(Work kind) const { return work[static_cast<std::size_t>(kind)]; }
    const QColor& textOn(Work kind) const { return onWork[static_cast<std::size_t>(kind)]; }

    QFont font(double pixels, bool bold = false) const; ///< Inter, or the platform's own
    QFont mono(double pixels, bool bold = false) const; ///< JetBrains Mono, or the platform's own
};

/// All themes, the first one is the default.
std::span<const Theme> themes();
const Theme& findTheme(const QString& id); ///< the first one where there is none

} // namespace lab
