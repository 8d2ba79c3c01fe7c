// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/solitary_bench.h"

#include <chrono>

namespace lab {

namespace {

/// A look in between, so that a lesson's own patience counts.
constexpr std::chrono::milliseconds betweenLooks{200};

} // namespace

void SolitaryBench::start(const LessonSetup& setup) {
    m_run.reset();
    m_failure.clear();
    auto scenario = m_findScenario(setup.scenario);
    if (!scenario) {
        m_failure = scenario.error().message;
        return;
    }
    LabRun::Options options;
    setup.apply(*scenario, options.server);
    scenario->seed = setup.seed.value_or(scenario->seed);
    options.scenario = std::move(*scenario);
    options.repeat = true;
    options.startHeld = true;
    options.serialised = true;
    auto run = LabRun::start(std::move(options));
    if (run) {
        m_run = std::move(*run);
    } else {
        m_failure = run.error().message;
    }
}

Stepper* SolitaryBench::stepper() const { return m_run ? m_run->stepper() : nullptr; }

void SolitaryBench::flush() {
    if (m_run) {
        m_run->stepper()->waitUntilHeld(std::chrono::milliseconds(0));
    }
}

void SolitaryBench::wait() {
    if (m_run) {
        m_run->stepper()->waitUntilHeld(betweenLooks);
    }
}

} // namespace lab
