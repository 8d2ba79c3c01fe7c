// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

namespace lab {

/// What std::map is to the fold, in one piece of memory: entries by id, iterated in id order.
///
/// Ids mostly grow, so most insertions are at the end. An erased entry stays in place, unseen, until half of all
/// are such: erasing costs the same with ten and with ten thousand entries, and copying is one memory copy. Where an
/// entry stands is noted by the last digits of its id; only ids that share them have to be searched for.
/// Equal contents compare equal, however they were reached. References hold until the next insertion or erasure.
template <typename Id, typename Value>
class IdMap {
    struct Entry {
        std::pair<Id, Value> item;
        bool kept;
    };
    using Entries = std::vector<Entry>;

public:
    using key_type = Id;
    using mapped_type = Value;
    using value_type = std::pair<Id, Value>;

    template <bool isConst>
    class Iterator {
        using Place = std::conditional_t<isConst, const Entry*, Entry*>;

    public:
        using iterator_category = std::bidirectional_iterator_tag;
        using value_type = std::pair<Id, Value>;
        using difference_type = std::ptrdiff_t;
        using reference = std::conditional_t<isConst, const value_type&, value_type&>;
        using pointer = std::conditional_t<isConst, const value_type*, value_type*>;

        Iterator() = default;
        Iterator(Place place, Place end)
            : m_place(place)
            , m_end(end) {
            skip();
        }
        operator Iterator<true>() const { return {m_place, m_end}; }

        reference operator*() const { return m_place->item; }
        pointer operator->() const { return &m_place->item; }
        Iterator& operator++() {
            ++m_place;
            skip();
            return *this;
        }
        Iterator operator++(int) { return std::exchange(*this, std::next(*this)); }
        Iterator& operator--() {
            do {
                --m_place;
            } while (!m_place->kept);
            return *this;
        }
        Iterator operator--(int) { return std::exchange(*this, std::prev(*this)); }
        friend bool operator==(const Iterator& a, const Iterator& b) { return a.m_place == b.m_place; }

    private:
        friend class IdMap;
        void skip() {
            while (m_place != m_end && !m_place->kept) {
                ++m_place;
            }
        }
        Place m_place = nullptr;
        Place m_end = nullptr;
    };
    using iterator = Iterator<false>;
    using const_iterator = Iterator<true>;

    iterator begin() { return {m_entries.data(), last()}; }
    iterator end() { return {last(), last()}; }
    const_iterator begin() const { return {m_entries.data(), last()}; }
    const_iterator end() const { return {last(), last()}; }
    auto rbegin() const { return std::reverse_iterator<const_iterator>(end()); }
    auto rend() const { return std::reverse_iterator<const_iterator>(begin()); }

    std::size_t size() const { return m_entries.size() - m_erased; }
    bool empty() const { return size() == 0; }
    /// Octets that the entries take, the erased included.
    std::size_t octets() const {
        return m_entries.capacity() * sizeof(Entry) + m_places.size() * sizeof(std::uint32_t);
    }

    iterator find(Id id) { return {const_cast<Entry*>(std::as_const(*this).search(id)), last()}; }
    const_iterator find(Id id) const { return {search(id), last()}; }
    bool contains(Id id) const { return search(id) != last(); }
    std::size_t count(Id id) const { return contains(id) ? 1 : 0; }
    /// The first entry whose id is not less than `id`.
    const_iterator lower_bound(Id id) const { return {place(id), last()}; }
    const_iterator upper_bound(Id id) const {
        const auto found = lower_bound(id);
        return found != end() && found->first == id ? std::next(found) : found;
    }

    /// Null where there is none.
    Value* get(Id id) {
        auto* entry = const_cast<Entry*>(std::as_const(*this).search(id));
        return entry != last() ? &entry->item.second : nullptr;
    }
    const Value* get(Id id) const {
        const auto* entry = search(id);
        return entry != last() ? &entry->item.second : nullptr;
    }
    /// `id` must be there.
    const Value& at(Id id) const { return *get(id); }

