// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/lesson/measure.h"
#include "engine/lesson/moment.h"
#include "engine/server/server_setting.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

struct Scenario;

/// The run that a page begins.
struct LessonSetup {
    std::string scenario;               ///< id
    std::string model;                  ///< id
    std::vector<SettingValue> settings; ///< each good by itself, and all together with the model
    std::optional<std::uint64_t> seed;
    std::size_t line = 0; ///< of the scenario's name

    /// What the scenario asks of the server, and then what the lesson does.
    void apply(const Scenario& scenario, ServerOptions& options) const;
};

/// What a page shows beside its text.
struct LessonView {
    std::string_view id; ///< "queue"
    std::string_view about;
};
std::span<const LessonView> lessonViews();

/// What a page selects, for all views.
struct LessonSelection {
    enum class Kind : std::uint8_t { None, Connection, Operation, Thread, Client };
    Kind kind = Kind::None;
    bool ofStop = false;      ///< that of the event at which the page stops
    std::uint32_t number = 0; ///< connection or client
    std::string thread;       ///< name
};

/// One of the papers' numbered steps, which a page says its stop is.
struct LessonStep {
    std::string sequence;   ///< a StepSequence's id
    std::size_t number = 0; ///< from 1 on; 0: none
    std::size_t line = 0;
};

/// A possible answer.
struct LessonChoice {
    std::string value; ///< as the measure gives it
    std::string text;
};

/// Predict, then observe.
struct LessonQuestion {
    std::string ask;
    std::vector<LessonChoice> choices; ///< none: a number is asked for, or a thread
    bool choiceOfThreads = false;      ///< one of the server's threads at the page's stop
    std::string unit;                  ///< of the number: "threads"
    std::optional<LessonStop> observe; ///< where the answer is seen; none: at the page's own stop
    Measure answer;
    std::string why; ///< told with the answer; "{answer}" stands for what was measured
    std::size_t line = 0;
};

struct LessonPage {
    std::string title;
    std::string text; ///< Markdown, without the lab's blocks
    std::optional<LessonSetup> setup;
    std::vector<LessonStop> stops; ///< in turn; none: it stays where the page before was
    LessonStep step;
    std::string view; ///< a LessonView's id; empty: nothing beside the text
    LessonSelection selection;
    std::vector<LessonQuestion> questions;
    std::size_t line = 0;
};

/// A lesson, as a Markdown file in `lessons/` writes it. The format is documented in lessons/README.md.
struct Lesson {
    std::string id;   ///< the file's name without ".md"
    std::string file; ///< as it was given; pictures are named relative to its folder
    std::string title;
    std::string about;
    std::vector<LessonPage> pages;
};

/// Errors name file and line: "06-get.md:31: there is no measure ...".
Result<Lesson> readLesson(const std::string& file);
/// `name` stands for the file in errors, and gives the id.
Result<Lesson> parseLesson(std::string_view text, const std::string& name);

/// The paths of the lesson files in a folder, sorted: those whose names begin with a digit.
std::vector<std::string> lessonFiles(const std::string& folder);

} // namespace lab
