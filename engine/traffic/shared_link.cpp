// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/shared_link.h"

#include <algorithm>

namespace lab {

namespace {

constexpr std::int64_t second = 1'000'000'000;
/// The depth of the bucket, as time: so late a client may come for its piece without the line losing speed.
constexpr std::int64_t lateness = 10'000'000;
constexpr std::int64_t piecesPerSecond = 1'000;
constexpr std::int64_t smallestPiece = 1'460;
constexpr std::int64_t largestPiece = 64 * 1024;

} // namespace

SharedLink::Passage SharedLink::pass(std::size_t waiting, std::int64_t now) {
    const auto piece = std::clamp(m_octetsPerSecond / piecesPerSecond, smallestPiece, largestPiece);
    const auto octets = std::min(static_cast<std::int64_t>(waiting), piece);
    m_freeFrom = std::max(m_freeFrom, now - lateness) + octets * second / m_octetsPerSecond;
    return {static_cast<std::size_t>(octets), m_freeFrom};
}

int SharedLink::receiveBuffer(std::int64_t octetsPerSecond) {
    constexpr std::int64_t least = 4'096;
    constexpr std::int64_t most = 65'536;
    return static_cast<int>(std::clamp(octetsPerSecond / 100, least, most));
}

} // namespace lab
