// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/collaboration_view.h"

#include "gui/model/number_text.h"
#include "gui/view/picker.h"

#include <QHBoxLayout>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace lab {

CollaborationDiagram::CollaborationDiagram(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent)
    , m_scrollBar(new QScrollBar(Qt::Vertical, this)) {
    setObjectName(QStringLiteral("collaborationDiagram"));
    setAccessibleName(tr("Interaction diagram"));
    setToolTip(tr("Who says what to whom, downwards in time. Click a message to go there."));
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    m_scrollBar->setAccessibleName(tr("Scroll the diagram"));
    m_scrollBar->setToolTip(tr("Scroll the diagram"));
    connect(m_scrollBar, &QScrollBar::valueChanged, this, [this] { update(); });
}

void CollaborationDiagram::setScope(Scope scope) {
    m_scope = scope;
    refresh();
}

void CollaborationDiagram::refresh() {
    m_what = {};
    if (playhead().hasRecording() && playhead().position() > 0) {
        m_what = collaborationAt(playhead().follower(), playhead().state(), selection().value(), m_scope);
    }
    arrange();
    if (m_what.now) {
        const auto& message = m_what.messages[*m_what.now];
        setAccessibleDescription(tr("%1, by %2").arg(message.text, message.thread));
    } else {
        setAccessibleDescription(m_what.title);
    }
    update();
    emit shown();
}

void CollaborationDiagram::arrange() {
    m_stale = false;
    if (!playhead().hasRecording()) {
        return;
    }
    const int bar = m_scrollBar->sizeHint().width();
    m_layout = layOut(QRectF(0, 0, width() - bar, height()), m_what, playhead().follower().glossary().info, theme());
    const auto count = m_what.messages.size();
    m_scrollBar->setGeometry(width() - bar, static_cast<int>(m_layout.rows.top()), bar,
                             static_cast<int>(m_layout.rows.height()));
    m_scrollBar->setRange(0,
                          std::max(0, static_cast<int>(std::ceil(m_layout.heightOf(count) - m_layout.rows.height()))));
    m_scrollBar->setPageStep(static_cast<int>(m_layout.rows.height()));
    m_scrollBar->setSingleStep(static_cast<int>(m_layout.rowHeight));
    m_scrollBar->setVisible(m_scrollBar->maximum() > 0);
    const auto row = m_what.now.value_or(m_what.happened() > 0 ? m_what.happened() - 1 : 0);
    m_scrollBar->setValue(static_cast<int>(m_layout.scrollTo(row, count)));
}

void CollaborationDiagram::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), theme().window);
    if (m_stale) {
        arrange();
    }
    if (m_what.messages.empty()) {
        painter.setFont(theme().font(theme().typeSize));
        painter.setPen(theme().textSoft);
        painter.drawText(QRectF(rect()).adjusted(14, 14, -14, -14), Qt::AlignTop | Qt::TextWordWrap,
                         tr("Nothing has happened yet for a connection. Select one on the stage, or step on."));
        return;
    }
    m_painter.paint(painter, m_layout, m_what, theme(), m_scrollBar->value());
}

void CollaborationDiagram::resizeEvent(QResizeEvent* event) {
    LabView::resizeEvent(event);
    arrange();
}

void CollaborationDiagram::mousePressEvent(QMouseEvent* event) {
    if (const auto row = m_painter.rowAt(event->position()); row && *row < m_what.messages.size()) {
        playhead().seek(m_what.messages[*row].event + 1);
    }
}

void CollaborationDiagram::wheelEvent(QWheelEvent* event) {
    m_scrollBar->setValue(m_scrollBar->value() - event->angleDelta().y() / 2);
}

bool CollaborationDiagram::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto row = m_painter.rowAt(help->pos());
        if (row && *row < m_what.messages.size()) {
            const auto& message = m_what.messages[*row];
            const auto role = words(message.role);
            QToolTip::showText(help->globalPos(),
                               tr("Event %1 at %2 s, by %3, as %4")
                                   .arg(countText(message.event), momentText(message.time), message.thread,
                                        QString::fromUtf8(role.data(), static_cast<qsizetype>(role.size()))));
            return true;
        }
    }
    return LabView::event(event);
}

