// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/source_view.h"

#include "engine/pattern/pattern.h"
#include "gui/model/call_context.h"
#include "gui/model/text.h"

#include <QFile>
#include <QTextBlock>
#include <QVBoxLayout>

namespace lab {

SourceView::SourceView(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent)
    , m_place(new QLabel(this))
    , m_context(new QLabel(this))
    , m_remark(new QLabel(this))
    , m_back(new QPushButton(tr("Back to the event"), this))
    , m_text(new QPlainTextEdit(this))
    , m_highlighter(new CppHighlighter(m_text->document())) {
    setObjectName(QStringLiteral("source"));
    setAccessibleName(tr("Source"));
    setToolTip(tr("The place in the server's own source that recorded this event"));
    m_place->setWordWrap(true);
    m_place->setMargin(10);
    m_place->setAccessibleName(tr("Place in the source"));
    m_place->setToolTip(tr("Role in the pattern, file and line"));
    m_context->setObjectName(QStringLiteral("sourceContext"));
    m_context->setWordWrap(true);
    m_context->setContentsMargins(10, 0, 10, 8);
    m_context->setAccessibleName(tr("Call context"));
    m_context->setToolTip(tr("Who called whom, up to the thread"));
    m_remark->setObjectName(QStringLiteral("sourceRemark"));
    m_remark->setWordWrap(true);
    m_remark->setContentsMargins(10, 0, 10, 8);
    m_remark->setAccessibleName(tr("Remark on the source"));
    m_remark->setToolTip(tr("Where the text may not be what it seems"));
    m_remark->hide();
    m_back->setObjectName(QStringLiteral("sourceBack"));
    m_back->setAccessibleName(m_back->text());
    m_back->setToolTip(tr("Show the place that recorded the event at the playhead again"));
    m_back->hide();
    connect(m_back, &QPushButton::clicked, this, &SourceView::backToTheEvent);
    m_text->setReadOnly(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setAccessibleName(tr("Source text"));
    m_text->setToolTip(tr("The marked line recorded the event at the playhead"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_place);
    layout->addWidget(m_context);
    layout->addWidget(m_remark);
    layout->addWidget(m_back, 0, Qt::AlignLeft);
    layout->addWidget(m_text, 1);
}

void SourceView::themeChanged() {
    m_text->setFont(theme().mono(theme().typeSize - 1));
    m_place->setFont(theme().font(theme().typeSize));
    m_context->setFont(theme().font(theme().typeSize));
    m_remark->setFont(theme().font(theme().typeSize));
    m_highlighter->setTheme(theme());
    if (m_line > 0) {
        markLine(m_line);
    }
}

void SourceView::refresh() {
    if (m_back->isVisibleTo(this) || !playhead().hasRecording() || playhead().position() == 0) {
        return;
    }
    const auto& glossary = playhead().follower().glossary();
    const auto& site = glossary.site(playhead().state().last.site);
    m_context->setText(callContext(playhead().state(), glossary).join(QStringLiteral(" ← ")));
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
    showRemark();
}

bool SourceView::showDeclaration(const QString& file, const QString& name) {
    const int line = declarationLine(compiledText(file).toStdString(), name.toStdString());
    if (line == 0) {
        return false;
    }
    open(file);
    markLine(line);
    m_place->setText(QStringLiteral("<b>%1</b><br>%2:%3").arg(name, file).arg(line));
    m_context->clear();
    m_remark->hide();
    m_back->show();
    return true;
}

void SourceView::backToTheEvent() {
    m_back->hide();
    m_file.clear();
    refresh();
}

QString SourceView::compiledText(const QString& file) {
    QFile source(QStringLiteral(":/source/") + file);
    return source.open(QIODevice::ReadOnly) ? QString::fromUtf8(source.readAll()) : QString();
}

void SourceView::open(const QString& file) {
    m_file = file;
    const auto compiled = compiledText(file);
    QFile onDisk(QStringLiteral(LAB_SOURCE_DIR "/") + file);
    m_changedOnDisk = onDisk.open(QIODevice::ReadOnly) && QString::fromUtf8(onDisk.readAll()) != compiled;
    m_text->setPlainText(compiled);
}

/// A recording can come from another build, and a source file can go on without the program.
void SourceView::showRemark() {
    const auto document = m_text->document();
    bool hasMark = false;
    for (int line = m_line - 1; line <= m_line; ++line) { // the mark may go over two lines
        const auto words = document->findBlockByNumber(line - 1).text();
        hasMark = hasMark || words.contains(QLatin1String("LAB_MARK")) || words.contains(QLatin1String("Site "));
    }
    if (document->isEmpty()) {
        m_remark->setText(tr("This program was built without this file: the recording comes from another build."));
    } else if (!hasMark) {
        m_remark->setText(tr("The recording comes from another build: the place may be another line here."));
    } else if (m_changedOnDisk) {
        m_remark->setText(tr("This is what was compiled. The file on disk has been changed since."));
    } else {
        m_remark->clear();
    }
    m_remark->setVisible(!m_remark->text().isEmpty());
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
