// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/lesson/lesson.h"
#include "engine/stepping/stepper.h"
#include "engine/trace/recording.h"

#include <memory>
#include <string>

namespace lab {

/// Where a lesson's runs take place: the window's session, or a bench of a command's own.
///
/// Threads: one at a time. Owner: whoever goes through the lesson.
class LessonBench {
public:
    virtual ~LessonBench() = default;

    /// Ends the present run and begins this one, held before its first turn. May return before that is done.
    virtual void start(const LessonSetup& setup) = 0;

    /// start() is not done yet.
    virtual bool isStarting() const = 0;
    /// Why the last start() did not succeed; empty: it did.
    virtual std::string failure() const = 0;

    /// Of the run under way; null where there is none.
    virtual std::shared_ptr<Recording> recording() const = 0;
    /// Steers the run that recording() is of; null where it can no longer be steered.
    virtual Stepper* stepper() const = 0;
    /// Returns when all that has happened so far is in the recording.
    virtual void flush() = 0;
};

} // namespace lab
