// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/protocol/request_share.h"

namespace lab {

namespace {

/// SplitMix64: neighbouring numbers become unlike ones.
std::uint64_t mixed(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
    value = (value ^ value >> 27) * 0x94d049bb133111eb;
    return value ^ value >> 31;
}

} // namespace

std::uint64_t RequestShare::hash(const Exchange& exchange, std::uint64_t salt) const {
    return mixed(mixed(m_seed + salt) ^ (std::uint64_t{exchange.connection} << 32 | exchange.number));
}

bool RequestShare::contains(const Exchange& exchange) const {
    constexpr double all = 18446744073709551616.0; // 2^64
    return exchange.path.starts_with(m_path) && static_cast<double>(hash(exchange, 0)) < m_share * all;
}

unsigned RequestShare::choose(const Exchange& exchange, unsigned count) const {
    return static_cast<unsigned>(hash(exchange, 1) % count);
}

} // namespace lab
