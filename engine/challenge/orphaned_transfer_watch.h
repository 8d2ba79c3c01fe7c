// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/challenge/fault_watch.h"

#include <cstdint>
#include <vector>

namespace lab {

/// Recognises that octets are moved for an operation whose connection was closed while it was outstanding: its buffer
/// belonged to the connection's handler, which is gone.
class OrphanedTransferWatch final : public FaultWatch {
public:
    std::unique_ptr<FaultWatch> clone() const override { return std::make_unique<OrphanedTransferWatch>(*this); }
    void apply(const Event& event, std::size_t index) override;
    const std::optional<Fault>& fault() const override { return m_fault; }
    std::string key() const override;

private:
    struct Outstanding {
        std::uint32_t operation = 0;
        std::uint32_t connection = 0;
        std::optional<std::size_t> closed; ///< index of the event that closed its connection
    };
    void moved(const Event& event, std::size_t index);

    std::vector<Outstanding> m_outstanding;
    std::optional<Fault> m_fault;
};

} // namespace lab
