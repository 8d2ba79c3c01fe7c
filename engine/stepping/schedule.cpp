// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stepping/schedule.h"

#include "engine/analysis/suggestion.h"
#include "engine/base/text_file.h"
#include "engine/traffic/field_reader.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <array>
#include <cerrno>
#include <fstream>
#include <limits>
#include <span>

namespace lab {

namespace {

using Presence = FieldReader::Presence;

constexpr std::string_view formatName = "proactor-lab schedule";
constexpr std::int64_t formatVersion = 1;
constexpr std::size_t mostTurns = 4'000'000;
constexpr std::int64_t largestSeed = 9'007'199'254'740'991; // what every JSON reader can hold exactly
constexpr std::size_t longestName = 200;

/// As event.h names them: "HookEntered".
constexpr std::array typeNames{
#define LAB_NAME(name, text) std::string_view{#name},
    LAB_EVENT_TYPES(LAB_NAME)
#undef LAB_NAME
};

std::string_view nameOf(EventType type) {
    const auto index = static_cast<std::size_t>(type);
    return index < typeNames.size() ? typeNames[index] : std::string_view{"unknown"};
}

/// Reads one turn, or tells what is wrong with it.
class TurnReader {
public:
    TurnReader(const LocatedValue& row, std::size_t index, ReadErrors& errors)
        : m_row(row)
        , m_path("turns[" + std::to_string(index) + "]")
        , m_errors(errors) {}

    Turn read() {
        Turn turn;
        constexpr std::size_t parts = 5;
        if (m_row.kind != LocatedValue::Kind::Array || m_row.items.size() != parts) {
            m_errors.add(m_row.line, m_path, "must be a list of five: thread, type, kind, connection, operation");
            return turn;
        }
        turn.thread = text(0, "the thread's name");
        turn.type = type();
        turn.kind = static_cast<std::uint8_t>(whole(2, "kind", std::numeric_limits<std::uint8_t>::max()));
        turn.connection = static_cast<std::uint32_t>(whole(3, "connection", std::numeric_limits<std::uint32_t>::max()));
        turn.operation = static_cast<std::uint32_t>(whole(4, "operation", std::numeric_limits<std::uint32_t>::max()));
        return turn;
    }

private:
    const LocatedValue& part(std::size_t index) const { return m_row.items[index]; }

    std::string text(std::size_t index, const std::string& what) {
        const auto& value = part(index);
        if (value.kind != LocatedValue::Kind::Text || value.text.empty() || value.text.size() > longestName) {
            m_errors.add(value.line, m_path + "[" + std::to_string(index) + "]", what + " must be a short text");
            return {};
        }
        return value.text;
    }

    EventType type() {
        const auto name = text(1, "the event's type");
        for (std::size_t index = 0; index < typeNames.size(); ++index) {
            if (typeNames[index] == name) {
                return static_cast<EventType>(index);
            }
        }
        m_errors.add(part(1).line, m_path + "[1]",
                     "there is no event type \"" + name + "\"" + suggestion(name, std::span(typeNames)));
        return EventType::Count;
    }

    std::int64_t whole(std::size_t index, const std::string& what, std::int64_t most) {
        const auto& value = part(index);
        if (value.kind != LocatedValue::Kind::Number || !value.whole || *value.whole < 0 || *value.whole > most) {
            m_errors.add(value.line, m_path + "[" + std::to_string(index) + "]",
                         what + " must be a whole number from 0 to " + std::to_string(most));
            return 0;
        }
        return *value.whole;
    }

    const LocatedValue& m_row;
    std::string m_path;
    ReadErrors& m_errors;
};

Schedule readFields(const LocatedValue& document, ReadErrors& errors) {
    FieldReader fields(document, "", errors, {"format", "version", "model", "scenario", "seed", "threads", "turns"});
    Schedule schedule;
    fields.readWord("format", {formatName}, Presence::Required);
    fields.readWhole("version", formatVersion, formatVersion, Presence::Required);
    fields.readText("model", schedule.model, longestName, Presence::Required);
    fields.readText("scenario", schedule.scenario, longestName, Presence::Optional);
    if (const auto seed = fields.readWhole("seed", 0, largestSeed, Presence::Required)) {
        schedule.seed = static_cast<std::uint64_t>(*seed);
    }
    if (const auto threads = fields.readWhole("threads", 0, 1000, Presence::Required)) {
        schedule.threads = static_cast<unsigned>(*threads);
    }
    const auto* turns = fields.readArray("turns", 0, mostTurns, Presence::Required);
    for (std::size_t index = 0; turns != nullptr && !errors.first && index < turns->items.size(); ++index) {
        schedule.turns.push_back(TurnReader(turns->items[index], index, errors).read());
    }
    return schedule;
}

std::string inQuotes(std::string_view text) { return boost::json::serialize(boost::json::string(text)); }

} // namespace

std::string Turn::words() const {
    auto text = thread + ": " + std::string(lab::words(type));
    if (connection != 0) {
        text += ", connection " + std::to_string(connection);
    }
    if (operation != 0) {
        text += ", operation " + std::to_string(operation);
    }
    return text;
}

Result<Schedule> Schedule::parse(std::string_view text, const std::string& nameForErrors) {
    const auto document = parseLocatedJson(text, nameForErrors);
    if (!document) {
        return document.error();
    }
    ReadErrors errors{.file = nameForErrors, .first = {}};
    auto schedule = readFields(*document, errors);
    if (errors.first) {
        return *errors.first;
    }
    return schedule;
}

Result<Schedule> Schedule::read(const std::string& file) {
    constexpr std::size_t longest = 512U << 20;
    const auto text = readTextFile(file, "a schedule", longest);
    return text ? parse(*text, file) : text.error();
}

std::string Schedule::text() const {
    auto text = "{\n  \"format\": " + inQuotes(formatName) + ",\n  \"version\": " + std::to_string(formatVersion) +
                ",\n  \"model\": " + inQuotes(model) + ",\n  \"scenario\": " + inQuotes(scenario) +
                ",\n  \"seed\": " + std::to_string(seed) + ",\n  \"threads\": " + std::to_string(threads) +
                ",\n  \"turns\": [";
    const char* separator = "\n";
    for (const auto& turn : turns) {
        text += separator;
        text += "    [" + inQuotes(turn.thread) + ", " + inQuotes(nameOf(turn.type)) + ", " +
                std::to_string(turn.kind) + ", " + std::to_string(turn.connection) + ", " +
                std::to_string(turn.operation) + "]";
        separator = ",\n";
    }
    return text + "\n  ]\n}\n";
}

Result<void> Schedule::write(const std::string& file) const {
    errno = 0;
    std::ofstream stream(file, std::ios::binary);
    stream << text();
    stream.close();
    return stream ? Result<void>() : Error::ofSystem("cannot write " + file, errno != 0 ? errno : EIO);
}

} // namespace lab
