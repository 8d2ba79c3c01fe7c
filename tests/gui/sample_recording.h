// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"
#include "engine/state/narration.h"
#include "engine/trace/recording.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace lab::test {

/// What an event says beside its type.
struct Detail {
    std::uint32_t connection = 0;
    std::uint32_t operation = 0;
    std::uint8_t kind = 0;
    std::int64_t value = 0;
};

/// Writes down what a server of some family would have recorded, event by event.
class SampleRecording {
public:
    explicit SampleRecording(RunInfo info);

    /// An event of `actor`, `after` ns later than the one before.
    void add(std::uint16_t actor, EventType type, const Detail& detail = {}, std::uint64_t after = 2000);
    NameId name(const std::string& text) { return m_recording->intern(text); }

    void startThread(std::uint16_t actor, const std::string& name);
    void enter(std::uint16_t actor, SystemCall call, std::uint32_t connection = 0);
    void leave(std::uint16_t actor, SystemCall call, std::uint32_t connection = 0, std::int64_t result = 1);
    void perform(std::uint16_t actor, SystemCall call, std::uint32_t connection, std::int64_t result);
    void clientAsks(std::uint32_t client, const std::string& path, bool connects = true);
    void accept(std::uint16_t actor, std::uint32_t connection, std::uint32_t client);
    void initiate(std::uint16_t actor, Operation kind, std::uint32_t connection, std::uint32_t operation);
    void complete(std::uint16_t actor, Operation kind, std::uint32_t connection, std::uint32_t operation,
                  std::int64_t depth);
    void dispatch(std::uint16_t actor, Hook hook, std::uint32_t connection, std::uint32_t operation,
                  std::int64_t depth);

    std::shared_ptr<Recording> recording() const { return m_recording; }
    std::size_t size() const { return m_recording->end(); }
    LabState stateAt(std::size_t events) const;
    LabState state() const { return stateAt(size()); }

private:
    std::shared_ptr<Recording> m_recording;
    std::uint64_t m_time = 0;
};

SampleRecording threadPoolSample();
SampleRecording reactorSample();
SampleRecording proactorSample();
/// A dispatcher and a pool of four: one of its threads performs the transmit 301 of connection 8, the one of 9, 302, waits.
SampleRecording adaptiveSample();
/// The same families with `connections` kept open at once.
SampleRecording threadPerRequestCrowd(std::uint32_t connections);
SampleRecording reactorCrowd(std::uint32_t connections);
SampleRecording proactorCrowd(std::uint32_t connections);

} // namespace lab::test
