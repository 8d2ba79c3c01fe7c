// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/traffic/located_json.h"

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lab {

/// Where a document's first error of meaning is kept; later ones are ignored.
struct ReadErrors {
    std::string file; ///< as errors name it
    std::optional<Error> first;

    /// "file:line: path: what"
    void add(std::size_t line, const std::string& path, const std::string& what);
};

/// Reads the fields of one JSON object and refuses whatever does not belong there.
///
/// Decides: the wording of errors. Threads: one at a time. Owner: the reader of a document. Each function leaves
/// its target as it is when the field is missing; a missing `Required` field is an error.
class FieldReader {
public:
    enum class Presence : std::uint8_t { Optional, Required };

    /// `path` of the object in the document: "phases[0]", empty for the whole. Any field that is not in `known`
    /// is an error, as is a value that is no object.
    FieldReader(const LocatedValue& value, std::string path, ReadErrors& errors,
                std::span<const std::string_view> known);
    FieldReader(const LocatedValue& value, std::string path, ReadErrors& errors,
                std::initializer_list<std::string_view> known)
        : FieldReader(value, std::move(path), errors, std::span(known.begin(), known.end())) {}

    bool has(std::string_view name) const { return find(name) != nullptr; }
    std::string pathOf(std::string_view name) const;

    void readText(std::string_view name, std::string& target, std::size_t longest, Presence presence);
    void readNumber(std::string_view name, double& target, double least, double most, Presence presence);
    /// A whole number.
    std::optional<std::int64_t> readWhole(std::string_view name, std::int64_t least, std::int64_t most,
                                          Presence presence);
    void readBoolean(std::string_view name, bool& target);
    /// One of `words`; answers which.
    std::optional<std::size_t> readWord(std::string_view name, std::initializer_list<std::string_view> words,
                                        Presence presence);
    /// Null when it is missing or wrong.
    const LocatedValue* readArray(std::string_view name, std::size_t least, std::size_t most, Presence presence);
    const LocatedValue* readObject(std::string_view name) const { return find(name); }
    /// A value of this kind, to be understood elsewhere. Null when it is missing or of another kind.
    const LocatedValue* readValue(std::string_view name, LocatedValue::Kind kind) {
        return expect(name, kind, Presence::Optional);
    }

    /// An error about field `name`, at its line (the object's where the field is missing).
    void refuse(std::string_view name, const std::string& what);

private:
    const LocatedValue* find(std::string_view name) const;
    /// The field when it is there and of this kind; complains otherwise.
    const LocatedValue* expect(std::string_view name, LocatedValue::Kind kind, Presence presence);

    const LocatedValue& m_value;
    std::string m_path;
    ReadErrors& m_errors;
};

} // namespace lab
