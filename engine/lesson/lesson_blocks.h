// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/lesson/lesson.h"
#include "engine/lesson/lesson_block.h"

namespace lab {

/// Puts what a ```lab block says into the page. Errors name file and line.
Result<void> readLabBlock(const LessonBlock& block, LessonPage& page);

/// Reads a ```question block. Errors name file and line.
Result<LessonQuestion> readQuestionBlock(const LessonBlock& block);

} // namespace lab
