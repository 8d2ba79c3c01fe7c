// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lab {

/// Who wants to stand where. Those who come first choose first.
struct SlotWish {
    std::uint32_t id = 0;   ///< for the caller
    std::uint32_t wish = 0; ///< taken modulo the number of slots
};

/// A slot for each wish, in their order: the one wished for, or the next free one. The same wishes give the same
/// slots; who comes later never moves who came earlier. There must be at least as many slots as wishes.
std::vector<std::size_t> slotsFor(std::span<const SlotWish> wishes, std::size_t slotCount);

/// Moves `centres` as little as needed so that things of the given `width` do not overlap and stay in [low, high].
/// Keeps their order, that is of equal centres the earlier one stays left. Too many: evenly spaced, overlapping.
std::vector<double> spread(std::span<const double> centres, double width, double gap, double low, double high);

} // namespace lab
