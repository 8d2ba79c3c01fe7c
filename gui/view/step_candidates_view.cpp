// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/step_candidates_view.h"

#include "gui/model/number_text.h"
#include "gui/view/step_candidate_delegate.h"

#include <QKeyEvent>
#include <QScrollBar>
#include <QVBoxLayout>

namespace lab {

namespace {

void describe(QWidget& widget, const QString& objectName, const QString& name, const QString& about) {
    widget.setObjectName(objectName);
    widget.setAccessibleName(name);
    widget.setToolTip(about);
}

} // namespace

StepCandidatesView::StepCandidatesView(StepControl& control, Playhead& playhead, SharedSelection& selection,
                                       QWidget* parent)
    : LabView(playhead, selection, parent)
    , m_control(control)
    , m_title(new QLabel(tr("Who goes next?"), this))
    , m_about(new QLabel(this))
    , m_list(new QListView(this))
    , m_hold(new QPushButton(tr("Hold the server"), this))
    , m_others(new QPushButton(tr("Other choices from here"), this)) {
    describe(*this, QStringLiteral("candidates"), tr("Next"), tr("Which thread could go next, and what it would do"));
    describe(*m_title, {}, m_title->text(), toolTip());
    describe(*m_about, QStringLiteral("candidatesAbout"), tr("About those who could go next"), toolTip());
    describe(*m_list, QStringLiteral("candidateList"), tr("Who could go next"),
             tr("Click one, or choose with the arrows and Enter: it takes its turn, the others wait"));
    describe(*m_hold, QStringLiteral("candidatesHold"), tr("Hold the server"),
             tr("Hold every thread of the server (H)"));
    describe(*m_others, QStringLiteral("candidatesOthers"), tr("Go on from here with other choices"),
             tr("Start again, follow the same order up to this event, and choose differently from there on (F)"));
    prepareList();
    m_about->setWordWrap(true);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(14, 12, 14, 6);
    head->setSpacing(4);
    head->addWidget(m_title);
    head->addWidget(m_about);
    head->addWidget(m_hold, 0, Qt::AlignLeft);
    head->addWidget(m_others, 0, Qt::AlignLeft);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_list, 1);
    connect(m_list, &QListView::clicked, this, &StepCandidatesView::choose);
    connect(m_hold, &QPushButton::clicked, &m_control, &StepControl::hold);
    connect(m_others, &QPushButton::clicked, this, &StepCandidatesView::otherChoicesWanted);
    connect(&m_control, &StepControl::changed, this, &StepCandidatesView::showWords);
    showWords();
}

void StepCandidatesView::prepareList() {
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new CandidateDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->installEventFilter(this);
    setFocusProxy(m_list);
}

void StepCandidatesView::themeChanged() {
    m_title->setFont(theme().font(theme().typeSize + 2, true));
    m_about->setFont(theme().font(theme().typeSize));
    static_cast<CandidateDelegate*>(m_list->itemDelegate())->setTheme(theme());
    m_list->doItemsLayout();
}

void StepCandidatesView::ask() {
    if (!isVisible() || !playhead().hasRecording()) {
        return;
    }
    const int row = m_list->currentIndex().row();
    const auto& follower = playhead().follower();
    if (m_model.setCandidates(m_control.candidates(), follower.newest(), follower.glossary())) {
        // The one who waits longest goes next by itself: it is offered first.
        const bool chose = row >= 0 && m_control.server() == StepControl::Server::Stepping;
        m_list->setCurrentIndex(m_model.index(chose ? std::min(row, m_model.rowCount() - 1) : 0));
        showWords();
    }
}

void StepCandidatesView::refresh() { showWords(); }

void StepCandidatesView::showWords() {
    using enum StepControl::Server;
    const auto server = m_control.server();
    const bool engaged = m_control.isEngaged();
    const auto behind = playhead().hasRecording() ? playhead().behind() : 0;
    m_list->setVisible(engaged);
    m_hold->setVisible(server == Free || server == Paced);
    m_others->setVisible(playhead().hasRecording() && (behind > 0 || server == None) && server != Free &&
                         server != Paced);
    QString text;
    if (server == None) {
        text = tr("A recording is on show: what went next in it is fixed. Start a run to choose.");
    } else if (!engaged) {
        text = tr("The server runs, and the operating system chooses. Hold it, and you choose which thread takes the "
                  "next turn.");
    } else if (m_model.rowCount() == 0) {
        text = m_control.isHeld() ? tr("Nobody is at the gate: all threads wait in the kernel. Step, and whoever comes "
                                       "first takes its turn.")
                                  : m_control.status();
    } else {
        text = tr("Each of these threads is held just before what it says. Click one, and it alone takes its turn.");
        if (m_model.offers() > 1) {
            text += QLatin1Char(' ') + tr("%1 completions wait inside the processor: take any of them first.")
                                           .arg(countText(m_model.offers()));
        }
    }
    if (engaged && behind > 0) {
        text += QLatin1Char(' ') +
                tr("This list is of the newest event, %1 on from where you look.").arg(countText(behind));
    }
    m_about->setText(text);
}

void StepCandidatesView::choose(const QModelIndex& index) {
    const auto row = static_cast<std::size_t>(index.row());
    if (index.isValid() && row < m_model.candidates().size() && m_control.isHeld()) {
        m_control.choose(Candidate(m_model.candidates()[row]));
    }
}

bool StepCandidatesView::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            choose(m_list->currentIndex());
            return true;
        }
    }
    return LabView::eventFilter(watched, event);
}

} // namespace lab
