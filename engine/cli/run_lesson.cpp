// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/text_table.h"
#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/cli/lesson_folder.h"
#include "engine/cli/scenario_folder.h"
#include "engine/lesson/lesson_walk.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <ostream>

namespace lab {

namespace {

namespace json = boost::json;

std::string eventText(std::size_t event) { return "event " + withSeparators(std::uint64_t{event}); }

json::value eventOrNull(const std::optional<std::size_t>& event) {
    return event ? json::value(*event) : json::value(nullptr);
}

void print(std::ostream& out, std::size_t number, const WalkedPage& page) {
    out << '\n' << number << "  " << page.title << '\n';
    if (page.stop) {
        out << "   " << page.model << ", " << eventText(*page.stop) << (page.step.empty() ? "" : ", " + page.step)
            << ": " << page.narration << '\n';
    }
    for (const auto& question : page.questions) {
        out << "   ? " << question.ask << '\n';
        for (const auto& choice : question.choices) {
            out << (choice.value == question.answer ? "     * " : "     - ") << choice.text << '\n';
        }
        out << "     = " << question.text;
        if (question.observed && question.observed != page.stop) {
            out << " (" << eventText(*question.observed) << ")";
        }
        out << '\n';
    }
}

json::object toJson(const WalkedQuestion& question) {
    json::array choices;
    for (const auto& choice : question.choices) {
        choices.push_back(json::object{{"value", choice.value}, {"text", choice.text}});
    }
    return {
        {"ask", question.ask},       {"choices", std::move(choices)}, {"observedAt", eventOrNull(question.observed)},
        {"answer", question.answer}, {"text", question.text},         {"why", question.why}};
}

json::object toJson(const WalkedPage& page) {
    json::array questions;
    for (const auto& question : page.questions) {
        questions.push_back(toJson(question));
    }
    return {{"title", page.title},         {"model", page.model}, {"stop", eventOrNull(page.stop)},
            {"narration", page.narration}, {"step", page.step},   {"questions", std::move(questions)}};
}

int listLessons(std::ostream& out, std::ostream& err) {
    int code = exitDone;
    for (const auto& file : lessonFiles(lessonFolder())) {
        if (const auto lesson = checkLesson(file)) {
            out << lesson->id << "  " << lesson->title << '\n';
        } else {
            err << lesson.error().message << '\n';
            code = exitUsage;
        }
    }
    return code;
}

} // namespace

int runLesson(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    Arguments command("lesson", "[LESSON] [--json]",
                      "Goes through a lesson to its end without a window: begins its runs, reaches every stop, and\n"
                      "finds the right answer of every question in the run itself. LESSON is a file, or the name or\n"
                      "number of one in the lessons folder (PROACTOR_LAB_LESSONS, or the source tree's). Without it,\n"
                      "lists the lessons there are.");
    command.addPositional("lesson");
    command.addSwitch("json", "pages, stops and answers as JSON");
    if (const auto code = command.read(arguments, out, err)) {
        return *code;
    }
    if (!command.has("lesson")) {
        return listLessons(out, err);
    }
    const auto lesson = findLesson(command.text("lesson"));
    if (!lesson) {
        return command.complain(err, lesson.error().message, exitUsage);
    }
    const bool asJson = command.has("json");
    json::array pages;
    if (!asJson) {
        out << lesson->title << '\n';
    }
    std::size_t number = 0;
    const auto walked = walkLesson(*lesson, findScenario, [&](const WalkedPage& page) {
        if (asJson) {
            pages.push_back(toJson(page));
        } else {
            print(out, ++number, page);
            out.flush();
        }
    });
    if (asJson) {
        out << json::serialize(json::object{{"lesson", lesson->id},
                                            {"title", lesson->title},
                                            {"finished", walked.has_value()},
                                            {"pages", std::move(pages)}})
            << '\n';
    }
    return walked ? exitDone : command.complain(err, walked.error().message, exitFailed);
}

} // namespace lab
