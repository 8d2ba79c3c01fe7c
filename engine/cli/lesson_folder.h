// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/lesson/lesson.h"

#include <string>

namespace lab {

/// Where the lessons are: the environment's PROACTOR_LAB_LESSONS, or the source tree's folder.
std::string lessonFolder();

/// `name` is a file, or the id of a lesson in lessonFolder(); a number is enough.
/// Error: neither, with the ids that there are; or the file's own.
Result<Lesson> findLesson(const std::string& name);

/// As readLesson(), and each scenario that it names is there and can be read. Errors name file and line.
Result<Lesson> checkLesson(const std::string& file);

} // namespace lab
