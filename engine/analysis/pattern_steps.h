// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"
#include "engine/trace/recording.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace lab {

/// A numbered sequence of steps, as a source document gives it.
struct StepSequence {
    std::string_view id;     ///< "proactor-get"
    std::string_view title;  ///< "A client sends a GET"
    std::string_view source; ///< "Hu, Pyarali, Schmidt, section 3.2, figure 4"
    std::vector<std::string_view> steps;
};

/// One time that a sequence happened, or has begun to happen.
struct RecognisedSequence {
    /// For a step that no event tells of: what a client from outside does before the server notices.
    static constexpr std::size_t unseen = ~std::size_t{0};

    const StepSequence* sequence = nullptr;
    std::uint32_t connection = 0;    ///< the server's; 0: of the acceptor
    std::uint32_t operation = 0;     ///< of the one that it began with; 0: none
    std::vector<std::size_t> events; ///< by step: index of the event, from step 1 on; as many as have happened

    bool complete() const { return events.size() == sequence->steps.size(); }
};

/// All sequences that can be recognised, in the order of the documents.
std::span<const StepSequence> stepSequences();

/// Recognises the papers' numbered steps in a stream of events, from the events alone.
///
/// A sequence is recognised only when its steps happen in their order; one whose order is broken is dropped.
/// Threads: one at a time. Owner: whoever reads the recording.
class StepRecogniser {
public:
    /// `found` is called for each sequence when its last step has happened.
    explicit StepRecogniser(std::function<void(const RecognisedSequence&)> found);
    ~StepRecogniser();
    StepRecogniser(const StepRecogniser&) = delete;
    StepRecogniser& operator=(const StepRecogniser&) = delete;

    void apply(const Event& event, std::size_t index);

    /// Those that have begun and not ended, oldest first.
    std::vector<RecognisedSequence> underWay() const;

    /// Follows one sequence kind; made known to the recogniser in pattern_steps.cpp, one file a family.
    class Follower;

private:
    std::function<void(const RecognisedSequence&)> m_found;
    std::vector<std::unique_ptr<Follower>> m_followers;
};

/// All complete sequences in `view`; only of `connection` where it is not 0.
std::vector<RecognisedSequence> recogniseSteps(const RecordingView& view, std::uint32_t connection = 0);

} // namespace lab
