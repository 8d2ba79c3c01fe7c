// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/lesson/lesson_panel.h"

#include "engine/cli/lesson_folder.h"
#include "engine/lesson/lesson_walk.h"
#include "gui/model/text.h"

#include <QFileInfo>
#include <QPointer>
#include <QTimer>

#include <utility>

namespace lab {

namespace {

/// Events a second on the way to a page's place: fast enough not to be waited for, slow enough to be seen.
constexpr double drivingPace = 60;

} // namespace

LessonPanel::~LessonPanel() = default;

void LessonPanel::connectTo(LabSession& session, SessionBench::Starter starter) {
    m_session = &session;
    m_bench = std::make_unique<SessionBench>(session, std::move(starter));
}

void LessonPanel::open(const QString& file) {
    auto lesson = checkLesson(file.toStdString());
    if (!lesson) {
        emit failed(text(lesson.error().message));
        return;
    }
    m_answers.clear();
    m_run = std::make_unique<LessonRun>(std::move(*lesson), *m_bench);
    m_run->setPace(drivingPace);
    m_title->setText(text(m_run->lesson().title));
    m_title->setAccessibleName(m_title->text());
    m_progress->setRange(0, static_cast<int>(m_run->lesson().pages.size()));
    m_sheets->setCurrentWidget(m_sheet);
    emit wanted();
    enter(0);
    m_next->setFocus();
}

void LessonPanel::openNumber(int number) {
    const auto lesson = findLesson(std::to_string(number));
    lesson ? open(text(lesson->file)) : emit failed(text(lesson.error().message));
}

void LessonPanel::showList() {
    m_run.reset();
    m_observed.reset();
    m_pending = m_there = m_away = false;
    m_sheets->setCurrentWidget(m_list);
    emit wanted();
    emit changed();
}

void LessonPanel::next() {
    if (m_run && m_run->page() + 1 < m_run->lesson().pages.size()) {
        enter(m_run->page() + 1);
    }
}

void LessonPanel::back() {
    if (m_run && m_run->page() > 0) {
        enter(m_run->page() - 1);
    }
}

void LessonPanel::enter(std::size_t page) {
    m_observed.reset();
    m_run->enter(page);
    showPage();
    settle();
    emit changed();
}

void LessonPanel::returnToPage() {
    if (!m_run) {
        return;
    }
    if (!m_session->shownKept().isEmpty()) {
        m_session->showPresent();
    }
    emit wanted();
    m_run->restore();
    settle();
}

void LessonPanel::showPage() {
    const auto index = m_run->page();
    const auto count = m_run->lesson().pages.size();
    std::vector<std::vector<LessonChoice>> choices;
    for (std::size_t question = 0; question < page().questions.size(); ++question) {
        choices.push_back(m_run->choices(index, question));
    }
    const auto folder = QFileInfo(text(m_run->lesson().file)).absolutePath();
    m_page->setPage(page(), folder, choices);
    for (std::size_t question = 0; question < m_page->cards(); ++question) {
        if (const auto known = m_answers.find({index, question}); known != m_answers.end()) {
            m_page->card(question).setPrediction(known->second.prediction);
            m_page->card(question).showAnswer(known->second.value, known->second.shown, known->second.why);
        }
    }
    m_side->showView(text(page().view));
    fitSide();
    QTimer::singleShot(0, this, [this] { shareRoom(); }); // when the new text has been laid out
    m_progress->setValue(static_cast<int>(index) + 1);
    showNumber();
    // Whoever goes on by the keyboard stays here: what loses the keyboard by being disabled gives it to what comes next
    // in the window, and there an arrow key chooses another model.
    const bool isFirst = index == 0;
    const bool isLast = index + 1 == count;
    m_back->setEnabled(!isFirst || m_back->hasFocus());
    m_next->setEnabled(!isLast || m_next->hasFocus());
    if (m_next->hasFocus() && isLast) {
        m_back->setFocus();
    } else if (m_back->hasFocus() && isFirst) {
        m_next->setFocus();
    }
    m_back->setEnabled(!isFirst);
    m_next->setEnabled(!isLast);
}

/// The page's number, and how many of its questions are open: they may be below what is in sight.
void LessonPanel::showNumber() {
    int questions = 0;
    for (std::size_t question = 0; question < m_page->cards(); ++question) {
        questions += m_page->card(question).isAnswered() ? 0 : 1;
    }
    const auto number = tr("%1 of %2").arg(m_run->page() + 1).arg(m_run->lesson().pages.size());
    const auto open = questions == 0   ? QString{}
                      : questions == 1 ? tr(" · a question")
                                       : tr(" · %1 questions").arg(questions);
    m_number->setText(number + open);
    m_number->setAccessibleName(tr("Page %1").arg(number) + open);
}

void LessonPanel::observe(std::size_t question) {
    const auto index = m_run->page();
    Answered answered;
    answered.prediction = m_page->card(question).prediction();
    m_answers[{index, question}] = answered;
    m_observed = question;
    m_page->card(question).setWaiting(true);
    if (page().questions[question].observe) {
        m_run->observe(question);
    }
    settle();
}

/// What the run is on its way to: shows that, or, when it is there, goes there.
void LessonPanel::settle() {
    m_pending = true;
    m_there = m_away = false;
    poll();
}

void LessonPanel::poll() {
    m_side->frame(m_time.elapsed());
    if (!m_run) {
        return;
    }
    m_run->poll();
    const auto phase = m_run->phase();
    if (m_pending && phase == LessonRun::Phase::There) {
        arrive();
    } else if (m_pending && phase == LessonRun::Phase::Driving && playhead().mode() != Playhead::Mode::Live) {
        emit driving(tr("to where the lesson's page is about"));
        playhead().toEnd();
    }
    noticeAbsence();
    showStatus();
}

/// The playhead goes to the page's place, once that has been folded.
void LessonPanel::arrive() {
    if (const auto place = m_run->place()) {
        if (m_session->recording() != m_bench->recording() || playhead().end() <= *place) {
            return;
        }
        playhead().seek(*place + 1);
        select(*place);
    }
    m_pending = false;
    m_there = true;
    if (m_observed) {
        tell(*std::exchange(m_observed, std::nullopt));
    } else if (m_page->cards() > 0) {
        for (std::size_t question = 0; question < m_page->cards(); ++question) {
            // One of the server's threads: known only now that they are there.
            if (page().questions[question].choiceOfThreads) {
                showPage();
                break;
            }
        }
    }
}

void LessonPanel::tell(std::size_t question) {
    const auto index = m_run->page();
    const auto& asked = page().questions[question];
    const auto measured = m_run->answer(index, question);
    if (!measured) {
        m_answers.erase({index, question});
        m_page->card(question).showTrouble(text(measured.error().message));
        return;
    }
    const auto choices = m_run->choices(index, question);
    const auto* right = choiceFor(measured->text, choices);
    auto& answered = m_answers[{index, question}];
    answered.value = text(measured->text);
    answered.shown = text(right != nullptr     ? right->text
                          : asked.unit.empty() ? measured->text
                                               : measured->text + " " + asked.unit);
    answered.why = text(explained(asked, measured->text));
    m_page->card(question).showAnswer(answered.value, answered.shown, answered.why);
    showNumber();
    QMetaObject::invokeMethod( // when its new height is known
        m_page,
        [page = m_page, card = QPointer(&m_page->card(question))] { card ? page->ensureWidgetVisible(card) : void(); },
        Qt::QueuedConnection);
}

void LessonPanel::select(std::size_t place) {
    using Kind = LessonSelection::Kind;
    const auto& wanted = page().selection;
    const auto& event = m_run->recording()->view()[place];
    auto id = wanted.number;
    switch (wanted.kind) {
    case Kind::None: selection().clear(); return;
    case Kind::Connection: id = wanted.ofStop ? event.connection : id; break;
    case Kind::Operation: id = event.operation; break;
    case Kind::Client: id = wanted.ofStop ? event.connection : id; break;
    case Kind::Thread:
        id = event.actor;
        for (const auto& [actor, thread] : playhead().state().threads) {
            if (!wanted.ofStop && playhead().follower().glossary().name(thread.name) == wanted.thread) {
                id = actor;
            }
        }
        break;
    }
    static constexpr Selection::Kind kinds[] = {Selection::Kind::None, Selection::Kind::Connection,
                                                Selection::Kind::Operation, Selection::Kind::Thread,
                                                Selection::Kind::Client};
    selection().set({kinds[static_cast<std::size_t>(wanted.kind)], id});
}

/// Somebody has gone away: to another run, or to another place in this one.
void LessonPanel::noticeAbsence() {
    if (!m_there) {
        return;
    }
    const auto place = m_run->place();
    const bool elsewhere = !m_run->hasItsRun() ||
                           (m_run->recording() && m_session->recording() != m_run->recording()) ||
                           (place && playhead().position() != *place + 1);
    m_away = elsewhere;
}

void LessonPanel::showStatus() {
    QString status;
    if (m_run->phase() == LessonRun::Phase::Failed) {
        status = tr("This page cannot be shown: %1.").arg(text(m_run->trouble()));
    } else if (m_run->phase() == LessonRun::Phase::Starting) {
        status = tr("The server of this page starts…");
    } else if (m_pending) {
        status = tr("The run goes on to where this page is about…");
    } else if (m_away) {
        status = tr("You are somewhere else than this page.");
    }
    if (status != m_status->text()) {
        m_status->setText(status);
        m_status->setAccessibleName(status);
        m_status->setVisible(!status.isEmpty());
    }
    const bool canReturn = m_away || m_run->phase() == LessonRun::Phase::Failed;
    if (canReturn == m_return->isHidden()) {
        m_return->setVisible(canReturn);
    }
}

} // namespace lab
