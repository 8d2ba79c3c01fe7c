// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// A field of a header, without its line end.
struct HeaderField {
    std::string name;
    std::string value;

    friend bool operator==(const HeaderField&, const HeaderField&) = default;
};

/// The fields of a response, in the order of writing. Names are compared without regard to case.
class HeaderFields {
public:
    /// From lines, each with its line end: "A: b\r\n".
    static HeaderFields parse(std::string_view lines);

    const std::string* find(std::string_view name) const; ///< the first; null: none
    void add(std::string_view name, std::string_view value) {
        m_fields.push_back({std::string(name), std::string(value)});
    }
    /// In place of all of that name, where the first was; else at the end.
    void set(std::string_view name, std::string_view value);
    void remove(std::string_view name);

    /// Adds `element` to a list field such as Vary, unless it is in there.
    void addToList(std::string_view name, std::string_view element);

    const std::vector<HeaderField>& all() const { return m_fields; }
    void appendTo(std::string& header) const;

private:
    std::vector<HeaderField> m_fields;
};

/// The value of a field in a request header whose shape has been checked (HeaderScanner), as it was sent; of one that
/// came several times, all with ", " between them (RFC 9110 section 5.3). `head`: from the request line on.
std::optional<std::string> fieldOf(std::string_view head, std::string_view name);

/// Whether these can be written into a header without changing what is around them (RFC 9110 sections 5.1 and 5.5).
bool isFieldName(std::string_view text);
bool isFieldValue(std::string_view text);

} // namespace lab
