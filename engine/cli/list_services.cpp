// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/configuration/service_list.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <ostream>

namespace lab {

namespace {

namespace json = boost::json;

bool isRequired(const ServiceParameter& parameter) {
    return parameter.byDefault.empty() && !parameter.optional && parameter.kind != ServiceParameter::Kind::Texts;
}

json::object describe(const ServiceDescription& service) {
    json::array parameters;
    for (const auto& parameter : service.parameters) {
        parameters.push_back(json::object{{"name", parameter.name},
                                          {"about", parameter.about},
                                          {"expected", parameter.expected()},
                                          {"default", parameter.byDefault},
                                          {"required", isRequired(parameter)}});
    }
    json::array hooks;
    for (const auto hook : service.hooks) {
        hooks.emplace_back(words(hook));
    }
    return {{"id", service.id},       {"title", service.title},    {"source", service.source},
            {"about", service.about}, {"hooks", std::move(hooks)}, {"parameters", std::move(parameters)}};
}

void print(std::ostream& out, const ServiceDescription& service) {
    out << service.id << ": " << service.about << '\n';
    for (const auto& parameter : service.parameters) {
        out << "    " << parameter.name << ": " << parameter.about << "; " << parameter.expected();
        if (!parameter.byDefault.empty()) {
            out << " (" << parameter.byDefault << ")";
        } else if (isRequired(parameter)) {
            out << " (must be given)";
        }
        out << '\n';
    }
}

} // namespace

int listServices(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    Arguments command(
        "services", "[--json]",
        "Lists the services that can be linked into a server's Protocol Pipeline, with their parameters:\n"
        "by --filter, by a configuration file (--config), in a scenario or in the window.");
    command.addSwitch("json", "everything that is known of each, as JSON");
    command.addNote("JSON: a list of objects with id, title, source, about, hooks and parameters, each of these with\n"
                    "name, about, expected, default, required.");
    if (const auto code = command.read(arguments, out, err)) {
        return *code;
    }
    json::array list;
    for (const auto* service : serviceDescriptions()) {
        if (command.has("json")) {
            list.push_back(describe(*service));
        } else {
            print(out, *service);
        }
    }
    if (command.has("json")) {
        out << json::serialize(list) << '\n';
    }
    return exitDone;
}

} // namespace lab
