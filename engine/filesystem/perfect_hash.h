// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// A hash function without collisions over a set of keys that is known beforehand: each key has a place of its own.
///
/// Role: under the Tilde Expander (P section 2). Decides: places, by hash and displace (Belazzougui, Botelho,
/// Dietzfelbinger, "Hash, displace, and compress", 2009): a first hash puts keys into small buckets; bucket by bucket,
/// the largest first, a displacement is sought with which the second hash sends all its keys to places that are free.
/// A look-up is one hash over the text and one displacement, whatever the number of keys; building takes time linear in
/// it. Threads: any; never changes once built. Owner: whoever built it.
class PerfectHash {
public:
    PerfectHash() = default;

    /// `keys` differ from each other.
    explicit PerfectHash(std::span<const std::string> keys);

    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    /// The index of the one key that `text` may be, or none. Whether it is that key only a comparison tells: a text
    /// that is no key lands somewhere too.
    std::size_t candidate(std::string_view text) const;

    std::size_t places() const { return m_keys.size(); }

private:
    struct Hashes;
    static Hashes hash(std::string_view text, std::uint64_t seed);
    static std::size_t place(const Hashes& hashes, std::uint32_t displacement, std::size_t places);
    bool tryBuild(std::span<const std::string> keys);
    bool displace(const std::vector<Hashes>& bucket, std::vector<bool>& taken, std::uint32_t& displacement) const;

    static constexpr std::uint32_t nobody = static_cast<std::uint32_t>(-1);

    std::uint64_t m_seed = 0;
    std::vector<std::uint32_t> m_displacements; ///< one a bucket
    std::vector<std::uint32_t> m_keys;          ///< at each place: which key, or nobody
};

} // namespace lab
