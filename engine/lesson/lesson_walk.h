// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/lesson/lesson.h"
#include "engine/traffic/scenario.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lab {

using ScenarioFinder = std::function<Result<Scenario>(const std::string& id)>;

/// A question, answered by a run.
struct WalkedQuestion {
    std::string ask;
    std::optional<std::size_t> observed; ///< the event at which the answer is seen
    std::string answer;                  ///< what the measure gave
    std::string text;                    ///< of the right choice; without choices the answer with its unit
    std::vector<LessonChoice> choices;
    std::string why; ///< with the answer in it
};

/// A page, gone through.
struct WalkedPage {
    std::string title;
    std::string model;               ///< of its run; empty before the first one
    std::optional<std::size_t> stop; ///< the event at which it stops
    std::string narration;           ///< of that event
    std::string step;                ///< "proactor-get 3", verified
    std::vector<WalkedQuestion> questions;
};

/// Goes through a lesson to its end without a window: every stop is reached, every question answered, every numbered
/// step verified. `page` is called with each page as it is done.
/// Error: names file and line, and says what did not come about.
Result<void> walkLesson(const Lesson& lesson, const ScenarioFinder& findScenario,
                        const std::function<void(const WalkedPage&)>& page);

/// The choice that stands for `answer`; null where there is none.
const LessonChoice* choiceFor(const std::string& answer, const std::vector<LessonChoice>& choices);

/// The question's explanation with the answer put in.
std::string explained(const LessonQuestion& question, const std::string& answer);

} // namespace lab
