// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/text_table.h"

#include <algorithm>
#include <cstdio>
#include <ostream>

namespace lab {

namespace {

/// Letters, not octets: continuation octets of UTF-8 take no room of their own.
std::size_t letters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char octet) { return (octet & 0xc0) != 0x80; }));
}

} // namespace

void TextTable::addColumn(std::string heading, Align align) { m_columns.push_back({std::move(heading), align}); }

void TextTable::addRow(std::vector<std::string> cells) {
    cells.resize(m_columns.size());
    m_rows.push_back(std::move(cells));
}

std::size_t TextTable::widthOf(std::size_t column) const {
    auto width = letters(m_columns[column].heading);
    for (const auto& row : m_rows) {
        width = std::max(width, letters(row[column]));
    }
    return width;
}

void TextTable::printRow(std::ostream& out, const std::vector<std::string>& cells) const {
    std::string line;
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        const std::string padding(widthOf(column) - letters(cells[column]), ' ');
        line += column == 0 ? "" : "  ";
        line += m_columns[column].align == Align::Left ? cells[column] + padding : padding + cells[column];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
}

void TextTable::print(std::ostream& out) const {
    std::vector<std::string> headings;
    for (const auto& column : m_columns) {
        headings.push_back(column.heading);
    }
    printRow(out, headings);
    for (const auto& row : m_rows) {
        printRow(out, row);
    }
}

std::string withSeparators(std::uint64_t number) {
    auto text = std::to_string(number);
    for (auto place = static_cast<std::ptrdiff_t>(text.size()) - 3; place > 0; place -= 3) {
        text.insert(static_cast<std::size_t>(place), ",");
    }
    return text;
}

std::string withSeparators(std::int64_t number) {
    return number < 0 ? "-" + withSeparators(~static_cast<std::uint64_t>(number) + 1)
                      : withSeparators(static_cast<std::uint64_t>(number));
}

std::string withDecimals(double number, int decimals) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, number);
    return text;
}

std::string plainNumber(double number) {
    char text[64];
    std::snprintf(text, sizeof text, "%.15g", number);
    return text;
}

} // namespace lab
