// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/theme/theme.h"

#include "gui/theme/contrast.h"

#include <QStringList>

#include <algorithm>
#include <vector>

namespace lab {

namespace {

using WorkColours = std::array<QColor, static_cast<std::size_t>(Work::Count)>;

// Order: None, Accept, Read, Parse, File, Write, Wait.
WorkColours coloursOnLight() {
    return {QColor(0x8A9099U), QColor(0x8F5AA8U), QColor(0x0072B2U), QColor(0xB09000U),
            QColor(0x009E73U), QColor(0xE08600U), QColor(0x8A9099U)};
}

WorkColours coloursOnDark() {
    return {QColor(0x8792A1U), QColor(0xBE8FD6U), QColor(0x56B4E9U), QColor(0xD8D06AU),
            QColor(0x2CC39AU), QColor(0xE69F00U), QColor(0x8792A1U)};
}

void chooseTextOnWork(Theme& theme) {
    const QColor white(Qt::white);
    const QColor ink(0x0B0F15);
    for (std::size_t work = 0; work < theme.work.size(); ++work) {
        const auto& ground = theme.work[work];
        theme.onWork[work] = contrast(white, ground) >= 4.5 ? white : ink;
    }
}

Theme light() {
    Theme theme;
    theme.id = QStringLiteral("light");
    theme.title = QStringLiteral("Light");
    theme.typeSize = 13;
    theme.smallSize = 11;
    theme.titleSize = 18;
    theme.window = QColor(0xFFFFFFU);
    theme.panel = QColor(0xF6F7F9U);
    theme.line = QColor(0xDDE1E7U);
    theme.text = QColor(0x1D2430U);
    theme.textSoft = QColor(0x4E5866U);
    theme.textFaint = QColor(0x5F6977U);
    theme.userSpace = QColor(0xF3F6FBU);
    theme.kernelSpace = QColor(0xE5E8EEU);
    theme.floor = QColor(0x7A8494U);
    theme.box = QColor(0xFFFFFFU);
    theme.boxLine = QColor(0xB4BCC8U);
    theme.now = QColor(0xD55E00U);
    theme.nowText = QColor(0xA84800U);
    theme.outside = QColor(0xA8326FU);
    theme.work = coloursOnLight();
    chooseTextOnWork(theme);
    return theme;
}

Theme dark() {
    Theme theme = light();
    theme.id = QStringLiteral("dark");
    theme.title = QStringLiteral("Dark");
    theme.isDark = true;
    theme.window = QColor(0x12161DU);
    theme.panel = QColor(0x191F28U);
    theme.line = QColor(0x313A47U);
    theme.text = QColor(0xEBEFF5U);
    theme.textSoft = QColor(0xB4BECBU);
    theme.textFaint = QColor(0x98A4B3U);
    theme.userSpace = QColor(0x1C2431U);
    theme.kernelSpace = QColor(0x0C1016U);
    theme.floor = QColor(0x7F8B9CU);
    theme.box = QColor(0x242D3BU);
    theme.boxLine = QColor(0x4F5C6FU);
    theme.now = QColor(0xFF6B1AU);
    theme.nowText = QColor(0xFF9255U);
    theme.outside = QColor(0xF08BC0U);
    theme.work = coloursOnDark();
    chooseTextOnWork(theme);
    return theme;
}

// 18 points are 24 pixels at the usual 96 dots an inch: nothing is smaller on a projector.
Theme forProjector(Theme theme, const QString& id, const QString& title) {
    theme.id = id;
    theme.title = title;
    theme.typeSize = 24;
    theme.smallSize = 24;
    theme.titleSize = 30;
    theme.text = QColor(theme.isDark ? 0xFFFFFFU : 0x000000U);
    theme.textSoft = theme.isDark ? QColor(0xDCE3ECU) : QColor(0x262E3AU);
    theme.textFaint = theme.isDark ? QColor(0xC3CCD8U) : QColor(0x3A4350U);
    theme.boxLine = theme.isDark ? QColor(0x7C8AA0U) : QColor(0x7F8998U);
    theme.line = theme.isDark ? QColor(0x4A5667U) : QColor(0xB4BCC8U);
    theme.floor = theme.isDark ? QColor(0xAAB6C6U) : QColor(0x4E5866U);
    return theme;
}

QFont make(const QStringList& families, double pixels, bool bold, QFont::StyleHint hint) {
    QFont font;
    font.setFamilies(families);
    font.setStyleHint(hint);
    font.setPixelSize(std::max(1, qRound(pixels)));
    font.setWeight(bold ? QFont::DemiBold : QFont::Normal);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

} // namespace

QFont Theme::font(double pixels, bool bold) const {
    return make({QStringLiteral("Inter"), QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans")}, pixels, bold,
                QFont::SansSerif);
}

QFont Theme::mono(double pixels, bool bold) const {
    return make(
        {QStringLiteral("JetBrains Mono"), QStringLiteral("Noto Sans Mono"), QStringLiteral("DejaVu Sans Mono")},
        pixels, bold, QFont::Monospace);
}

std::span<const Theme> themes() {
    static const std::vector<Theme> all{
        light(), dark(), forProjector(light(), QStringLiteral("projector-light"), QStringLiteral("Projector, light")),
        forProjector(dark(), QStringLiteral("projector-dark"), QStringLiteral("Projector, dark"))};
    return all;
}

const Theme& findTheme(const QString& id) {
    const auto all = themes();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Theme& theme) { return theme.id == id; });
    return found == all.end() ? all.front() : *found;
}

} // namespace lab
