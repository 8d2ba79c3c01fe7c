// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/cpp_highlighter.h"

#include "gui/theme/contrast.h"

#include <QSet>

#include <algorithm>

namespace lab {

namespace {

enum BlockState { plain = 0, inComment = 1 };

const QSet<QString>& keywords() {
    static const QSet<QString> all{QStringLiteral("auto"),     QStringLiteral("bool"),      QStringLiteral("break"),
                                   QStringLiteral("case"),     QStringLiteral("catch"),     QStringLiteral("char"),
                                   QStringLiteral("class"),    QStringLiteral("const"),     QStringLiteral("constexpr"),
                                   QStringLiteral("continue"), QStringLiteral("default"),   QStringLiteral("delete"),
                                   QStringLiteral("do"),       QStringLiteral("double"),    QStringLiteral("else"),
                                   QStringLiteral("enum"),     QStringLiteral("explicit"),  QStringLiteral("false"),
                                   QStringLiteral("final"),    QStringLiteral("for"),       QStringLiteral("friend"),
                                   QStringLiteral("if"),       QStringLiteral("inline"),    QStringLiteral("int"),
                                   QStringLiteral("mutable"),  QStringLiteral("namespace"), QStringLiteral("new"),
                                   QStringLiteral("noexcept"), QStringLiteral("nullptr"),   QStringLiteral("operator"),
                                   QStringLiteral("override"), QStringLiteral("private"),   QStringLiteral("protected"),
                                   QStringLiteral("public"),   QStringLiteral("return"),    QStringLiteral("sizeof"),
                                   QStringLiteral("static"),   QStringLiteral("struct"),    QStringLiteral("switch"),
                                   QStringLiteral("template"), QStringLiteral("this"),      QStringLiteral("throw"),
                                   QStringLiteral("true"),     QStringLiteral("try"),       QStringLiteral("typename"),
                                   QStringLiteral("unsigned"), QStringLiteral("using"),     QStringLiteral("virtual"),
                                   QStringLiteral("void"),     QStringLiteral("while")};
    return all;
}

bool isWordPart(QChar c) { return c.isLetterOrNumber() || c == QLatin1Char('_'); }

/// As much of `colour` as can be read on the ground: towards the text's own colour until it stands out enough.
QColor readable(const QColor& colour, const Theme& theme) {
    QColor result = colour;
    for (double share = 0; contrast(result, theme.panel) < 4.5 && share < 1; share += 0.1) {
        result = mixed(theme.text, colour, share);
    }
    return result;
}

} // namespace

CppHighlighter::CppHighlighter(QTextDocument* document)
    : QSyntaxHighlighter(document)
    , m_theme(&themes().front()) {}

void CppHighlighter::setTheme(const Theme& theme) {
    m_theme = &theme;
    rehighlight();
}

QTextCharFormat CppHighlighter::formatOf(Kind kind) const {
    QTextCharFormat format;
    switch (kind) {
    case Kind::Code: format.setForeground(m_theme->text); break;
    case Kind::Comment:
        format.setForeground(m_theme->textFaint);
        format.setFontItalic(true);
        break;
    case Kind::Text: format.setForeground(readable(m_theme->of(Work::File), *m_theme)); break;
    case Kind::Number: format.setForeground(readable(m_theme->of(Work::Parse), *m_theme)); break;
    case Kind::Keyword: format.setForeground(readable(m_theme->of(Work::Accept), *m_theme)); break;
    case Kind::Type: format.setForeground(readable(m_theme->of(Work::Read), *m_theme)); break;
    case Kind::Preprocessor: format.setForeground(m_theme->textSoft); break;
    case Kind::Mark:
        format.setForeground(m_theme->nowText);
        format.setFontWeight(QFont::DemiBold);
        break;
    }
    return format;
}

void CppHighlighter::colour(qsizetype begin, qsizetype end, Kind kind) {
    setFormat(static_cast<int>(begin), static_cast<int>(end - begin), formatOf(kind));
}

void CppHighlighter::highlightBlock(const QString& text) {
    setCurrentBlockState(plain);
    qsizetype at = 0;
    if (previousBlockState() == inComment) {
        at = comment(text, 0);
    } else if (text.startsWith(QLatin1Char('#'))) {
        colour(0, text.size(), Kind::Preprocessor);
        return;
    }
    while (at < text.size()) {
        const auto c = text[at];
        const auto rest = QStringView(text).mid(at);
        if (rest.startsWith(QLatin1String("//"))) {
            colour(at, text.size(), Kind::Comment);
            return;
        }
        if (rest.startsWith(QLatin1String("/*"))) {
            at = comment(text, at);
        } else if (c == QLatin1Char('"') || c == QLatin1Char('\'')) {
            at = quoted(text, at);
        } else if (isWordPart(c)) {
            at = word(text, at);
        } else {
            ++at;
        }
    }
}

qsizetype CppHighlighter::comment(const QString& text, qsizetype begin) {
    const auto end = text.indexOf(QLatin1String("*/"), begin);
    if (end < 0) {
        setCurrentBlockState(inComment);
        colour(begin, text.size(), Kind::Comment);
        return text.size();
    }
    colour(begin, end + 2, Kind::Comment);
    return end + 2;
}

qsizetype CppHighlighter::quoted(const QString& text, qsizetype begin) {
    auto end = begin + 1;
    while (end < text.size() && text[end] != text[begin]) {
        end += text[end] == QLatin1Char('\\') ? 2 : 1;
    }
    end = std::min(end + 1, text.size());
    colour(begin, end, Kind::Text);
    return end;
}

/// A name, a keyword, a type (the project's begin with a capital), a mark or a number.
qsizetype CppHighlighter::word(const QString& text, qsizetype begin) {
    auto end = begin;
    const bool isNumber = text[begin].isDigit();
    while (end < text.size() && (isWordPart(text[end]) || (isNumber && text[end] == QLatin1Char('\'')))) {
        ++end;
    }
    const auto name = text.mid(begin, end - begin);
    if (isNumber) {
        colour(begin, end, Kind::Number);
    } else if (name == QLatin1String("LAB_MARK")) {
        colour(begin, end, Kind::Mark);
    } else if (keywords().contains(name)) {
        colour(begin, end, Kind::Keyword);
    } else if (text[begin].isUpper()) {
        colour(begin, end, Kind::Type);
    }
    return end;
}

} // namespace lab
