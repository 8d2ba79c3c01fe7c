// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/theme_style.h"

#include <QApplication>
#include <QFontInfo>
#include <QStyleFactory>
#include <QToolTip>

namespace lab {

namespace {

/// Mixed: `share` of `over` on `under`.
QColor mixed(const QColor& under, const QColor& over, double share) {
    const auto mix = [share](int from, int to) { return static_cast<int>(from + (to - from) * share); };
    return {mix(under.red(), over.red()), mix(under.green(), over.green()), mix(under.blue(), over.blue())};
}

QString pixels(double size) { return QString::number(qRound(size)) + QStringLiteral("px"); }

const char* const sheet = R"(
QWidget { font-family: "@sans"; }
QPushButton, QToolButton, QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit, QCheckBox, QMenu, QMenu QLabel, QToolTip { font-size: @unit; }
QLabel#address, QLabel#eventNumber, QLabel#frameOverlay, QPlainTextEdit { font-family: "@mono"; }
QMainWindow, QDialog { background: @window; }
QWidget#bar { background: @panel; }
QWidget#guideInside, QScrollArea { background: @window; }
QPushButton, QToolButton, QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit {
    background: @box; color: @text; border: 1px solid @boxLine; border-radius: 6px;
    padding: @padV @padH; min-height: @inner;
}
QToolButton { padding: @padV @padS; }
QPushButton:hover, QToolButton:hover, QComboBox:hover { border-color: @textSoft; }
QPushButton:pressed, QToolButton:pressed { background: @pressed; }
QPushButton:checked, QToolButton:checked { background: @text; color: @window; border-color: @text; }
QToolButton#hold:checked, QToolButton#hold:checked:hover {
    background: @held; color: @text; border-color: @now; font-weight: 600;
}
QPushButton:focus, QToolButton:focus, QComboBox:focus, QSpinBox:focus,
QDoubleSpinBox:focus, QLineEdit:focus { border: 2px solid @focus; }
QPushButton:disabled, QToolButton:disabled, QComboBox:disabled, QSpinBox:disabled { color: @faint; border-color: @line; }
QToolButton::menu-indicator { image: none; width: 0; }
QComboBox { padding-right: 4px; }
QComboBox#modelPicker { font-weight: 600; }
QComboBox::drop-down { border: none; width: @arrow; }
QComboBox QAbstractItemView {
    background: @box; color: @text; border: 1px solid @boxLine; outline: none;
    selection-background-color: @selected; selection-color: @text;
}
QMenu { background: @box; color: @text; border: 1px solid @boxLine; padding: 4px; }
QTreeWidget::item { padding: 3px 6px 3px 2px; }
QMenu::item { padding: 5px 22px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: @selected; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QSlider::groove:horizontal { height: 3px; background: @groove; border-radius: 1px; }
QSlider::sub-page:horizontal { background: @text; border-radius: 1px; height: 3px; }
QSlider::handle:horizontal {
    width: 12px; height: 12px; margin: -6px 0; border-radius: 7px; background: @box; border: 2px solid @text;
}
QSlider::handle:horizontal:hover, QSlider:focus::handle:horizontal { border-color: @focus; }
QWidget#sideTabRow { background: @window; }
QToolButton#sideTab {
    background: transparent; color: @textSoft; padding: @padT; border: none; border-radius: 0px;
    border-bottom: 2px solid transparent; min-height: 0px;
}
QToolButton#sideTab:checked {
    background: transparent; color: @text; font-weight: 600; border-bottom: 2px solid @now;
}
QToolButton#sideTab:hover { color: @text; }
QToolButton#sideTab:focus { border: none; border-bottom: 2px solid @focus; }
QSplitter::handle { background: @line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: @boxLine; min-height: 28px; border-radius: 4px; margin: 1px 2px; }
QScrollBar::handle:vertical:hover { background: @textSoft; }
QScrollBar:horizontal { background: transparent; height: 10px; }
QScrollBar::handle:horizontal { background: @boxLine; min-width: 28px; border-radius: 4px; margin: 2px 1px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QFrame#card { background: @panel; border: 1px solid @line; border-radius: 10px; }
QFrame#card QLabel { background: transparent; }
QFrame#card QLabel#verdict { color: @text; }
QRadioButton { background: transparent; spacing: 0px; }
QRadioButton::indicator {
    width: @radio; height: @radio; border: 2px solid @textSoft; border-radius: @round; background: @box;
}
QRadioButton::indicator:checked { background: @now; }
QRadioButton::indicator:hover, QRadioButton::indicator:focus { border-color: @focus; }
QRadioButton::indicator:disabled { border-color: @boxLine; }
QTextBrowser#lessonText { background: @window; color: @text; }
QProgressBar#lessonProgress { background: @line; border: none; }
QProgressBar#lessonProgress::chunk { background: @now; }
QToolTip { background: @box; color: @text; border: 1px solid @boxLine; padding: 4px; }
QPlainTextEdit { background: @window; color: @text; selection-background-color: @selected; selection-color: @text; }
)";

} // namespace

