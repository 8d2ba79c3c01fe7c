// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/stage_slots.h"

#include <algorithm>
#include <numeric>

namespace lab {

std::vector<std::size_t> slotsFor(std::span<const SlotWish> wishes, std::size_t slotCount) {
    std::vector<bool> taken(slotCount, false);
    std::vector<std::size_t> places;
    places.reserve(wishes.size());
    for (const auto& wish : wishes) {
        auto slot = wish.wish % slotCount;
        while (taken[slot]) {
            slot = (slot + 1) % slotCount;
        }
        taken[slot] = true;
        places.push_back(slot);
    }
    return places;
}

std::vector<double> spread(std::span<const double> centres, double width, double gap, double low, double high) {
    const auto count = centres.size();
    std::vector<double> places(count);
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return centres[a] < centres[b]; });
    const double pitch = width + gap;
    const double first = low + width / 2;
    const double last = high - width / 2;
    if (count > 0 && static_cast<double>(count - 1) * pitch > last - first) {
        for (std::size_t i = 0; i < count; ++i) {
            places[order[i]] = count == 1
                                   ? (first + last) / 2
                                   : first + (last - first) * static_cast<double>(i) / static_cast<double>(count - 1);
        }
        return places;
    }
    double free = first;
    for (const auto index : order) {
        places[index] = std::max(centres[index], free);
        free = places[index] + pitch;
    }
    free = last;
    for (auto index = order.rbegin(); index != order.rend(); ++index) {
        places[*index] = std::min(places[*index], free);
        free = places[*index] - pitch;
    }
    return places;
}

} // namespace lab
