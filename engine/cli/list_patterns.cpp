// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/pattern/pattern.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <ostream>
#include <string>

namespace lab {

namespace {

namespace json = boost::json;

json::object describe(const Pattern& pattern) {
    json::array players;
    for (const auto& player : pattern.players) {
        players.push_back(json::object{{"part", std::string(player.part)},
                                       {"class", std::string(player.name)},
                                       {"file", std::string(player.file)}});
    }
    return {{"id", std::string(pattern.id)},         {"title", std::string(pattern.title)},
            {"source", std::string(pattern.source)}, {"intent", std::string(pattern.intent)},
            {"players", std::move(players)},         {"departure", std::string(pattern.departure)},
            {"model", std::string(pattern.model)},   {"scenario", std::string(pattern.scenario)}};
}

void print(std::ostream& out, const Pattern& pattern) {
    out << pattern.title << " (" << pattern.source << ")\n  " << pattern.intent << '\n';
    for (const auto& player : pattern.players) {
        out << "  " << player.part << ": " << player.name << ", " << player.file << '\n';
    }
    if (!pattern.departure.empty()) {
        out << "  Ours: " << pattern.departure << '\n';
    }
    out << "  See it: proactor-lab run " << pattern.scenario;
    if (!pattern.model.empty()) {
        out << " --model " << pattern.model;
    }
    out << "\n\n";
}

} // namespace

int listPatterns(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    Arguments command("patterns", "[--json]", "Lists the patterns of the papers, and which class plays which part.");
    command.addSwitch("json", "the same as JSON");
    command.addNote("JSON: a list of objects with id, title, source, intent, players (part, class, file), departure,\n"
                    "model (empty: any) and scenario.");
    if (const auto code = command.read(arguments, out, err)) {
        return *code;
    }
    if (!command.has("json")) {
        for (const auto& pattern : patterns()) {
            print(out, pattern);
        }
        return exitDone;
    }
    json::array list;
    for (const auto& pattern : patterns()) {
        list.push_back(describe(pattern));
    }
    out << json::serialize(list) << '\n';
    return exitDone;
}

} // namespace lab
