// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/service_reader.h"

#include "engine/base/text_file.h"
#include "engine/configuration/linked_services.h"
#include "engine/traffic/field_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace lab {

namespace {

using Kind = ServiceParameter::Kind;
using Presence = FieldReader::Presence;

constexpr std::size_t longestTitle = 200;

/// As short as reads back the same.
std::string numberText(const LocatedValue& value) {
    if (value.whole) {
        return std::to_string(*value.whole);
    }
    std::array<char, 64> text;
    const auto [end, failure] = std::to_chars(text.data(), text.data() + text.size(), value.number);
    return failure == std::errc{} ? std::string(text.data(), end) : std::string();
}

/// Nothing when the value is of another kind than the parameter.
std::vector<std::string> valuesOf(const ServiceParameter& parameter, const LocatedValue& value) {
    const bool isNumber = parameter.kind == Kind::Whole || parameter.kind == Kind::Share;
    if (isNumber && value.kind == LocatedValue::Kind::Number) {
        return {numberText(value)};
    }
    if (!isNumber && value.kind == LocatedValue::Kind::Text) {
        return {value.text};
    }
    std::vector<std::string> texts;
    if (parameter.kind == Kind::Texts && value.kind == LocatedValue::Kind::Array) {
        for (const auto& item : value.items) {
            if (item.kind != LocatedValue::Kind::Text) {
                return {};
            }
            texts.push_back(item.text);
        }
    }
    return texts;
}

/// One service of the list.
class ServiceFields {
public:
    ServiceFields(const LocatedValue& value, std::string path, ReadErrors& errors)
        : m_value(value)
        , m_path(std::move(path))
        , m_errors(errors) {}

    ServiceSpec read() {
        ServiceSpec spec;
        std::vector<std::string_view> known{"service", "name", "suspended"};
        const auto* service = m_value.member("service");
        const auto* description =
            service != nullptr && service->kind == LocatedValue::Kind::Text ? findService(service->text) : nullptr;
        if (service != nullptr && service->kind == LocatedValue::Kind::Text && description == nullptr) {
            m_errors.add(service->line, m_path + ".service",
                         checkService({.service = service->text, .name = {}, .parameters = {}}).error().message);
            return spec;
        }
        for (const auto& parameter :
             description != nullptr ? description->parameters : std::span<const ServiceParameter>()) {
            known.push_back(parameter.name);
        }
        FieldReader fields(m_value, m_path, m_errors, known);
        fields.readText("service", spec.service, 64, Presence::Required);
        fields.readText("name", spec.name, 64, Presence::Optional);
        fields.readBoolean("suspended", spec.suspended);
        if (fields.has("name") && !isServiceName(spec.name)) {
            fields.refuse("name", "must have 1 to 40 letters, digits, - _ or .");
        }
        if (description != nullptr) {
            readParameters(fields, *description, spec);
        }
        return spec;
    }

private:
    void readParameters(FieldReader& fields, const ServiceDescription& description, ServiceSpec& spec) {
        for (const auto& parameter : description.parameters) {
            const auto* value = m_value.member(parameter.name);
            if (value == nullptr) {
                continue;
            }
            auto values = valuesOf(parameter, *value);
            const bool isEmptyList = value->kind == LocatedValue::Kind::Array && value->items.empty();
            const bool isGood =
                (!values.empty() || (isEmptyList && parameter.kind == Kind::Texts)) &&
                std::all_of(values.begin(), values.end(), [&](const auto& text) { return parameter.fits(text); });
            if (!isGood) {
                fields.refuse(parameter.name, parameter.expected());
            }
            spec.parameters.push_back({std::string(parameter.name), std::move(values)});
        }
        if (!m_errors.first) {
            if (const auto good = checkService(spec); !good) {
                m_errors.add(m_value.line, m_path, good.error().message);
            }
        }
    }

    const LocatedValue& m_value;
    const std::string m_path;
    ReadErrors& m_errors;
};

} // namespace

std::vector<ServiceSpec> readServices(const LocatedValue& list, const std::string& path, ReadErrors& errors) {
    std::vector<ServiceSpec> services;
    if (list.kind != LocatedValue::Kind::Array) {
        errors.add(list.line, path, "must be a list of services");
        return services;
    }
    std::set<std::string> names;
    for (std::size_t index = 0; index < list.items.size(); ++index) {
        const auto element = path + "[" + std::to_string(index) + "]";
        services.push_back(ServiceFields(list.items[index], element, errors).read());
        const auto& called = services.back().called();
        if (!names.insert(called).second) {
            errors.add(list.items[index].line, element,
                       "an earlier service is called " + called + " too: give one of them another \"name\"");
        }
    }
    return services;
}

Result<WantedServer> parseConfiguration(std::string_view text, std::string_view name) {
    const auto document = parseLocatedJson(text, name);
    if (!document) {
        return document.error();
    }
    ReadErrors errors{.file = std::string(name), .first = {}};
    FieldReader fields(*document, "", errors, {"$schema", "title", "server", "services"});
    std::string ignored;
    fields.readText("$schema", ignored, longestTitle, Presence::Optional);
    fields.readText("title", ignored, longestTitle, Presence::Optional);
    WantedServer wanted;
    if (const auto* server = fields.readObject("server")) {
        wanted = readWantedModel(*server, "server", errors);
    }
    if (const auto* list = fields.readObject("services")) {
        wanted.services = readServices(*list, "services", errors);
    } else {
        fields.refuse("services", "is missing");
    }
    if (errors.first) {
        return *errors.first;
    }
    return wanted;
}

Result<WantedServer> readConfiguration(const std::string& file) {
    const auto text = readTextFile(file, "a configuration file", longestByHand);
    return text ? parseConfiguration(*text, file) : text.error();
}

} // namespace lab
