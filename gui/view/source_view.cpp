// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/source_view.h"

#include <QFile>
#include <QTextBlock>
#include <QVBoxLayout>

namespace lab {

namespace {

QString text(std::string_view words) { return QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size())); }

} // namespace

SourceView::SourceView(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent)
    , m_place(new QLabel(this))
    , m_text(new QPlainTextEdit(this)) {
    setObjectName(QStringLiteral("source"));
    setAccessibleName(tr("Source"));
    setToolTip(tr("The place in the server's own source that recorded this event"));
    m_place->setWordWrap(true);
    m_place->setMargin(10);
    m_place->setAccessibleName(tr("Place in the source"));
    m_place->setToolTip(tr("Role in the pattern, file and line"));
    m_text->setReadOnly(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setAccessibleName(tr("Source text"));
    m_text->setToolTip(tr("The marked line recorded the event at the playhead"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_place);
    layout->addWidget(m_text, 1);
}

void SourceView::themeChanged() {
    m_text->setFont(theme().mono(theme().typeSize - 1));
    m_place->setFont(theme().font(theme().typeSize));
    if (m_line > 0) {
        markLine(m_line);
    }
}

void SourceView::refresh() {
    if (!playhead().hasRecording() || playhead().position() == 0) {
        return;
    }
    const auto& site = playhead().follower().glossary().site(playhead().state().last.site);
    if (site.file.empty()) {
        m_place->setText(tr("This event does not say where in the source it comes from."));
        return;
    }
    const auto file = text(site.file);
    m_place->setText(
        QStringLiteral("<b>%1</b> · %2<br>%3:%4").arg(text(words(site.role)), text(site.name), file).arg(site.line));
    if (file != m_file) {
        open(file);
    }
    markLine(static_cast<int>(site.line));
}

void SourceView::open(const QString& file) {
    m_file = file;
    QFile source(QStringLiteral(LAB_SOURCE_DIR "/") + file);
    if (source.open(QIODevice::ReadOnly | QIODevice::Text)) {
        m_text->setPlainText(QString::fromUtf8(source.readAll()));
    } else {
        m_text->setPlainText(tr("The source tree is not where this program was built, so the file cannot be shown."));
    }
}

void SourceView::markLine(int line) {
    m_line = line;
    const auto block = m_text->document()->findBlockByNumber(line - 1);
    if (!block.isValid()) {
        m_text->setExtraSelections({});
        return;
    }
    QTextEdit::ExtraSelection mark;
    auto colour = theme().now;
    colour.setAlpha(50);
    mark.format.setBackground(colour);
    mark.format.setProperty(QTextFormat::FullWidthSelection, true);
    mark.cursor = QTextCursor(block);
    m_text->setExtraSelections({mark});
    m_text->setTextCursor(mark.cursor);
    m_text->centerCursor();
}

} // namespace lab
