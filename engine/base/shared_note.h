// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace lab {

/// A short text that one process leaves for another in memory that both share. Holds no address.
///
/// Threads: one at a time writes, any read, and nobody waits for anybody, since either may be killed at any moment.
/// Owner: whoever made the memory.
class SharedNote {
public:
    static constexpr std::size_t longest = 512; ///< octets; what is behind them is cut off

    void write(std::string_view text) {
        const auto size = std::min(text.size(), longest);
        const auto version = m_version.load(std::memory_order_relaxed) | 1U; // odd already: its writer was killed
        m_version.store(version, std::memory_order_relaxed);
        // Whoever reads one of the new words sees the version above with it.
        m_size.store(static_cast<std::uint32_t>(size), std::memory_order_release);
        for (std::size_t at = 0; at < size; at += sizeof(Octets)) {
            Octets octets{};
            std::memcpy(octets.data(), text.data() + at, std::min(sizeof octets, size - at));
            m_words[at / sizeof octets].store(std::bit_cast<std::uint64_t>(octets), std::memory_order_release);
        }
        m_version.store(version + 1, std::memory_order_release);
    }

    /// Empty: nothing was written, or nothing whole.
    std::string read() const {
        constexpr int mostTries = 100;
        for (int attempt = 0; attempt < mostTries; ++attempt) {
            const auto version = m_version.load(std::memory_order_acquire);
            if (version == 0) {
                break;
            }
            std::string text(std::min<std::size_t>(m_size.load(std::memory_order_acquire), longest), '\0');
            for (std::size_t at = 0; at < text.size(); at += sizeof(Octets)) {
                const auto octets = std::bit_cast<Octets>(m_words[at / sizeof(Octets)].load(std::memory_order_acquire));
                std::memcpy(text.data() + at, octets.data(), std::min(sizeof octets, text.size() - at));
            }
            if (version % 2 == 0 && m_version.load(std::memory_order_relaxed) == version) {
                return text;
            }
        }
        return {};
    }

private:
    using Octets = std::array<char, sizeof(std::uint64_t)>;
    std::atomic<std::uint32_t> m_version{0}; ///< odd: it is being written
    std::atomic<std::uint32_t> m_size{0};    ///< octets
    std::array<std::atomic<std::uint64_t>, longest / sizeof(Octets)> m_words{};
};

} // namespace lab
