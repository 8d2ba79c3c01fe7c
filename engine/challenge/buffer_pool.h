// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lab {

/// Buffers that are lent and given back, each loan with a number, so that a use after the end of its loan can be told.
///
/// Role: in a challenge, what memory is in a real server: a stale loan is a value that says so, not undefined
/// behaviour. The one given back last is lent first, as by an allocator. Threads: one at a time. Owner: a model.
class BufferPool {
public:
    static constexpr std::size_t size = 2;

    struct Loan {
        std::size_t place = 0;
        std::uint32_t number = 0; ///< of the loans of this place
    };

    /// Somebody must have given one back: there are `size` of them.
    Loan lend(std::uint32_t connection);
    /// Ends a loan; what stands in the buffer is overwritten.
    void giveBack(const Loan& loan);

    bool isCurrent(const Loan& loan) const { return m_places[loan.place].number == loan.number; }
    /// Who has the buffer of that loan now; 0: nobody.
    std::uint32_t owner(const Loan& loan) const { return m_places[loan.place].connection; }

    void fill(const Loan& loan, std::string text) { m_places[loan.place].text = std::move(text); }
    /// What stands in that place now, whoever wrote it.
    const std::string& contents(const Loan& loan) const { return m_places[loan.place].text; }

    std::string key() const;

private:
    struct Place {
        std::uint32_t number = 0;
        std::uint32_t connection = 0;
        std::string text;
    };
    std::array<Place, size> m_places;
    std::vector<std::size_t> m_free{1, 0}; ///< the last one is lent first
};

} // namespace lab
