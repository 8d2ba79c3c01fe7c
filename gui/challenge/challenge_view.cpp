// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/challenge/challenge_view.h"

#include "gui/model/text.h"

#include <QApplication>
#include <QKeyEvent>

#include <algorithm>

namespace lab {

namespace {

constexpr double eventsPerSecond = 3; ///< of the shortest order's animation: slow enough to read each sentence

/// A thread's number on the keyboard; 0: no such key.
int numberOf(const QKeyEvent& event) {
    const bool plain = event.modifiers() == Qt::NoModifier || event.modifiers() == Qt::KeypadModifier;
    return plain && event.key() >= Qt::Key_1 && event.key() <= Qt::Key_9 ? event.key() - Qt::Key_0 : 0;
}

bool isEnter(const QKeyEvent& event) { return event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter; }

} // namespace

void ChallengeView::play(const Challenge& challenge) {
    begin(challenge, m_mended->isChecked() ? Variant::Mended : Variant::Planted);
    showGame(true);
    m_steps->takeFocus();
}

void ChallengeView::begin(const Challenge& challenge, Variant variant) {
    m_search.cancel();
    m_result.reset();
    m_animating = false;
    m_game = std::make_unique<Game>(challenge, variant);
    const auto all = challenges();
    const auto place = std::ranges::find(all, challenge.id, &Challenge::id) - all.begin();
    m_picker->setCurrentIndex(static_cast<int>(place));
    m_notice->setText(text(variant == Variant::Mended ? mendedNotice : modelNotice));
    m_story->setText(text(challenge.story));
    m_task->setText(text(variant == Variant::Mended ? challenge.mending : challenge.task));
    changed();
}

bool ChallengeView::isOnShow() const {
    return playhead().hasRecording() && playhead().follower().recording() == m_game->recording();
}

void ChallengeView::showGame(bool grows) {
    emit recordingWanted(m_game->recording(), grows);
    m_steps->setEnabled(isOnShow());
    touch();
}

void ChallengeView::choose(int thread) {
    if (const auto done = m_game->choose(static_cast<std::size_t>(thread)); !done) {
        return; // its button is disabled
    }
    m_result.reset();
    changed();
    if (isOnShow()) {
        playhead().toEnd();
    } else {
        showGame(true);
    }
}

void ChallengeView::undo() {
    m_game->undo();
    m_result.reset();
    m_animating = false;
    changed();
    showGame(true);
}

void ChallengeView::startAgain() {
    m_game->restart();
    m_result.reset();
    m_animating = false;
    changed();
    showGame(true);
}

void ChallengeView::find() {
    if (m_search.isRunning()) {
        m_search.cancel();
        changed();
        return;
    }
    m_progress->setText(tr("Searching…"));
    m_search.start(m_game->challenge(), m_game->variant());
    changed();
}

void ChallengeView::found(const SearchResult& result) {
    m_result = result;
    m_game->restart();
    if (result.order) {
        static_cast<void>(m_game->choose(*result.order)); // the search has gone this way
        m_animating = true;
    }
    changed();
    showGame(!result.order);
}

/// Waits until the window has read the recording; then the steps come one after another.
void ChallengeView::animate() {
    if (!isOnShow() || playhead().end() < m_game->recording()->end()) {
        touch();
        return;
    }
    m_animating = false;
    playhead().seek(m_game->chosen().front().firstEvent);
    playhead().setPace(eventsPerSecond);
    playhead().playTo(playhead().end());
}

/// What does not depend on where the playhead is.
void ChallengeView::changed() {
    const bool hadFocus = isAncestorOf(QApplication::focusWidget());
    const bool begun = !m_game->chosen().empty();
    const bool searching = m_search.isRunning();
    m_steps->setChoices(m_game->choices());
    m_steps->setVisible(!m_game->isOver() && !searching);
    m_story->setVisible(!begun);
    m_undo->setEnabled(begun && !searching);
    m_again->setEnabled(begun && !searching);
    m_find->setText(searching ? tr("Cancel") : tr("Find it for me"));
    m_find->setAccessibleName(m_find->text());
    m_progress->setVisible(searching);
    m_verdict->setVisible(false);
    fillOrder();
    touch();
    if (hadFocus && !m_steps->takeFocus()) {
        m_again->isEnabled() ? m_again->setFocus() : m_find->setFocus();
    }
}

void ChallengeView::fillOrder() {
    m_order->clear();
    int number = 0;
    for (const auto& one : m_game->chosen()) {
        m_order->addItem(tr("%1  %2 %3")
                             .arg(++number)
                             .arg(text(m_game->challenge().threads[one.thread]), QString::fromStdString(one.about)));
    }
    m_order->setVisible(number > 0);
}

/// Marks the step that the playhead is in.
void ChallengeView::markOrder() {
    const auto position = playhead().position();
    const auto step = isOnShow() && position > 0 ? m_game->stepsAt(position - 1) : 0;
    const int row = static_cast<int>(step) - 1;
    if (row != m_order->currentRow()) {
        m_order->setCurrentRow(row);
        if (auto* item = m_order->item(row)) {
            m_order->scrollToItem(item);
        }
    }
}

void ChallengeView::goToStep(int step) {
    const auto& chosen = m_game->chosen();
    if (step < 0 || step >= static_cast<int>(chosen.size()) || !isOnShow()) {
        return;
    }
    const auto next = static_cast<std::size_t>(step) + 1;
    playhead().seek(next < chosen.size() ? chosen[next].firstEvent : m_game->recording()->end());
}

void ChallengeView::refresh() {
    if (m_animating) {
        animate();
    }
    const bool onShow = isOnShow();
    const bool atEnd = onShow && !m_animating && playhead().position() >= m_game->recording()->end();
    m_play->setVisible(!onShow);
    m_play->setText(m_game->chosen().empty() ? tr("Play") : tr("Back to the challenge"));
    m_play->setAccessibleName(m_play->text());
    m_steps->setEnabled(onShow);
    const bool isProof = m_result && !m_result->order;
    const bool shown = !m_search.isRunning() && atEnd && (m_game->isOver() || isProof);
    if (shown && !m_verdict->isVisible()) {
        m_verdict->tell(*m_game, m_result);
        m_scroll->ensureWidgetVisible(m_verdict);
    } else if (!shown) {
        m_verdict->setVisible(false);
    }
    markOrder();
}

/// Inside, the numbers choose threads; everywhere else they choose views.
bool ChallengeView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const auto& key = static_cast<QKeyEvent&>(*event);
        const int number = numberOf(key);
        if ((number > 0 && number <= static_cast<int>(m_game->challenge().threads.size())) || isEnter(key) ||
            key.key() == Qt::Key_Backspace) {
            event->accept();
            return true;
        }
    }
    return LabView::event(event);
}

void ChallengeView::keyPressEvent(QKeyEvent* event) {
    if (const int number = numberOf(*event); number > 0) {
        m_steps->press(number);
    } else if (event->key() == Qt::Key_Backspace) {
        m_undo->click();
    } else if (auto* button = qobject_cast<QAbstractButton*>(focusWidget()); button != nullptr && isEnter(*event)) {
        button->click();
    } else {
        LabView::keyPressEvent(event);
    }
}

} // namespace lab
