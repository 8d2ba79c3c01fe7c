// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/lesson_run.h"

#include <algorithm>
#include <utility>

namespace lab {

LessonRun::LessonRun(Lesson lesson, LessonBench& bench)
    : m_lesson(std::move(lesson))
    , m_bench(bench) {
    for (std::size_t page = 0; page < m_lesson.pages.size(); ++page) {
        if (const auto& setup = m_lesson.pages[page].setup) {
            m_runs.push_back({.setup = &*setup});
        }
        m_runOfPage.push_back(m_runs.empty() ? nowhere : m_runs.size() - 1);
        addTargets(page);
    }
}

void LessonRun::addTargets(std::size_t page) {
    const auto& of = m_lesson.pages[page];
    const auto run = m_runOfPage[page];
    for (const auto& stop : of.stops) {
        m_targets.push_back({.page = page, .run = run, .stop = &stop});
    }
    for (std::size_t question = 0; question < of.questions.size(); ++question) {
        if (const auto& stop = of.questions[question].observe) {
            m_targets.push_back({.page = page, .question = question, .run = run, .stop = &*stop});
        }
    }
}

/// The last target of this run that belongs to `page` (its own stops; with a question, up to that one's), or else the
/// last one of the pages before it.
std::size_t LessonRun::lastTarget(std::size_t page, std::size_t question) const {
    std::size_t last = nowhere;
    for (std::size_t index = 0; index < m_targets.size(); ++index) {
        const auto& target = m_targets[index];
        const bool before = target.page < page ||
                            (target.page == page &&
                             (target.question == nowhere || (question != nowhere && target.question <= question)));
        if (before && target.run == m_runOfPage[page]) {
            last = index;
        }
    }
    return last;
}

void LessonRun::enter(std::size_t page) {
    m_page = std::min(page, m_lesson.pages.size() - 1);
    goTo(lastTarget(m_page, nowhere), m_runOfPage[m_page]);
}

void LessonRun::observe(std::size_t question) { goTo(lastTarget(m_page, question), m_runOfPage[m_page]); }

void LessonRun::restore() { goTo(m_goal, m_run); }

void LessonRun::goTo(std::size_t goal, std::size_t run) {
    m_goal = goal;
    m_run = run;
    m_trouble.clear();
    m_phase = Phase::There;
    if (run != nowhere && !hasItsRun()) {
        begin(run);
    } else if (run != nowhere) {
        m_phase = Phase::Driving;
        setOff();
        poll();
    }
}

void LessonRun::begin(std::size_t run) {
    for (auto& target : m_targets) {
        if (target.run == run) {
            target.reached.reset();
        }
    }
    m_searched.reset();
    m_runs[run].recording.reset();
    m_phase = Phase::Starting;
    m_bench.start(*m_runs[run].setup);
}

bool LessonRun::hasItsRun() const {
    if (m_run == nowhere) {
        return true;
    }
    const auto& recording = m_runs[m_run].recording;
    if (!recording || recording != m_bench.recording() || m_bench.isStarting()) {
        return false;
    }
    // What was reached may have made room for newer events meanwhile.
    const auto first = recording->first();
    return std::none_of(m_targets.begin(), m_targets.end(), [&](const Target& target) {
        return target.run == m_run && target.reached && *target.reached < first;
    });
}

void LessonRun::poll() {
    if (m_phase == Phase::Starting && !m_bench.isStarting()) {
        if (const auto failure = m_bench.failure(); !failure.empty()) {
            fail(failure);
            return;
        }
        m_runs[m_run].recording = m_bench.recording();
        m_phase = Phase::Driving;
        setOff();
    }
    if (m_phase == Phase::Driving) {
        driveOn();
    }
}

void LessonRun::setOff() {
    m_drivingSince = m_lastProgress = std::chrono::steady_clock::now();
    m_hurries = false;
}

std::size_t LessonRun::nextUnreached() const {
    for (std::size_t index = 0; m_goal != nowhere && index <= m_goal; ++index) {
        if (m_targets[index].run == m_run && !m_targets[index].reached) {
            return index;
        }
    }
    return nowhere;
}

void LessonRun::driveOn() {
    if (!hasItsRun()) {
        fail("another run has taken the lesson's place");
        return;
    }
    for (auto next = nextUnreached(); next != nowhere; next = nextUnreached()) {
        auto& target = m_targets[next];
        if (!m_searched || *m_searched != next) {
            m_search.emplace(*target.stop, m_runs[m_run].recording, searchFrom(next));
            m_searched = next;
        }
        if (!lookFor(target)) {
            step(target);
            return;
        }
    }
    m_phase = Phase::There;
}

/// A stop is behind the stops before it; but where a question was observed, the next page may stop too.
std::size_t LessonRun::searchFrom(std::size_t next) const {
    std::size_t from = 0;
    for (std::size_t before = 0; before < next; ++before) {
        const auto& target = m_targets[before];
        if (target.run == m_run && target.reached) {
            from = std::max(from, *target.reached + (target.question == nowhere ? 1 : 0));
        }
    }
    return from;
}

bool LessonRun::lookFor(Target& target) {
    target.reached = m_search->look();
    return target.reached.has_value();
}

/// Asks for the next step, unless one is under way.
void LessonRun::step(const Target& target) {
    auto* stepper = m_bench.stepper();
    if (stepper == nullptr) {
        fail("the run has ended, and there was no \"" + target.stop->text + "\" in it");
        return;
    }
    noticeProgress();
    const bool hurry = std::chrono::steady_clock::now() - m_drivingSince > leisure;
    if (m_phase == Phase::Failed || (stepper->mode() == Stepper::Mode::Stepping && m_hurries == hurry)) {
        return;
    }
    if (stepper->mode() == Stepper::Mode::Held) {
        // What the last step brought has to be looked at before another one is made.
        const auto before = m_runs[m_run].recording->end();
        m_bench.flush();
        if (m_runs[m_run].recording->end() != before) {
            return;
        }
    }
    m_hurries = hurry;
    stepper->step(target.stop->driver(), {}, hurry ? 0 : m_pace);
}

void LessonRun::noticeProgress() {
    const auto end = m_runs[m_run].recording->end();
    const auto now = std::chrono::steady_clock::now();
    if (end != m_lastEnd) {
        m_lastEnd = end;
        m_lastProgress = now;
    }
    const bool isLong = now - m_drivingSince > longestWay;
    if (isLong || now - m_lastProgress > patience) {
        const auto* stepper = m_bench.stepper();
        const auto why = stepper != nullptr ? stepper->stuck() : std::string();
        const auto& text = m_targets[nextUnreached()].stop->text;
        fail("there was no \"" + text + "\" within " + std::to_string((isLong ? longestWay : patience).count()) +
             " seconds" + (why.empty() ? "" : ": " + why));
    }
}

void LessonRun::fail(std::string trouble) {
    m_trouble = std::move(trouble);
    m_phase = Phase::Failed;
}

std::optional<std::size_t> LessonRun::place() const {
    return m_goal == nowhere ? std::nullopt : m_targets[m_goal].reached;
}

std::optional<std::size_t> LessonRun::stopOf(std::size_t page) const {
    const auto last = lastTarget(page, nowhere);
    return last == nowhere ? std::nullopt : m_targets[last].reached;
}

std::shared_ptr<const Recording> LessonRun::recording() const {
    const auto run = m_runOfPage[m_page];
    return run == nowhere ? nullptr : m_runs[run].recording;
}

bool LessonRun::isObserved(std::size_t question) const {
    const auto last = lastTarget(m_page, question);
    return last != nowhere && m_targets[last].reached.has_value();
}

} // namespace lab
