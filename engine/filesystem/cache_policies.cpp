// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/cache_policy.h"

#include <algorithm>
#include <array>

namespace lab {

namespace {

std::string_view wholePath(std::string_view path) { return path; }

constexpr std::array policies{
    CachePolicyDescription{CacheKind::Lru, makeLeastRecentlyUsed, wholePath},
    CachePolicyDescription{CacheKind::Lfu, makeLeastFrequentlyUsed, wholePath},
    CachePolicyDescription{CacheKind::Hinted, makeHinted, wholePath},
    CachePolicyDescription{CacheKind::Structured, makeStructured, directoryOf},
    CachePolicyDescription{CacheKind::None, nullptr, wholePath},
};

} // namespace

const CachePolicyDescription& cachePolicy(CacheKind kind) {
    return *std::find_if(policies.begin(), policies.end(), [kind](const auto& policy) { return policy.kind == kind; });
}

} // namespace lab
