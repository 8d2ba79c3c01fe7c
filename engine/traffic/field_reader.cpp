// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/field_reader.h"

#include "engine/analysis/suggestion.h"
#include "engine/analysis/text_table.h"

#include <algorithm>

namespace lab {

namespace {

std::string_view words(LocatedValue::Kind kind) {
    switch (kind) {
    case LocatedValue::Kind::Null: return "null";
    case LocatedValue::Kind::Boolean: return "true or false";
    case LocatedValue::Kind::Number: return "a number";
    case LocatedValue::Kind::Text: return "a text";
    case LocatedValue::Kind::Array: return "a list";
    case LocatedValue::Kind::Object: return "an object";
    }
    return "";
}

std::string range(double least, double most) {
    return "must be from " + plainNumber(least) + " to " + plainNumber(most);
}

} // namespace

void ReadErrors::add(std::size_t line, const std::string& path, const std::string& what) {
    if (!first) {
        first = Error{file + ":" + std::to_string(line) + ": " + (path.empty() ? "" : path + ": ") + what};
    }
}

FieldReader::FieldReader(const LocatedValue& value, std::string path, ReadErrors& errors,
                         std::span<const std::string_view> known)
    : m_value(value)
    , m_path(std::move(path))
    , m_errors(errors) {
    if (value.kind != LocatedValue::Kind::Object) {
        errors.add(value.line, m_path, "must be an object, not " + std::string(words(value.kind)));
        return;
    }
    for (const auto& [name, field] : value.members) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            errors.add(field.line, pathOf(name), "unknown field" + suggestion(name, known));
        }
    }
}

std::string FieldReader::pathOf(std::string_view name) const {
    return (m_path.empty() ? "" : m_path + ".") + std::string(name);
}

const LocatedValue* FieldReader::find(std::string_view name) const { return m_value.member(name); }

void FieldReader::refuse(std::string_view name, const std::string& what) {
    const auto* field = find(name);
    m_errors.add(field != nullptr ? field->line : m_value.line, pathOf(name), what);
}

const LocatedValue* FieldReader::expect(std::string_view name, LocatedValue::Kind kind, Presence presence) {
    const auto* field = find(name);
    if (field == nullptr) {
        if (presence == Presence::Required) {
            refuse(name, "is missing");
        }
        return nullptr;
    }
    if (field->kind != kind) {
        refuse(name, "must be " + std::string(words(kind)) + ", not " + std::string(words(field->kind)));
        return nullptr;
    }
    return field;
}

void FieldReader::readText(std::string_view name, std::string& target, std::size_t longest, Presence presence) {
    const auto* field = expect(name, LocatedValue::Kind::Text, presence);
    if (field == nullptr) {
        return;
    }
    if (field->text.size() > longest || (presence == Presence::Required && field->text.empty())) {
        const auto least = presence == Presence::Required ? std::string("from 1 to ") : std::string("at most ");
        refuse(name, "must have " + least + std::to_string(longest) + " letters");
        return;
    }
    target = field->text;
}

void FieldReader::readNumber(std::string_view name, double& target, double least, double most, Presence presence) {
    const auto* field = expect(name, LocatedValue::Kind::Number, presence);
    if (field == nullptr) {
        return;
    }
    if (!(field->number >= least && field->number <= most)) {
        refuse(name, range(least, most));
        return;
    }
    target = field->number;
}

std::optional<std::int64_t> FieldReader::readWhole(std::string_view name, std::int64_t least, std::int64_t most,
                                                   Presence presence) {
    const auto* field = expect(name, LocatedValue::Kind::Number, presence);
    if (field == nullptr) {
        return std::nullopt;
    }
    if (!field->whole && field->number >= static_cast<double>(least) && field->number <= static_cast<double>(most)) {
        refuse(name, "must be a whole number");
        return std::nullopt;
    }
    if (!field->whole || *field->whole < least || *field->whole > most) {
        refuse(name, range(static_cast<double>(least), static_cast<double>(most)));
        return std::nullopt;
    }
    return field->whole;
}

void FieldReader::readBoolean(std::string_view name, bool& target) {
    if (const auto* field = expect(name, LocatedValue::Kind::Boolean, Presence::Optional)) {
        target = field->boolean;
    }
}

std::optional<std::size_t> FieldReader::readWord(std::string_view name, std::initializer_list<std::string_view> words,
                                                 Presence presence) {
    const auto* field = expect(name, LocatedValue::Kind::Text, presence);
    if (field == nullptr) {
        return std::nullopt;
    }
    const auto found = std::find(words.begin(), words.end(), field->text);
    if (found == words.end()) {
        std::string list;
        for (const auto word : words) {
            list += (list.empty() ? "\"" : ", \"") + std::string(word) + "\"";
        }
        refuse(name, "must be one of " + list);
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - words.begin());
}

const LocatedValue* FieldReader::readArray(std::string_view name, std::size_t least, std::size_t most,
                                           Presence presence) {
    const auto* field = expect(name, LocatedValue::Kind::Array, presence);
    if (field == nullptr) {
        return nullptr;
    }
    if (field->items.size() < least || field->items.size() > most) {
        refuse(name, "must have from " + std::to_string(least) + " to " + std::to_string(most) + " entries");
        return nullptr;
    }
    return field;
}

} // namespace lab
