// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/suggestion.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace lab {

namespace {

bool sameLetter(char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

/// How many letters must be put in, taken out or changed to make `b` of `a` (Levenshtein); case does not count.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto changed = diagonal + (sameLetter(a[i - 1], b[j - 1]) ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

} // namespace

std::string suggestion(std::string_view given, std::span<const std::string_view> known) {
    std::string_view best;
    std::size_t least = std::max<std::size_t>(2, given.size() / 3) + 1;
    for (const auto candidate : known) {
        if (const auto apart = distance(given, candidate); apart < least && apart < candidate.size()) {
            least = apart;
            best = candidate;
        }
    }
    return best.empty() ? std::string() : "; did you mean \"" + std::string(best) + "\"?";
}

} // namespace lab
