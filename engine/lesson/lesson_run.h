// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/lesson/lesson.h"
#include "engine/lesson/lesson_bench.h"
#include "engine/lesson/stop_search.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lab {

/// Goes through a lesson: begins its runs, drives them to the stops, finds the answers in them.
///
/// Role: the one that knows where a lesson is. Decides: what has to happen so that a page's stop is reached: nothing,
/// when it was recorded already; a run and all stops before it, when there is none.
/// Threads: one at a time. Owner: the lesson panel or a command; borrows the bench. Never blocks for the run: poll()
/// it, once a frame.
class LessonRun {
public:
    enum class Phase : std::uint8_t {
        There,    ///< the page's stop is reached, or it has none
        Starting, ///< its run begins
        Driving,  ///< the run is on the way to the stop
        Failed,   ///< see trouble()
    };

    LessonRun(Lesson lesson, LessonBench& bench);
    LessonRun(const LessonRun&) = delete;
    LessonRun& operator=(const LessonRun&) = delete;

    const Lesson& lesson() const { return m_lesson; }
    std::size_t page() const { return m_page; } ///< index

    /// Goes to a page, forward or back.
    void enter(std::size_t page);
    /// Drives on to where the answer of the page's question is seen.
    void observe(std::size_t question);
    /// Makes sure that the lesson's own run is there, and at its place: after somebody went away.
    void restore();

    void poll();
    Phase phase() const { return m_phase; }
    const std::string& trouble() const { return m_trouble; } ///< while Failed

    /// Index of the event that the lesson is at: the last stop reached; none before the first one.
    std::optional<std::size_t> place() const;
    /// That of the page's stop itself, without its questions'.
    std::optional<std::size_t> stopOf(std::size_t page) const;
    bool isObserved(std::size_t question) const; ///< of this page: where its answer is seen was reached
    bool needsRun() const { return m_goal != nowhere; }
    /// The bench shows the run that the page is about.
    bool hasItsRun() const;
    std::shared_ptr<const Recording> recording() const; ///< of the page's run; null before it was begun

    /// The value that is right, as the question's measure finds it. Error: not observed yet, or why it cannot be told.
    Result<Measured> answer(std::size_t page, std::size_t question) const;
    /// What one can choose from.
    std::vector<LessonChoice> choices(std::size_t page, std::size_t question) const;
    /// Whether the page's stop is the numbered step that it says it is, as far as its run has gone. Error: it is not.
    Result<void> verifyStep(std::size_t page) const;

    /// While driving; 0: as fast as it goes, which it does in any case when the way is long.
    void setPace(double eventsPerSecond) { m_pace = eventsPerSecond; }

    /// So long may a stop be on its way without an event happening.
    static constexpr std::chrono::seconds patience{15};
    /// So long may it be on its way while events happen. A lesson's stops are seconds apart; a run goes on for ever.
    static constexpr std::chrono::seconds longestWay{60};
    /// So long it is driven at the pace.
    static constexpr std::chrono::seconds leisure{3};

private:
    static constexpr std::size_t nowhere = ~std::size_t{0};

    /// A stop in the order in which it is reached: of a page, or of where a question is observed.
    struct Target {
        std::size_t page = 0;
        std::size_t question = nowhere;
        std::size_t run = 0; ///< index into m_runs
        const LessonStop* stop = nullptr;
        std::optional<std::size_t> reached{};
    };
    struct Run {
        const LessonSetup* setup = nullptr;
        std::shared_ptr<Recording> recording{};
    };

    void addTargets(std::size_t page);
    void goTo(std::size_t goal, std::size_t run);
    void begin(std::size_t run);
    void setOff();
    void driveOn();
    std::size_t searchFrom(std::size_t next) const;
    bool lookFor(Target& target);
    void step(const Target& target);
    void noticeProgress();
    void fail(std::string trouble);
    std::size_t lastTarget(std::size_t page, std::size_t question) const;
    std::size_t nextUnreached() const;
    Result<Measured> measured(const Measure& measure, std::size_t run, std::size_t from, std::size_t at) const;
    Result<Measured> across(const Measure& measure, std::size_t run) const;

    const Lesson m_lesson;
    LessonBench& m_bench;
    std::vector<Run> m_runs;
    std::vector<Target> m_targets;
    std::vector<std::size_t> m_runOfPage; ///< nowhere before the first run
    std::size_t m_page = 0;
    std::size_t m_goal = nowhere;          ///< index into m_targets; nowhere: no stop is wanted
    std::size_t m_run = nowhere;           ///< that the goal needs
    std::optional<std::size_t> m_searched; ///< the target that m_search is for
    std::optional<StopSearch> m_search;
    Phase m_phase = Phase::There;
    std::string m_trouble;
    double m_pace = 0;
    std::size_t m_lastEnd = 0;
    std::chrono::steady_clock::time_point m_lastProgress{};
    std::chrono::steady_clock::time_point m_drivingSince{};
    bool m_hurries = false; ///< the step under way
};

} // namespace lab
