// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/server_arguments.h"

#include "engine/analysis/suggestion.h"
#include "engine/concurrency/combination.h"
#include "engine/configuration/linked_services.h"
#include "engine/configuration/service_reader.h"
#include "engine/server/server_setting.h"

#include <cctype>

namespace lab {

namespace {

const char* valueName(const ServerSetting& setting) {
    switch (setting.kind) {
    case ServerSetting::Kind::Choice: return "NAME";
    case ServerSetting::Kind::Number: return "N";
    case ServerSetting::Kind::Octets: break;
    }
    return "OCTETS";
}

/// "how many threads a pool has, 1 to 1000 (4)"
std::string about(const ServerSetting& setting) {
    auto text = std::string(setting.about);
    text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
    if (setting.kind == ServerSetting::Kind::Number) {
        text += ", " + std::to_string(setting.least) + " to " + std::to_string(setting.most);
    } else if (setting.kind == ServerSetting::Kind::Octets) {
        text += "; 64M: K, M or G for 1024, 1024² or 1024³";
    } else {
        std::string list;
        for (const auto& [word, title] : setting.words) {
            list += (list.empty() ? "" : ", ") + std::string(word);
        }
        text += ": " + list;
    }
    return text + " (" + setting.defaultText() + ")";
}

} // namespace

void addServerOptions(Arguments& command) {
    for (const auto& setting : serverSettings()) {
        command.addOption(std::string(setting.name).c_str(), valueName(setting), about(setting).c_str());
    }
    command.addOption("config", "FILE",
                      "services to link, and what it says of model and options, which goes\n"
                      "before the command line");
    command.addRepeated("filter", "SERVICE",
                        "a service to link behind these: NAME, or NAME:PARAMETER=VALUE,...;\n"
                        "may be given several times; see proactor-lab services");
}

Result<void> readServerOptions(const Arguments& command, ServerOptions& options) {
    for (const auto& setting : serverSettings()) {
        const auto name = std::string(setting.name);
        if (command.has(name)) {
            if (const auto done = setting.set(options, command.text(name)); !done) {
                return Error{"--" + done.error().message};
            }
        }
    }
    if (command.has("config")) {
        const auto wanted = readConfiguration(command.text("config"));
        if (!wanted) {
            return wanted.error();
        }
        applyWanted(*wanted, options);
    }
    for (const auto& argument : command.texts("filter")) {
        auto spec = parseServiceArgument(argument);
        if (!spec) {
            return Error{"--filter " + spec.error().message};
        }
        addService(options.services, std::move(*spec));
    }
    return checkServices(options.services);
}

Result<void> checkCombination(const ServerOptions& options) {
    const auto* model = findModel(options.model);
    const auto reason = model != nullptr ? refusal(*model, options) : std::string();
    return reason.empty() ? Result<void>() : Error{reason};
}

Result<void> checkModel(const std::string& id) {
    if (const auto* model = findModel(id)) {
        const auto reason = model->whyUnavailable();
        return reason.empty() ? Result<void>() : Error{"the model " + id + " cannot run here: " + reason};
    }
    std::vector<std::string_view> ids;
    std::string list;
    for (const auto& model : models()) {
        ids.push_back(model.id);
        list += (list.empty() ? "" : ", ") + std::string(model.id);
    }
    return Error{"there is no model \"" + id + "\"" + suggestion(id, ids) + " (models: " + list + ")"};
}

} // namespace lab
