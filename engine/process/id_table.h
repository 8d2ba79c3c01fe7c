// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace lab {

/// Texts that the lab has given numbers to, so that each process need not ask for what another has asked for already.
///
/// Role: sites and names of a server's processes. Threads: add() by one thread of the lab; find() by any thread of any
/// process, without a lock. Lies in shared memory: holds no address. What does not fit is asked for again each time.
class IdTable {
public:
    /// What a number stands for; the same text may be both.
    enum class Kind : char { Site = 's', Name = 'n' };

    /// 0: not here.
    std::uint32_t find(Kind kind, std::string_view text) const;
    void add(Kind kind, std::string_view text, std::uint32_t id);

private:
    static constexpr std::size_t longest = 246;
    struct Entry {
        std::atomic<std::uint32_t> id{0}; ///< 0: empty; else the rest never changes
        Kind kind{};
        std::uint8_t size = 0;
        std::array<char, longest> text{};
    };
    bool isEntry(const Entry& entry, Kind kind, std::string_view text) const;
    static std::size_t firstPlace(Kind kind, std::string_view text);

    std::array<Entry, 2048> m_entries{};
};

} // namespace lab
