// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/lesson/lesson_text.h"

#include <QDesktopServices>
#include <QImage>
#include <QTextBlock>
#include <QTextFragment>

#include <algorithm>
#include <vector>

namespace lab {

namespace {

constexpr int lineHeight = 128; // percent

} // namespace

LessonText::LessonText(QWidget* parent)
    : QTextBrowser(parent)
    , m_theme(&themes().front()) {
    setObjectName(QStringLiteral("lessonText"));
    setAccessibleName(tr("Text of the page"));
    setToolTip({});
    setFrameShape(QFrame::NoFrame);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setOpenLinks(false);
    document()->setDocumentMargin(0);
    connect(this, &QTextBrowser::anchorClicked, this, [](const QUrl& url) { QDesktopServices::openUrl(url); });
}

void LessonText::setText(const QString& markdown, const QString& folder) {
    m_markdown = markdown;
    setSearchPaths({folder});
    dress();
}

void LessonText::setTheme(const Theme& theme) {
    m_theme = &theme;
    dress();
}

/// Markdown has no style sheet: the type of each piece is set where it stands.
void LessonText::dress() {
    document()->setDefaultFont(m_theme->font(m_theme->typeSize + 1));
    setMarkdown(m_markdown);
    struct Piece {
        int from;
        int to;
    };
    std::vector<Piece> code;
    for (auto block = document()->begin(); block.isValid(); block = block.next()) {
        QTextCursor cursor(block);
        auto format = block.blockFormat();
        format.setLineHeight(lineHeight, QTextBlockFormat::ProportionalHeight);
        format.setTopMargin(block == document()->begin() ? 0 : m_theme->typeSize * 0.6);
        format.setBottomMargin(0);
        cursor.setBlockFormat(format);
        for (auto part = block.begin(); !part.atEnd(); ++part) {
            if (const auto fragment = part.fragment(); fragment.charFormat().fontFixedPitch()) {
                code.push_back({fragment.position(), fragment.position() + fragment.length()});
            }
        }
    }
    QTextCharFormat mono;
    mono.setFont(m_theme->mono(m_theme->typeSize));
    mono.setBackground(m_theme->panel);
    for (const auto& piece : code) {
        QTextCursor cursor(document());
        cursor.setPosition(piece.from);
        cursor.setPosition(piece.to, QTextCursor::KeepAnchor);
        cursor.setCharFormat(mono);
    }
    fit();
}

void LessonText::fit() {
    document()->setTextWidth(viewport()->width());
    setFixedHeight(static_cast<int>(document()->size().height()) + 2);
}

void LessonText::resizeEvent(QResizeEvent* event) {
    QTextBrowser::resizeEvent(event);
    if (event->size().width() != event->oldSize().width()) {
        fit();
    }
}

/// Pictures are not wider than the text.
QVariant LessonText::loadResource(int type, const QUrl& name) {
    if (type != QTextDocument::ImageResource) {
        return QTextBrowser::loadResource(type, name);
    }
    for (const auto& folder : searchPaths()) {
        QImage image(folder + QLatin1Char('/') + name.path());
        if (!image.isNull()) {
            const int room = std::max(1, viewport()->width());
            return image.width() > room ? image.scaledToWidth(room, Qt::SmoothTransformation) : image;
        }
    }
    return {};
}

} // namespace lab
