// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/perfect_hash.h"

#include <algorithm>

namespace lab {

namespace {

constexpr std::size_t keysPerBucket = 4;
constexpr std::uint32_t mostDisplacements = 1U << 20;

/// The finaliser of MurmurHash3: every bit of the input changes half of the output's.
constexpr std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ value >> 33) * 0xff51afd7ed558ccd;
    value = (value ^ value >> 33) * 0xc4ceb9fe1a85ec53;
    return value ^ value >> 33;
}

/// Below `bound`, evenly, without a division.
std::size_t reduced(std::uint64_t value, std::size_t bound) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::size_t>(Wide{value} * bound >> 64);
}

} // namespace

struct PerfectHash::Hashes {
    std::uint64_t first = 0;  ///< chooses the bucket
    std::uint64_t second = 0; ///< with the bucket's displacement, the place
    std::uint32_t key = nobody;
};

PerfectHash::PerfectHash(std::span<const std::string> keys) {
    if (keys.empty()) {
        return;
    }
    // A fifth of the places stays free, so that the last buckets find room soon.
    m_keys.resize(keys.size() + keys.size() / 4 + 1);
    m_displacements.resize((keys.size() + keysPerBucket - 1) / keysPerBucket);
    while (!tryBuild(keys)) {
        ++m_seed; // two keys with the same hashes, or a bucket that fits nowhere: once in a very long while
    }
}

PerfectHash::Hashes PerfectHash::hash(std::string_view text, std::uint64_t seed) {
    std::uint64_t sum = 0xcbf29ce484222325 ^ mixed(seed); // FNV-1a
    for (const char character : text) {
        sum = (sum ^ static_cast<unsigned char>(character)) * 0x100000001b3;
    }
    const auto first = mixed(sum);
    return {first, mixed(first + 0x9e3779b97f4a7c15)};
}

std::size_t PerfectHash::place(const Hashes& hashes, std::uint32_t displacement, std::size_t places) {
    return reduced(mixed(hashes.second + displacement * 0x9e3779b97f4a7c15), places);
}

bool PerfectHash::tryBuild(std::span<const std::string> keys) {
    std::vector<std::vector<Hashes>> buckets(m_displacements.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        auto hashes = hash(keys[i], m_seed);
        hashes.key = static_cast<std::uint32_t>(i);
        buckets[reduced(hashes.first, buckets.size())].push_back(hashes);
    }
    std::vector<std::uint32_t> order(buckets.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = static_cast<std::uint32_t>(i);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](auto left, auto right) { return buckets[left].size() > buckets[right].size(); });
    std::fill(m_keys.begin(), m_keys.end(), nobody);
    std::vector<bool> taken(m_keys.size());
    for (const auto number : order) {
        const auto& bucket = buckets[number];
        if (!displace(bucket, taken, m_displacements[number])) {
            return false;
        }
        for (const auto& one : bucket) {
            m_keys[place(one, m_displacements[number], m_keys.size())] = one.key;
        }
    }
    return true;
}

/// Finds a displacement with which all keys of `bucket` come to places of their own, and takes those.
bool PerfectHash::displace(const std::vector<Hashes>& bucket, std::vector<bool>& taken,
                           std::uint32_t& displacement) const {
    std::vector<std::size_t> found;
    for (displacement = 0; displacement < mostDisplacements; ++displacement) {
        found.clear();
        for (const auto& one : bucket) {
            const auto at = place(one, displacement, taken.size());
            if (taken[at]) {
                break;
            }
            taken[at] = true;
            found.push_back(at);
        }
        if (found.size() == bucket.size()) {
            return true;
        }
        for (const auto at : found) {
            taken[at] = false;
        }
    }
    return false;
}

std::size_t PerfectHash::candidate(std::string_view text) const {
    if (m_keys.empty()) {
        return none;
    }
    const auto hashes = hash(text, m_seed);
    const auto displacement = m_displacements[reduced(hashes.first, m_displacements.size())];
    const auto key = m_keys[place(hashes, displacement, m_keys.size())];
    return key == nobody ? none : key;
}

} // namespace lab
