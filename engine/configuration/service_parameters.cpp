// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/service_parameters.h"

#include "engine/analysis/suggestion.h"
#include "engine/analysis/text_table.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <optional>

namespace lab {

namespace {

using Kind = ServiceParameter::Kind;

constexpr std::size_t longestText = 4'000;
constexpr std::size_t mostTexts = 10'000;

std::optional<double> asNumber(std::string_view text) {
    double value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> asWhole(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

bool isPlainText(std::string_view text) {
    return text.size() <= longestText &&
           std::none_of(text.begin(), text.end(), [](unsigned char octet) { return octet < 0x20 || octet == 0x7f; });
}

bool mustBeGiven(const ServiceParameter& parameter) {
    return parameter.byDefault.empty() && !parameter.optional && parameter.kind != Kind::Texts;
}

} // namespace

bool ServiceParameter::fits(const std::string& text) const {
    switch (kind) {
    case Kind::Text:
    case Kind::File:
    case Kind::Folder: return isPlainText(text) && (!text.empty() || optional);
    case Kind::Texts: return isPlainText(text);
    case Kind::Whole: {
        const auto value = asWhole(text);
        return value && static_cast<double>(*value) >= least && static_cast<double>(*value) <= most;
    }
    case Kind::Share: {
        const auto value = asNumber(text);
        return value && *value >= 0 && *value <= 1;
    }
    case Kind::Choice: break;
    }
    return std::find(words.begin(), words.end(), text) != words.end();
}

std::string ServiceParameter::expected() const {
    switch (kind) {
    case Kind::Text: return "must be a text without control characters";
    case Kind::File: return "must be the path of a file";
    case Kind::Folder: return "must be the path of a folder";
    case Kind::Texts: return "must be a text, or several, without control characters";
    case Kind::Whole: return "must be a whole number from " + plainNumber(least) + " to " + plainNumber(most);
    case Kind::Share: return "must be a number from 0 to 1";
    case Kind::Choice: break;
    }
    std::string list;
    for (const auto word : words) {
        list += (list.empty() ? "" : ", ") + std::string(word);
    }
    return "must be one of " + list;
}

Result<ServiceParameters> ServiceParameters::check(std::span<const ServiceParameter> known,
                                                   std::span<const ParameterSpec> given) {
    ServiceParameters parameters;
    std::vector<std::string_view> names;
    for (const auto& parameter : known) {
        names.push_back(parameter.name);
    }
    for (const auto& [name, values] : given) {
        const auto found =
            std::find_if(known.begin(), known.end(), [&](const auto& parameter) { return parameter.name == name; });
        if (found == known.end()) {
            return Error{name + ": there is no such parameter" + suggestion(name, names)};
        }
        const bool isOne = values.size() == 1;
        const bool isGood =
            std::all_of(values.begin(), values.end(), [&](const auto& text) { return found->fits(text); });
        if (!isGood || values.size() > mostTexts || (found->kind != Kind::Texts && !isOne)) {
            return Error{name + " " + found->expected()};
        }
        if (!parameters.m_values.emplace(name, values).second) {
            return Error{name + " is given twice"};
        }
    }
    for (const auto& parameter : known) {
        if (parameters.m_values.contains(parameter.name)) {
            continue;
        }
        if (mustBeGiven(parameter)) {
            return Error{std::string(parameter.name) + " is missing: it " + parameter.expected()};
        }
        const bool isNone = parameter.kind == Kind::Texts && parameter.byDefault.empty();
        parameters.m_values.emplace(parameter.name, isNone ? std::vector<std::string>()
                                                           : std::vector{std::string(parameter.byDefault)});
    }
    return parameters;
}

const std::vector<std::string>& ServiceParameters::texts(std::string_view name) const {
    const auto found = m_values.find(name);
    assert(found != m_values.end());
    return found->second;
}

std::int64_t ServiceParameters::whole(std::string_view name) const { return asWhole(text(name)).value_or(0); }

double ServiceParameters::share(std::string_view name) const { return asNumber(text(name)).value_or(0); }

} // namespace lab
