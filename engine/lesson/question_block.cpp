// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/lesson_blocks.h"
#include "engine/lesson/lesson_words.h"

#include <algorithm>

namespace lab {

namespace {

constexpr std::size_t fewestChoices = 2;

Result<void> readChoices(const LessonBlock& block, LessonQuestion& question) {
    for (const auto& entry : block.entries()) {
        if (entry.key != "choice") {
            continue;
        }
        const auto [value, text, found] = splitAt(entry.value, '=');
        const auto same = [&, wanted = value](const LessonChoice& choice) { return choice.value == wanted; };
        if (value.empty() || (found && text.empty())) {
            return block.error(entry, "is written \"VALUE\" or \"VALUE = text\"");
        }
        if (std::any_of(question.choices.begin(), question.choices.end(), same)) {
            return block.error(entry, "\"" + std::string(value) + "\" is a choice already");
        }
        question.choices.push_back({std::string(value), std::string(found ? text : value)});
    }
    const auto* threads = block.find("choices");
    if (threads != nullptr && threads->value != "threads") {
        return block.error(*threads, "must be \"threads\": one for each of the server's threads");
    }
    if (threads != nullptr && !question.choices.empty()) {
        return block.error(*threads, "there are choices already");
    }
    question.choiceOfThreads = threads != nullptr;
    if (question.choices.size() == 1) {
        return block.error(*block.find("choice"), "there must be at least two of them");
    }
    return {};
}

Result<void> readAnswer(const LessonBlock& block, LessonQuestion& question) {
    const auto* answer = block.find("answer");
    if (answer == nullptr) {
        return block.error(block.line(), "the question has no \"answer\"");
    }
    auto measure = Measure::parse(answer->value);
    if (!measure) {
        return block.error(*answer, measure.error().message);
    }
    question.answer = std::move(*measure);
    const bool isNumber = question.answer.kind->isNumber && question.answer.across == Measure::Across::One;
    if (!isNumber && question.choices.size() < fewestChoices && !question.choiceOfThreads) {
        return block.error(*answer, "this answer is no number, so the question needs choices");
    }
    if (isNumber) {
        for (const auto& choice : question.choices) {
            if (!wholeNumber(choice.value)) {
                return block.error(*block.find("choice"), "\"" + choice.value + "\" is no number, but the answer is");
            }
        }
    }
    return {};
}

Result<void> readObserve(const LessonBlock& block, LessonQuestion& question) {
    const auto* observe = block.find("observe");
    if (observe == nullptr) {
        return {};
    }
    auto stop = LessonStop::parse(observe->value);
    if (!stop) {
        return block.error(*observe, stop.error().message);
    }
    stop->line = observe->line;
    question.observe = std::move(*stop);
    return {};
}

} // namespace

Result<LessonQuestion> readQuestionBlock(const LessonBlock& block) {
    LessonQuestion question;
    question.line = block.line();
    if (auto known = block.check({"ask", "choice", "choices", "unit", "observe", "answer", "why"}, {"choice"});
        !known) {
        return known.error();
    }
    for (const auto read : {readChoices, readAnswer, readObserve}) {
        if (auto done = read(block, question); !done) {
            return done.error();
        }
    }
    const auto text = [&](std::string_view key) {
        const auto* entry = block.find(key);
        return entry != nullptr ? entry->value : std::string();
    };
    question.ask = text("ask");
    question.unit = text("unit");
    question.why = text("why");
    if (question.ask.empty()) {
        return block.error(block.line(), "the question has no \"ask\"");
    }
    return question;
}

} // namespace lab
