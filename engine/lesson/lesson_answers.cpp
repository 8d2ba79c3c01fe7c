// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/pattern_steps.h"
#include "engine/lesson/lesson_run.h"
#include "engine/lesson/lesson_words.h"

#include <algorithm>
#include <set>

namespace lab {

namespace {

bool hasStep(const RecognisedSequence& found, const LessonStep& step, std::size_t event) {
    return found.sequence->id == step.sequence && found.events.size() >= step.number &&
           found.events[step.number - 1] == event;
}

} // namespace

Result<Measured> LessonRun::answer(std::size_t page, std::size_t question) const {
    const auto& asked = m_lesson.pages[page].questions[question];
    const auto from = stopOf(page);
    const auto last = lastTarget(page, question);
    const auto at = asked.observe && last != nowhere ? m_targets[last].reached : from;
    const auto run = m_runOfPage[page];
    if (!from || !at || !m_runs[run].recording) {
        return Error{"this has not been observed yet"};
    }
    if (asked.answer.across != Measure::Across::One) {
        return across(asked.answer, run);
    }
    return measured(asked.answer, run, *from, *at);
}

Result<Measured> LessonRun::measured(const Measure& measure, std::size_t run, std::size_t from, std::size_t at) const {
    return measure.evaluate({.recording = m_runs[run].recording, .from = from, .at = at});
}

/// The model whose run, up to the last stop reached in it, has the highest or the lowest value.
Result<Measured> LessonRun::across(const Measure& measure, std::size_t run) const {
    std::string best;
    std::int64_t value = 0;
    bool shared = false;
    for (std::size_t one = 0; one <= run; ++one) {
        std::optional<std::size_t> at;
        std::optional<std::size_t> from;
        for (const auto& target : m_targets) {
            if (target.run == one && target.reached) {
                from = from ? from : target.reached;
                at = target.reached;
            }
        }
        const auto& model = m_runs[one].setup->model;
        if (!m_runs[one].recording || !at) {
            return Error{"the run of " + model + " has not been made yet"};
        }
        const auto made = measured(measure, one, *from, *at);
        if (!made) {
            return made.error();
        }
        const auto number = wholeNumber(made->text).value_or(0);
        const bool better =
            best.empty() || (measure.across == Measure::Across::Highest ? number > value : number < value);
        shared = better ? false : shared || (number == value && model != best);
        if (better) {
            best = model;
            value = number;
        }
    }
    if (shared) {
        return Error{"several models have the same value"};
    }
    return Measured{best};
}

std::vector<LessonChoice> LessonRun::choices(std::size_t page, std::size_t question) const {
    const auto& asked = m_lesson.pages[page].questions[question];
    const auto run = m_runOfPage[page];
    const auto stop = stopOf(page);
    if (!asked.choiceOfThreads || run == nowhere || !m_runs[run].recording || !stop) {
        return asked.choices;
    }
    const MeasureContext context{.recording = m_runs[run].recording, .from = *stop, .at = *stop};
    std::vector<LessonChoice> all;
    for (const auto& [actor, thread] : context.state().threads) {
        if (thread.isServer) {
            const auto name = context.recording->name(thread.name);
            all.push_back({name, name});
        }
    }
    std::sort(all.begin(), all.end(), [](const auto& one, const auto& other) { return one.value < other.value; });
    return all;
}

Result<void> LessonRun::verifyStep(std::size_t page) const {
    const auto& step = m_lesson.pages[page].step;
    const auto event = stopOf(page);
    if (step.number == 0 || !event) {
        return {};
    }
    const auto view = m_runs[m_runOfPage[page]].recording->view();
    bool recognised = false;
    StepRecogniser recogniser(
        [&](const RecognisedSequence& found) { recognised = recognised || hasStep(found, step, *event); });
    for (auto index = view.first(); index < view.end(); ++index) {
        recogniser.apply(view[index], index);
    }
    for (const auto& found : recogniser.underWay()) {
        recognised = recognised || hasStep(found, step, *event);
    }
    if (recognised) {
        return {};
    }
    return Error{m_lesson.file + ":" + std::to_string(step.line) + ": event " + std::to_string(*event) +
                 ", where the page stops, is not step " + std::to_string(step.number) + " of " + step.sequence};
}

} // namespace lab
