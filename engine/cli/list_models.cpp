// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/text_table.h"
#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/concurrency/combination.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <ostream>

namespace lab {

namespace {

namespace json = boost::json;

std::string reasonAgainst(const ModelDescription& model) { return model.whyUnavailable(); }

json::object describe(const ModelDescription& model, const ServerSetting& setting) {
    json::object object{{"name", setting.name}, {"title", setting.title}, {"about", setting.about}};
    object["default"] = setting.defaultText();
    if (setting.kind != ServerSetting::Kind::Choice) {
        object["least"] = setting.least;
        object["most"] = setting.most;
        return object;
    }
    json::array values;
    json::object refused;
    for (const auto& [word, title] : setting.words) {
        if (const auto reason = refusal(model, setting, word); reason.empty()) {
            values.emplace_back(word);
        } else {
            refused[word] = reason;
        }
    }
    object["values"] = std::move(values);
    object["refused"] = std::move(refused);
    return object;
}

json::array optionsOf(const ModelDescription& model) {
    json::array options;
    for (const auto& setting : serverSettings()) {
        if (takes(model, setting)) {
            options.push_back(describe(model, setting));
        }
    }
    return options;
}

json::object describe(const ModelDescription& model) {
    const auto reason = reasonAgainst(model);
    return {{"id", std::string(model.id)},
            {"family", std::string(words(model.family))},
            {"title", std::string(model.title)},
            {"threads", std::string(model.threads)},
            {"source", std::string(model.source)},
            {"summary", std::string(model.summary)},
            {"options", optionsOf(model)},
            {"available", reason.empty()},
            {"reason", reason}};
}

void printTable(std::ostream& out) {
    TextTable table;
    for (const auto* heading : {"model", "family", "threads", "source"}) {
        table.addColumn(heading, TextTable::Align::Left);
    }
    for (const auto& model : models()) {
        table.addRow({std::string(model.id), std::string(words(model.family)), std::string(model.threads),
                      std::string(model.source)});
    }
    table.print(out);
    for (const auto& model : models()) {
        if (const auto reason = reasonAgainst(model); !reason.empty()) {
            out << model.id << " cannot run here: " << reason << '\n';
        }
    }
}

} // namespace

int listModels(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    Arguments command("models", "[--json]", "Lists the concurrency models, and why one cannot run here.");
    command.addSwitch("json", "everything that is known of each, as JSON");
    command.addNote("JSON: a list of objects with id, family, title, threads, source, summary, options,\n"
                    "available, reason (empty when it can run here). options has an object for each option that the\n"
                    "model takes: name, title, about, default, and least and most of a number, or values and refused\n"
                    "(each with the reason) of a choice, where all other options are as by default.");
    if (const auto code = command.read(arguments, out, err)) {
        return *code;
    }
    if (!command.has("json")) {
        printTable(out);
        return exitDone;
    }
    json::array list;
    for (const auto& model : models()) {
        list.push_back(describe(model));
    }
    out << json::serialize(list) << '\n';
    return exitDone;
}

} // namespace lab
