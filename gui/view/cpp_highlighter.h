// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/theme/theme.h"

#include <QSyntaxHighlighter>
#include <QTextCharFormat>

namespace lab {

/// Colours of C++ for reading: comments, texts, numbers, keywords, types, and the marks that record events.
///
/// Threads: GUI. Owner: the document that it colours.
class CppHighlighter : public QSyntaxHighlighter {
    Q_OBJECT

public:
    explicit CppHighlighter(QTextDocument* document);

    void setTheme(const Theme& theme);

protected:
    void highlightBlock(const QString& text) override;

private:
    enum class Kind { Code, Comment, Text, Number, Keyword, Type, Preprocessor, Mark };
    void colour(qsizetype begin, qsizetype end, Kind kind);
    qsizetype comment(const QString& text, qsizetype begin); ///< returns where it ends
    qsizetype quoted(const QString& text, qsizetype begin);
    qsizetype word(const QString& text, qsizetype begin);
    QTextCharFormat formatOf(Kind kind) const;

    const Theme* m_theme;
};

} // namespace lab
