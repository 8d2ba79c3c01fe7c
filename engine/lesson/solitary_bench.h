// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/lesson/lesson_bench.h"
#include "engine/lesson/lesson_walk.h"
#include "engine/run/lab_run.h"

#include <memory>
#include <string>

namespace lab {

/// A bench without a window: runs of its own, one after another.
///
/// Threads: one. Owner: a command or a test.
class SolitaryBench final : public LessonBench {
public:
    explicit SolitaryBench(ScenarioFinder findScenario)
        : m_findScenario(std::move(findScenario)) {}

    void start(const LessonSetup& setup) override;
    bool isStarting() const override { return false; }
    std::string failure() const override { return m_failure; }
    std::shared_ptr<Recording> recording() const override { return m_run ? m_run->recording() : nullptr; }
    Stepper* stepper() const override;
    void flush() override;

    /// Until the step that is under way is done, but not for long.
    void wait();

private:
    ScenarioFinder m_findScenario;
    std::unique_ptr<LabRun> m_run;
    std::string m_failure;
};

} // namespace lab
