// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/narration.h"
#include "engine/trace/recording.h"

#include <QString>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace lab {

/// A run that is laid beside another one.
struct ComparedRun {
    QString name; ///< "A"
    std::shared_ptr<Recording> recording;
};

/// The pattern events of two runs, one beside the other in their order, and where they first differ.
///
/// Threads: compare() by one, for it walks through both recordings; then the rest by one.
class RunComparison {
public:
    /// What stands in one row of one run.
    struct Entry {
        std::size_t index = 0; ///< of the event in its recording
        Event event{};
        std::string thread;
    };

    RunComparison(ComparedRun one, ComparedRun other);

    void compare();

    std::size_t rows() const;
    std::size_t rows(std::size_t side) const { return m_events[side].size(); }
    /// Nothing beyond the shorter run's end. `side`: 0 or 1.
    std::optional<Entry> entry(std::size_t side, std::size_t row) const;
    std::optional<std::size_t> firstDifference() const { return m_difference; } ///< a row
    const QString& sentence() const { return m_sentence; }                      ///< about the difference

    const ComparedRun& run(std::size_t side) const { return m_runs[side]; }
    const Glossary& glossary(std::size_t side) const { return m_glossaries[side]; }

private:
    /// One pattern event: 12 octets, for there may be millions.
    struct Place {
        std::uint32_t index;
        NameId thread;
    };
    void list(std::size_t side);

    std::array<ComparedRun, 2> m_runs;
    std::array<RecordingView, 2> m_views;
    std::array<Glossary, 2> m_glossaries;
    std::array<std::vector<Place>, 2> m_events;
    std::optional<std::size_t> m_difference;
    QString m_sentence;
};

} // namespace lab
