// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/linked_services.h"
#include "engine/configuration/service_reader.h"

#include <algorithm>

namespace lab {

namespace {

/// The text up to a comma that is meant as such; takes it off, with the comma.
std::string takeArgument(std::string_view& text) {
    std::string taken;
    while (!text.empty()) {
        const char letter = text.front();
        text.remove_prefix(1);
        if (letter == ',') {
            break;
        }
        if (letter == '\\' && (text.starts_with(',') || text.starts_with('\\'))) {
            taken.push_back(text.front());
            text.remove_prefix(1);
        } else {
            taken.push_back(letter);
        }
    }
    return taken;
}

void addParameter(std::vector<ParameterSpec>& parameters, std::string name, std::string value) {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const auto& parameter) { return parameter.name == name; });
    if (found != parameters.end()) {
        found->values.push_back(std::move(value));
    } else {
        parameters.push_back({std::move(name), {std::move(value)}});
    }
}

} // namespace

Result<std::vector<ParameterSpec>> parseParameters(std::string_view text) {
    std::vector<ParameterSpec> parameters;
    while (!text.empty()) {
        const auto argument = takeArgument(text);
        const auto equals = argument.find('=');
        if (equals == 0 || equals == std::string::npos) {
            return Error{"\"" + argument + "\" must be a parameter, \"name=value\""};
        }
        addParameter(parameters, argument.substr(0, equals), argument.substr(equals + 1));
    }
    return parameters;
}

std::string textOf(std::span<const ParameterSpec> parameters) {
    std::string text;
    for (const auto& [name, values] : parameters) {
        for (const auto& value : values) {
            text += (text.empty() ? "" : ",") + name + "=";
            for (const char letter : value) {
                text.append(letter == ',' || letter == '\\' ? "\\" : "").push_back(letter);
            }
        }
    }
    return text;
}

Result<ServiceSpec> parseServiceArgument(std::string_view text) {
    const auto colon = std::min(text.find(':'), text.size());
    ServiceSpec spec{.service = std::string(text.substr(0, colon)), .name = {}, .parameters = {}};
    auto parameters = parseParameters(text.substr(std::min(colon + 1, text.size())));
    if (!parameters) {
        return Error{spec.service + ": " + parameters.error().message};
    }
    for (auto& parameter : *parameters) {
        if (parameter.name == "name") {
            spec.name = parameter.values.back();
        } else {
            spec.parameters.push_back(std::move(parameter));
        }
    }
    if (const auto good = checkServices({&spec, 1}); !good) {
        return good.error();
    }
    return spec;
}

void addService(std::vector<ServiceSpec>& services, ServiceSpec spec) {
    const auto isTaken = [&](const std::string& name) {
        return std::any_of(services.begin(), services.end(), [&](const auto& other) { return other.called() == name; });
    };
    for (int number = 2; spec.name.empty() && isTaken(spec.service); ++number) {
        const auto numbered = spec.service + "-" + std::to_string(number);
        if (!isTaken(numbered)) {
            spec.name = numbered;
        }
    }
    services.push_back(std::move(spec));
}

} // namespace lab