    Value& operator[](Id id);
    bool erase(Id id);
    /// Takes out what was erased: for a copy that is kept.
    void compact();
    void clear() {
        m_entries.clear();
        m_places.clear();
        m_erased = 0;
    }

    friend bool operator==(const IdMap& a, const IdMap& b) {
        return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
    }

private:
    Entry* last() { return m_entries.data() + m_entries.size(); }
    const Entry* last() const { return m_entries.data() + m_entries.size(); }
    const Entry* place(Id id) const;
    const Entry* search(Id id) const {
        if (m_entries.empty()) {
            return last();
        }
        if (const auto noted = m_places[id & (m_places.size() - 1)]; noted < m_entries.size()) {
            if (const auto& entry = m_entries[noted]; entry.item.first == id) {
                return entry.kept ? &entry : last();
            }
        }
        const auto* entry = place(id);
        return entry != last() && entry->item.first == id && entry->kept ? entry : last();
    }
    Value& append(Id id);
    void note(std::size_t index) {
        m_places[m_entries[index].item.first & (m_places.size() - 1)] = static_cast<std::uint32_t>(index);
    }
    void noteAll();

    Entries m_entries;
    std::vector<std::uint32_t> m_places; ///< by the last digits of the id: where it may stand; a power of two
    std::size_t m_erased = 0;
};

template <typename Id, typename Value>
auto IdMap<Id, Value>::place(Id id) const -> const Entry* {
    // Without a branch on the comparison: ids come in no order that a processor could guess.
    const auto* from = m_entries.data();
    std::size_t count = m_entries.size();
    while (count > 0) {
        const auto half = count / 2;
        from = from[half].item.first < id ? from + (count - half) : from;
        count = half;
    }
    return from;
}

template <typename Id, typename Value>
void IdMap<Id, Value>::noteAll() {
    m_places.assign(std::bit_ceil(std::max<std::size_t>(16, m_entries.size() * 2)), 0);
    for (std::size_t index = 0; index < m_entries.size(); ++index) {
        note(index);
    }
}

template <typename Id, typename Value>
Value& IdMap<Id, Value>::append(Id id) {
    m_entries.push_back({{id, Value{}}, true});
    if (m_entries.size() > m_places.size()) {
        noteAll();
    } else {
        note(m_entries.size() - 1);
    }
    return m_entries.back().item.second;
}

template <typename Id, typename Value>
Value& IdMap<Id, Value>::operator[](Id id) {
    if (m_entries.empty() || m_entries.back().item.first < id) {
        return append(id);
    }
    auto index = static_cast<std::size_t>(place(id) - m_entries.data());
    auto& entry = m_entries[index];
    if (entry.item.first == id && entry.kept) {
        return entry.item.second;
    }
    if (!entry.kept) {
        // An erased neighbour gives its place: short-lived threads take and leave ids in the middle.
        entry = {{id, Value{}}, true};
        --m_erased;
        note(index);
        return entry.item.second;
    }
    m_entries.insert(m_entries.begin() + static_cast<std::ptrdiff_t>(index), {{id, Value{}}, true});
    noteAll();
    return m_entries[index].item.second;
}

template <typename Id, typename Value>
bool IdMap<Id, Value>::erase(Id id) {
    auto* entry = const_cast<Entry*>(search(id));
    if (entry == last()) {
        return false;
    }
    entry->kept = false;
    ++m_erased;
    while (!m_entries.empty() && !m_entries.back().kept) {
        m_entries.pop_back();
        --m_erased;
    }
    if (m_erased > 16 && m_erased > m_entries.size() / 2) {
        compact();
    }
    return true;
}

template <typename Id, typename Value>
void IdMap<Id, Value>::compact() {
    std::erase_if(m_entries, [](const Entry& each) { return !each.kept; });
    m_erased = 0;
    noteAll();
}

} // namespace lab
