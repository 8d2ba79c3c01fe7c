// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/service_list.h"
#include "engine/http/characters.h"

#include <algorithm>
#include <array>

namespace lab {

namespace {

/// What says where a message ends, or what its octets mean, is the server's own affair (RFC 9112 section 6).
constexpr std::array ownFields{
    std::string_view("Connection"),        std::string_view("Content-Length"),
    std::string_view("Transfer-Encoding"), std::string_view("Content-Encoding"),
    std::string_view("Content-Range"),     std::string_view("Date"),
    std::string_view("Keep-Alive"),        std::string_view("TE"),
    std::string_view("Trailer"),           std::string_view("Upgrade"),
};

Result<void> checkFieldName(std::string_view name) {
    if (!isFieldName(name)) {
        return Error{"\"" + std::string(name) + "\" is no name of a header field"};
    }
    const bool isOwn = std::any_of(ownFields.begin(), ownFields.end(),
                                   [&](std::string_view own) { return equalsIgnoringCase(own, name); });
    return isOwn ? Result<void>(Error{std::string(name) + " is for the server alone to say"}) : Result<void>();
}

/// "Name: value" in its parts.
Result<HeaderField> readField(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) {
        return Error{"\"" + std::string(text) + "\" must be a field, \"Name: value\""};
    }
    HeaderField field{std::string(text.substr(0, colon)), std::string(withoutOuterSpace(text.substr(colon + 1)))};
    if (const auto good = checkFieldName(field.name); !good) {
        return good.error();
    }
    return isFieldValue(field.value) ? Result<HeaderField>(field)
                                     : Error{"the value of " + field.name + " has a character that no field may have"};
}

Result<std::vector<HeaderField>> readFields(const ServiceParameters& parameters, std::string_view name) {
    std::vector<HeaderField> fields;
    for (const auto& text : parameters.texts(name)) {
        auto field = readField(text);
        if (!field) {
            return Error{std::string(name) + ": " + field.error().message};
        }
        fields.push_back(std::move(*field));
    }
    return fields;
}

/// Changes the fields of all answers.
class Headers final : public Service {
public:
    Headers(std::vector<std::string> removed, std::vector<HeaderField> set, std::vector<HeaderField> added)
        : m_removed(std::move(removed))
        , m_set(std::move(set))
        , m_added(std::move(added)) {}

    void filterAnswer(const Exchange&, ResponseDraft& draft) override {
        for (const auto& name : m_removed) {
            draft.fields.remove(name);
        }
        for (const auto& [name, value] : m_set) {
            draft.fields.set(name, value);
        }
        for (const auto& [name, value] : m_added) {
            draft.fields.add(name, value);
        }
    }

private:
    const std::vector<std::string> m_removed;
    const std::vector<HeaderField> m_set;
    const std::vector<HeaderField> m_added;
};

constexpr std::array headersParameters{
    ServiceParameter{
        .name = "remove", .about = "Names of fields that are left out", .kind = ServiceParameter::Kind::Texts},
    ServiceParameter{.name = "set",
                     .about = "Fields that take the place of others of the same name: \"Name: value\"",
                     .kind = ServiceParameter::Kind::Texts},
    ServiceParameter{.name = "add",
                     .about = "Fields that come beside others of the same name: \"Name: value\"",
                     .kind = ServiceParameter::Kind::Texts},
};

Result<void> checkHeaders(const ServiceParameters& parameters) {
    for (const auto& name : parameters.texts("remove")) {
        if (const auto good = checkFieldName(name); !good) {
            return Error{"remove: " + good.error().message};
        }
    }
    for (const auto* name : {"set", "add"}) {
        if (const auto fields = readFields(parameters, name); !fields) {
            return fields.error();
        }
    }
    return {};
}

Result<std::shared_ptr<Service>> makeHeaders(const ServiceParameters& parameters, const ServiceNeeds&) {
    if (const auto good = checkHeaders(parameters); !good) {
        return good.error();
    }
    return std::shared_ptr<Service>(std::make_shared<Headers>(
        parameters.texts("remove"), *readFields(parameters, "set"), *readFields(parameters, "add")));
}

} // namespace

const ServiceDescription headersService{
    .id = "headers",
    .title = "Header fields",
    .source = "Hu, Pyarali, Schmidt, section 2 (Protocol Pipeline)",
    .about = "Leaves out, replaces or adds fields in the header of every answer.",
    .hooks = {ServiceHook::FilterAnswer},
    .parameters = headersParameters,
    .create = makeHeaders,
    .check = checkHeaders,
};

} // namespace lab
