// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/message_strip.h"

#include "gui/window/icons.h"

#include <QHBoxLayout>

#include <utility>

namespace lab {

MessageStrip::MessageStrip(QWidget* parent)
    : QWidget(parent)
    , m_theme(&themes().front())
    , m_text(new QLabel(this))
    , m_help(new QPushButton(this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
    , m_close(new QToolButton(this)) {
    setObjectName(QStringLiteral("messageStrip"));
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("Message"));
    setToolTip(tr("What the lab has to say"));
    m_text->setObjectName(QStringLiteral("message"));
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setAccessibleName(tr("Message"));
    m_text->setToolTip(tr("What the lab has to say"));
    m_help->setObjectName(QStringLiteral("messageHelp"));
    m_help->setAccessibleName(tr("What helps"));
    m_help->setToolTip(tr("Does what helps here"));
    m_cancel->setAccessibleName(tr("Cancel"));
    m_cancel->setToolTip(tr("Stop waiting for this"));
    m_close->setObjectName(QStringLiteral("closeMessage"));
    m_close->setAccessibleName(tr("Close the message"));
    m_close->setToolTip(tr("Close the message"));
    m_close->setFocusPolicy(Qt::TabFocus);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 6, 8, 6);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_help);
    layout->addWidget(m_cancel);
    layout->addWidget(m_close);
    connect(m_cancel, &QPushButton::clicked, this, &MessageStrip::cancelled);
    connect(m_help, &QPushButton::clicked, this, [this] {
        putAway();
        m_whatHelps();
    });
    connect(m_close, &QToolButton::clicked, this, &MessageStrip::putAway);
    putAway();
}

void MessageStrip::putAway() {
    m_kind = Kind::None;
    hide();
}

void MessageStrip::setTheme(const Theme& theme) {
    m_theme = &theme;
    m_close->setIcon(iconOf(Symbol::Close, theme));
    dress();
}

void MessageStrip::dress() {
    const auto edge = m_kind == Kind::Error ? m_theme->now : m_theme->of(Work::Read);
    setStyleSheet(
        QStringLiteral("#messageStrip { background: %1; border-left: 4px solid %2; border-bottom: 1px solid %3; }")
            .arg(m_theme->box.name(), edge.name(), m_theme->line.name()));
}

void MessageStrip::showText(Kind kind, const QString& text) {
    m_kind = kind;
    m_text->setText(text);
    setAccessibleDescription(text);
    m_cancel->setVisible(false);
    m_help->setVisible(false);
    m_close->setVisible(kind != Kind::Progress);
    dress();
    show();
}

void MessageStrip::showError(const QString& text) { showText(Kind::Error, text); }

void MessageStrip::showRemark(const QString& text) { showText(Kind::Remark, text); }

void MessageStrip::showRemark(const QString& text, const QString& help, std::function<void()> what) {
    showText(Kind::Remark, text);
    m_help->setText(help);
    m_help->setAccessibleName(help);
    m_help->setToolTip(help);
    m_whatHelps = std::move(what);
    m_help->show();
}

void MessageStrip::showProgress(const QString& text, bool canBeCancelled) {
    showText(Kind::Progress, text);
    m_cancel->setVisible(canBeCancelled);
}

void MessageStrip::endProgress() {
    if (m_kind == Kind::Progress) {
        putAway();
    }
}

} // namespace lab