CollaborationView::CollaborationView(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent)
    , m_title(new QLabel(this))
    , m_scope(new Picker(this))
    , m_stay(new QToolButton(this))
    , m_onlySteps(new QToolButton(this))
    , m_diagram(new CollaborationDiagram(playhead, selection, this))
    , m_steps(new StepsView(playhead, selection, this))
    , m_parts(new QSplitter(Qt::Vertical, this)) {
    setObjectName(QStringLiteral("collaboration"));
    setAccessibleName(tr("Collaboration"));
    setToolTip(tr("The papers' interaction diagram and numbered steps, filled by what really happens"));
    m_title->setAccessibleName(tr("What the diagram shows"));
    m_title->setToolTip(tr("What the diagram shows"));
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_scope->setObjectName(QStringLiteral("collaborationScope"));
    m_scope->setAccessibleName(tr("How much the diagram shows"));
    m_scope->setToolTip(tr("One request, its whole connection, one asynchronous operation, or everything"));
    m_scope->addItems({tr("Request"), tr("Connection"), tr("Operation"), tr("Everything")});
    m_scope->setFocusPolicy(Qt::TabFocus);
    m_stay->setObjectName(QStringLiteral("collaborationStay"));
    m_stay->setAccessibleName(tr("Stay with this connection"));
    m_stay->setFocusPolicy(Qt::TabFocus);
    m_onlySteps->setObjectName(QStringLiteral("collaborationOnlySteps"));
    m_onlySteps->setText(tr("Steps"));
    m_onlySteps->setCheckable(true);
    m_onlySteps->setAccessibleName(tr("Show the steps instead of the diagram"));
    m_onlySteps->setToolTip(tr("Show the papers' numbered steps instead of the diagram"));
    m_onlySteps->setFocusPolicy(Qt::TabFocus);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(10, 4, 6, 4);
    head->setSpacing(6);
    head->addWidget(m_title, 1);
    head->addWidget(m_onlySteps);
    head->addWidget(m_stay);
    head->addWidget(m_scope);
    m_parts->setAccessibleName(tr("Diagram and steps"));
    m_parts->setToolTip(tr("Drag the line between diagram and steps"));
    m_parts->setChildrenCollapsible(false);
    m_parts->addWidget(m_diagram);
    m_parts->addWidget(m_steps);
    m_parts->setStretchFactor(0, 62);
    m_parts->setStretchFactor(1, 38);
    m_parts->handle(1)->setAccessibleName(tr("Line between diagram and steps"));
    m_parts->handle(1)->setToolTip(tr("Drag the line between diagram and steps"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_parts, 1);
    connect(m_scope, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_diagram->setScope(static_cast<Scope>(index)); });
    connect(m_onlySteps, &QToolButton::toggled, this, &CollaborationView::arrangeParts);
    connect(m_stay, &QToolButton::clicked, this, &CollaborationView::stayOrFollow);
    connect(m_diagram, &CollaborationDiagram::shown, this, &CollaborationView::showTitle);
    showTitle();
}

void CollaborationView::refresh() {
    m_diagram->frame(0);
    m_steps->frame(0);
}

void CollaborationView::arrangeParts() {
    const bool roomForBoth = height() > 22 * theme().typeSize;
    m_onlySteps->setVisible(!roomForBoth);
    m_steps->setVisible(roomForBoth || m_onlySteps->isChecked());
    m_diagram->setVisible(roomForBoth || !m_onlySteps->isChecked());
    touch();
}

void CollaborationView::resizeEvent(QResizeEvent* event) {
    LabView::resizeEvent(event);
    arrangeParts();
}

void CollaborationView::themeChanged() {
    arrangeParts();
    m_title->setFont(theme().font(theme().typeSize, true));
    m_diagram->setTheme(theme());
    m_steps->setTheme(theme());
}

void CollaborationView::showTitle() {
    const auto& what = m_diagram->collaboration();
    m_title->setText(what.title);
    const bool chosen = selection().value().kind != Selection::Kind::None;
    const bool possible = chosen || what.topic.connection != 0;
    m_stay->setVisible(possible && what.scope != Scope::Everything);
    m_stay->setText(chosen ? tr("Follow") : tr("Stay"));
    m_stay->setToolTip(chosen ? tr("Follow the playhead: show the request that is nearest to it")
                              : tr("Stay with connection #%1: select it").arg(what.topic.connection));
}

void CollaborationView::stayOrFollow() {
    const auto& topic = m_diagram->collaboration().topic;
    if (selection().value().kind != Selection::Kind::None) {
        selection().clear();
    } else if (topic.connection != 0) {
        selection().set({Selection::Kind::Connection, topic.connection});
    }
}

} // namespace lab
