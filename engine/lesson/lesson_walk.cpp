// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/lesson_walk.h"

#include "engine/lesson/lesson_run.h"
#include "engine/lesson/solitary_bench.h"
#include "engine/state/narration.h"

#include <algorithm>

namespace lab {

namespace {

Error at(const Lesson& lesson, std::size_t line, const std::string& what) {
    return {lesson.file + ":" + std::to_string(line) + ": " + what};
}

/// One walk through one lesson.
class Walk {
public:
    Walk(const Lesson& lesson, const ScenarioFinder& findScenario)
        : m_bench(findScenario)
        , m_run(lesson, m_bench) {}

    Result<void> go(const std::function<void(const WalkedPage&)>& use) {
        const auto pages = m_run.lesson().pages.size();
        for (std::size_t page = 0; page < pages; ++page) {
            auto walked = walk(page);
            if (!walked) {
                return walked.error();
            }
            // The numbered steps are recognised when the last of them has happened: at the end of the page's run.
            m_unverified.push_back(page);
            if (page + 1 == pages || m_run.lesson().pages[page + 1].setup) {
                for (const auto one : std::exchange(m_unverified, {})) {
                    if (auto verified = m_run.verifyStep(one); !verified) {
                        return verified;
                    }
                }
            }
            use(*walked);
        }
        return {};
    }

private:
    const LessonPage& page(std::size_t index) const { return m_run.lesson().pages[index]; }

    Result<void> settle(std::size_t line) {
        while (m_run.phase() == LessonRun::Phase::Starting || m_run.phase() == LessonRun::Phase::Driving) {
            m_run.poll();
            m_bench.wait();
        }
        return m_run.phase() == LessonRun::Phase::Failed ? at(m_run.lesson(), line, m_run.trouble()) : Result<void>();
    }

    Result<WalkedPage> walk(std::size_t index) {
        const auto& of = page(index);
        m_run.enter(index);
        if (auto settled = settle(of.stops.empty() ? of.line : of.stops.back().line); !settled) {
            return settled.error();
        }
        WalkedPage walked;
        walked.title = of.title;
        walked.stop = m_run.stopOf(index);
        if (of.step.number != 0) {
            walked.step = of.step.sequence + " " + std::to_string(of.step.number);
        }
        if (const auto recording = m_run.recording()) {
            walked.model = recording->info().model;
            walked.narration = walked.stop ? narration(recording, *walked.stop) : std::string();
        }
        for (std::size_t question = 0; question < of.questions.size(); ++question) {
            auto asked = ask(index, question);
            if (!asked) {
                return asked.error();
            }
            walked.questions.push_back(std::move(*asked));
        }
        return walked;
    }

    Result<WalkedQuestion> ask(std::size_t index, std::size_t number) {
        const auto& question = page(index).questions[number];
        if (question.observe) {
            m_run.observe(number);
            if (auto settled = settle(question.observe->line); !settled) {
                return settled.error();
            }
        }
        const auto answer = m_run.answer(index, number);
        if (!answer) {
            return at(m_run.lesson(), question.line, answer.error().message);
        }
        WalkedQuestion walked;
        walked.ask = question.ask;
        walked.observed = question.observe ? m_run.place() : m_run.stopOf(index);
        walked.answer = answer->text;
        walked.choices = m_run.choices(index, number);
        walked.why = explained(question, answer->text);
        walked.text = answer->text + (question.unit.empty() ? "" : " " + question.unit);
        if (!walked.choices.empty()) {
            const auto* right = choiceFor(answer->text, walked.choices);
            if (right == nullptr) {
                return at(m_run.lesson(), question.line,
                          "the run's answer is \"" + answer->text + "\", which is none of the choices");
            }
            walked.text = right->text;
        }
        return walked;
    }

    static std::string narration(const std::shared_ptr<const Recording>& recording, std::size_t event) {
        const auto index = std::max(event, recording->view().first() + 1) - 1;
        const auto before = event == 0 ? LabState{} : MeasureContext{recording, index, index}.state();
        return narrate(recording->view()[event], before, Glossary::of(*recording));
    }

    SolitaryBench m_bench;
    LessonRun m_run;
    std::vector<std::size_t> m_unverified; ///< pages of the present run
};

} // namespace

const LessonChoice* choiceFor(const std::string& answer, const std::vector<LessonChoice>& choices) {
    const auto found =
        std::find_if(choices.begin(), choices.end(), [&](const auto& choice) { return choice.value == answer; });
    return found == choices.end() ? nullptr : &*found;
}

std::string explained(const LessonQuestion& question, const std::string& answer) {
    constexpr std::string_view place = "{answer}";
    auto text = question.why;
    for (auto found = text.find(place); found != std::string::npos; found = text.find(place, found + answer.size())) {
        text.replace(found, place.size(), answer);
    }
    return text;
}

Result<void> walkLesson(const Lesson& lesson, const ScenarioFinder& findScenario,
                        const std::function<void(const WalkedPage&)>& page) {
    return Walk(lesson, findScenario).go(page);
}

} // namespace lab