QPalette paletteOf(const Theme& theme) {
    QPalette palette;
    palette.setColor(QPalette::Window, theme.window);
    palette.setColor(QPalette::WindowText, theme.text);
    palette.setColor(QPalette::Base, theme.window);
    palette.setColor(QPalette::AlternateBase, theme.panel);
    palette.setColor(QPalette::Text, theme.text);
    palette.setColor(QPalette::PlaceholderText, theme.textFaint);
    palette.setColor(QPalette::Button, theme.box);
    palette.setColor(QPalette::ButtonText, theme.text);
    palette.setColor(QPalette::ToolTipBase, theme.box);
    palette.setColor(QPalette::ToolTipText, theme.text);
    palette.setColor(QPalette::Highlight, mixed(theme.window, theme.of(Work::Read), 0.35));
    palette.setColor(QPalette::HighlightedText, theme.text);
    palette.setColor(QPalette::Link, theme.of(Work::Read));
    palette.setColor(QPalette::Mid, theme.line);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, theme.textFaint);
    }
    return palette;
}

QString styleSheetOf(const Theme& theme) {
    auto style = QString::fromLatin1(sheet);
    const double unit = theme.typeSize;
    const bool large = unit > 18; // a projector's: the room is for the stage
    // Longer names first, so that no name is taken for the beginning of another.
    const std::pair<const char*, QString> values[] = {
        {"@sans", QFontInfo(theme.font(unit)).family()},
        {"@mono", QFontInfo(theme.mono(unit)).family()},
        {"@unit", pixels(unit)},
        {"@textSoft", theme.textSoft.name()},
        {"@boxLine", theme.boxLine.name()},
        {"@selected", mixed(theme.window, theme.of(Work::Read), 0.25).name()},
        {"@held", mixed(theme.box, theme.now, 0.28).name()},
        {"@pressed", mixed(theme.box, theme.text, 0.12).name()},
        {"@window", theme.window.name()},
        {"@radio", pixels(unit * 0.8)},
        {"@round", pixels(unit * 0.4 + 2)},
        {"@groove", theme.boxLine.name()},
        {"@inner", pixels(unit * (large ? 1.25 : 1.45))},
        {"@faint", theme.textFaint.name()},
        {"@focus", theme.of(Work::Read).name()},
        {"@panel", theme.panel.name()},
        {"@arrow", pixels(unit * 1.2)},
        {"@padT", pixels(unit * 0.35) + QLatin1Char(' ') + pixels(unit * 0.3)},
        {"@padV", pixels(unit * (large ? 0.17 : 0.25))},
        {"@padH", pixels(unit * 0.7)},
        {"@padS", pixels(unit * 0.4)},
        {"@line", theme.line.name()},
        {"@text", theme.text.name()},
        {"@box", theme.box.name()},
        {"@now", theme.now.name()},
    };
    for (const auto& [name, value] : values) {
        style.replace(QLatin1String(name), value);
    }
    return style;
}

void applyTheme(const Theme& theme) {
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setPalette(paletteOf(theme));
    QApplication::setFont(theme.font(theme.typeSize));
    QToolTip::setFont(theme.font(theme.typeSize));
    QToolTip::setPalette(paletteOf(theme));
    qApp->setStyleSheet(styleSheetOf(theme));
}

} // namespace lab
