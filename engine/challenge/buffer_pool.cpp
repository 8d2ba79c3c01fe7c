// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/challenge/buffer_pool.h"

namespace lab {

BufferPool::Loan BufferPool::lend(std::uint32_t connection) {
    const auto place = m_free.back();
    m_free.pop_back();
    m_places[place].connection = connection;
    return {place, m_places[place].number};
}

void BufferPool::giveBack(const Loan& loan) {
    auto& place = m_places[loan.place];
    ++place.number;
    place.connection = 0;
    place.text.assign(place.text.size(), '~');
    m_free.push_back(loan.place);
}

std::string BufferPool::key() const {
    std::string key;
    for (const auto& place : m_places) {
        key += std::to_string(place.number) + ' ' + std::to_string(place.connection) + ' ' + place.text + '|';
    }
    for (const auto place : m_free) {
        key += std::to_string(place) + ' ';
    }
    return key;
}

} // namespace lab
