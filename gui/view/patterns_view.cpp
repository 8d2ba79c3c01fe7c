// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/patterns_view.h"

#include "engine/pattern/pattern.h"
#include "gui/model/text.h"

#include <QUrl>
#include <QUrlQuery>
#include <QVBoxLayout>

namespace lab {

namespace {

/// The links' schemes.
const QString sourceScheme = QStringLiteral("source");
const QString runScheme = QStringLiteral("run");

QString link(const QString& scheme, const QString& first, const QString& second, const QString& words) {
    QUrl url;
    url.setScheme(scheme);
    url.setPath(first);
    url.setFragment(second);
    return QStringLiteral("<a href=\"%1\">%2</a>").arg(url.toString(QUrl::FullyEncoded), words.toHtmlEscaped());
}

QString sheet(const Pattern& pattern) {
    QString html = QStringLiteral("<h3>%1</h3><p>%2</p>")
                       .arg(text(pattern.title).toHtmlEscaped(), text(pattern.intent).toHtmlEscaped());
    html += QStringLiteral("<p>");
    for (const auto& player : pattern.players) {
        html += QStringLiteral("%1: %2<br>")
                    .arg(text(player.part).toHtmlEscaped(),
                         link(sourceScheme, text(player.file), text(player.name), text(player.name)));
    }
    html += QStringLiteral("</p>");
    if (!pattern.departure.empty()) {
        html += QStringLiteral("<p><i>%1</i> %2</p>")
                    .arg(PatternsView::tr("Ours departs:"), text(pattern.departure).toHtmlEscaped());
    }
    const auto run = pattern.model.empty() ? PatternsView::tr("See it under this model")
                                           : PatternsView::tr("See it at work: %1").arg(text(pattern.model));
    html += QStringLiteral("<p>%1<br><small>%2</small></p>")
                .arg(link(runScheme, text(pattern.scenario), text(pattern.model), run),
                     text(pattern.source).toHtmlEscaped());
    return html;
}

} // namespace

PatternsView::PatternsView(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent)
    , m_text(new QTextBrowser(this)) {
    setObjectName(QStringLiteral("patterns"));
    setAccessibleName(tr("Patterns"));
    setToolTip(tr("The papers' patterns, and which class plays which part"));
    m_text->setObjectName(QStringLiteral("patternsText"));
    m_text->setToolTip(tr("Classes open in the source view; the last line starts the run that shows the pattern"));
    m_text->setAccessibleName(tr("Patterns"));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setOpenLinks(false);
    m_text->document()->setDocumentMargin(14);
    connect(m_text, &QTextBrowser::anchorClicked, this, &PatternsView::follow);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text);
}

void PatternsView::themeChanged() {
    const auto& colours = theme();
    m_text->setFont(colours.font(colours.typeSize));
    m_text->document()->setDefaultStyleSheet(
        QStringLiteral("a { color: %1; } h3 { color: %2; } p { color: %2; } small { color: %3; }")
            .arg(colours.nowText.name(), colours.text.name(), colours.textSoft.name()));
    QString html;
    for (const auto& pattern : patterns()) {
        html += sheet(pattern);
    }
    m_text->setHtml(html);
}

void PatternsView::follow(const QUrl& link) {
    if (link.scheme() == sourceScheme) {
        emit sourceWanted(link.path(), link.fragment());
    } else if (link.scheme() == runScheme) {
        emit runWanted(link.path(), link.fragment());
    }
}

} // namespace lab
