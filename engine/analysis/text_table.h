// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// A table for people: columns as wide as their longest cell, texts at the left, numbers at the right.
///
/// A value. Threads: one at a time.
class TextTable {
public:
    enum class Align : std::uint8_t { Left, Right };

    void addColumn(std::string heading, Align align = Align::Right);
    /// One cell a column; missing ones stay empty.
    void addRow(std::vector<std::string> cells);

    void print(std::ostream& out) const;

private:
    struct Column {
        std::string heading;
        Align align;
    };
    std::size_t widthOf(std::size_t column) const;
    void printRow(std::ostream& out, const std::vector<std::string>& cells) const;

    std::vector<Column> m_columns;
    std::vector<std::vector<std::string>> m_rows;
};

/// 1234567 as "1,234,567".
std::string withSeparators(std::uint64_t number);
std::string withSeparators(std::int64_t number);

/// `number` with so many digits behind the point: 3.14159, 2 as "3.14".
std::string withDecimals(double number, int decimals);

/// A number as short as it can be told: 20000, 0.05.
std::string plainNumber(double number);

} // namespace lab
