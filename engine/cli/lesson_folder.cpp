// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/lesson_folder.h"

#include "engine/analysis/suggestion.h"
#include "engine/cli/scenario_folder.h"
#include "engine/lesson/lesson_words.h"

#include <cstdlib>
#include <filesystem>
#include <vector>

namespace lab {

namespace fs = std::filesystem;

namespace {

/// "6" for "06-a-get-through-the-proactor".
bool isNumberOf(const std::string& name, const std::string& id) {
    const auto number = wholeNumber(name);
    return number && wholeNumber(std::string_view(id).substr(0, id.find('-'))) == number;
}

} // namespace

std::string lessonFolder() {
    const char* given = std::getenv("PROACTOR_LAB_LESSONS");
    return given != nullptr && *given != '\0' ? given : LAB_SOURCE_DIR "/lessons";
}

Result<Lesson> findLesson(const std::string& name) {
    std::error_code failure;
    if (fs::exists(name, failure)) {
        return checkLesson(name);
    }
    std::vector<std::string> ids;
    std::string list;
    for (const auto& file : lessonFiles(lessonFolder())) {
        const auto& id = ids.emplace_back(fs::path(file).stem().string());
        if (id == name || isNumberOf(name, id)) {
            return checkLesson(file);
        }
        list += (list.empty() ? "" : ", ") + id;
    }
    const std::vector<std::string_view> known(ids.begin(), ids.end());
    return Error{"there is no lesson \"" + name + "\"" + suggestion(name, known) +
                 (list.empty() ? " (and none in " + lessonFolder() + ")" : " (lessons: " + list + ")")};
}

Result<Lesson> checkLesson(const std::string& file) {
    auto lesson = readLesson(file);
    if (!lesson) {
        return lesson;
    }
    for (const auto& page : lesson->pages) {
        if (page.setup) {
            if (const auto scenario = findScenario(page.setup->scenario); !scenario) {
                return Error{file + ":" + std::to_string(page.setup->line) + ": scenario: " + scenario.error().message};
            }
        }
    }
    return lesson;
}

} // namespace lab
