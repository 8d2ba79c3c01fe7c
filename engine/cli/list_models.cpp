// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/text_table.h"
#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/concurrency/model.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <ostream>

namespace lab {

namespace {

namespace json = boost::json;

std::string reasonAgainst(const ModelDescription& model) {
    return model.unavailable ? model.unavailable() : std::string();
}

json::object describe(const ModelDescription& model) {
    json::array options;
    for (const auto option : model.options) {
        options.emplace_back(json::string_view(option.data(), option.size()));
    }
    const auto reason = reasonAgainst(model);
    return {{"id", std::string(model.id)},
            {"family", std::string(words(model.family))},
            {"title", std::string(model.title)},
            {"threads", std::string(model.threads)},
            {"source", std::string(model.source)},
            {"summary", std::string(model.summary)},
            {"options", std::move(options)},
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
    command.addNote("JSON: a list of objects with id, family, title, threads, source, summary, options (a list),\n"
                    "available, reason (empty when it can run here).");
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
