// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/challenge/fault_watch.h"

#include <cstdint>
#include <map>

namespace lab {

/// Recognises that every thread waits, none of those at the completion queue has been woken, and the queue is not
/// empty: what is in it stays there.
///
/// A push wakes the one that has waited longest at the queue; one that came to wait after the push is not woken by it.
class LostWakeUpWatch final : public FaultWatch {
public:
    std::unique_ptr<FaultWatch> clone() const override { return std::make_unique<LostWakeUpWatch>(*this); }
    void apply(const Event& event, std::size_t index) override;
    const std::optional<Fault>& fault() const override { return m_fault; }
    std::string key() const override;

private:
    enum class Doing : std::uint8_t { Running, Waiting, AtQueue, Woken };
    struct Thread {
        Doing doing = Doing::Running;
        std::size_t since = 0; ///< index of its last event
    };
    void wakeOne();
    void forgetWaking();
    void judge(std::size_t index);

    std::map<std::uint16_t, Thread> m_threads; ///< of the server, by actor
    std::int64_t m_depth = 0;
    std::size_t m_lastPush = 0;
    std::optional<Fault> m_fault;
};

} // namespace lab
