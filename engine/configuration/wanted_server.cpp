// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/wanted_server.h"

#include "engine/configuration/service_reader.h"
#include "engine/traffic/field_reader.h"

#include <string_view>

namespace lab {

namespace {

/// A setting as the document has it: a choice is a text, everything else a whole number.
std::optional<std::string> readSetting(FieldReader& fields, const ServerSetting& setting) {
    const bool isChoice = setting.kind == ServerSetting::Kind::Choice;
    const auto* value =
        fields.readValue(setting.name, isChoice ? LocatedValue::Kind::Text : LocatedValue::Kind::Number);
    if (value == nullptr) {
        return std::nullopt;
    }
    auto text = isChoice ? value->text : value->whole ? std::to_string(*value->whole) : std::string();
    ServerOptions ignored;
    if (!setting.set(ignored, text)) {
        fields.refuse(setting.name, setting.expected());
    }
    return text;
}

WantedServer read(const LocatedValue& value, const std::string& path, bool withServices, ReadErrors& errors) {
    auto known = serverSettingNames();
    known.push_back("model");
    if (withServices) {
        known.push_back("services");
    }
    FieldReader fields(value, path, errors, known);
    WantedServer server;
    if (fields.has("model")) {
        fields.readText("model", server.model.emplace(), 64, FieldReader::Presence::Required);
        server.modelLine = value.member("model")->line;
    }
    for (const auto& setting : serverSettings()) {
        if (auto text = readSetting(fields, setting)) {
            server.settings.push_back({std::string(setting.name), std::move(*text), value.member(setting.name)->line});
        }
    }
    if (const auto* services = withServices ? fields.readObject("services") : nullptr) {
        server.services = readServices(*services, path + ".services", errors);
    }
    return server;
}

} // namespace

WantedServer readWantedServer(const LocatedValue& value, const std::string& path, ReadErrors& errors) {
    return read(value, path, true, errors);
}

WantedServer readWantedModel(const LocatedValue& value, const std::string& path, ReadErrors& errors) {
    return read(value, path, false, errors);
}

void applyWanted(const WantedServer& wanted, ServerOptions& options) {
    options.model = wanted.model.value_or(options.model);
    options.services = wanted.services.value_or(options.services);
    for (const auto& [name, value, line] : wanted.settings) {
        if (const auto* setting = findServerSetting(name)) {
            // Only what the reader has let pass gets here: nothing is refused any more.
            static_cast<void>(setting->set(options, value));
        }
    }
}

} // namespace lab
