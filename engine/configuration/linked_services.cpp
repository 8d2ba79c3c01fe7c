// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/linked_services.h"

#include "engine/http/characters.h"

#include <boost/algorithm/string/replace.hpp>

#include <algorithm>
#include <set>

namespace lab {

namespace {

constexpr std::size_t longestName = 40;

Result<void> checkName(const std::string& name, std::set<std::string>& seen) {
    if (!isServiceName(name)) {
        return Error{"the name \"" + name + "\" of a service must have 1 to 40 letters, digits, - _ or ."};
    }
    return seen.insert(name).second ? Result<void>()
                                    : Error{"two services are called " + name + ": give one of them another name"};
}

/// With the document root's path for "{root}" in values.
ServiceSpec inPlace(ServiceSpec spec, const std::string& root) {
    for (auto& parameter : spec.parameters) {
        for (auto& value : parameter.values) {
            boost::replace_all(value, "{root}", root);
        }
    }
    return spec;
}

} // namespace

bool isServiceName(std::string_view text) {
    return !text.empty() && text.size() <= longestName && std::all_of(text.begin(), text.end(), [](char letter) {
        return isOf(LetterCharacter, letter) || isOf(DigitCharacter, letter) ||
               std::string_view("-_.").find(letter) != std::string_view::npos;
    });
}

Result<LinkedService> makeService(const ServiceSpec& spec, const ServiceNeeds& needs) {
    const auto parameters = checkService(inPlace(spec, needs.root));
    if (!parameters) {
        return parameters.error();
    }
    LinkedService linked{.spec = spec, .description = findService(spec.service), .service = nullptr};
    linked.spec.name = spec.called();
    auto made = linked.description->create(*parameters, needs);
    if (!made) {
        return Error{linked.spec.name + ": " + made.error().message};
    }
    linked.service = std::move(*made);
    linked.name = needs.recording != nullptr ? needs.recording->intern(linked.spec.name) : 0;
    return linked;
}

Result<std::vector<LinkedService>> makeServices(std::span<const ServiceSpec> specs, const ServiceNeeds& needs) {
    std::vector<LinkedService> services;
    std::set<std::string> seen;
    for (const auto& spec : specs) {
        if (const auto good = checkName(spec.called(), seen); !good) {
            return good.error();
        }
        auto made = makeService(spec, needs);
        if (!made) {
            return made.error();
        }
        services.push_back(std::move(*made));
    }
    return services;
}

std::shared_ptr<const Pipeline> pipelineOf(std::span<const LinkedService> services) {
    auto pipeline = std::make_shared<Pipeline>();
    for (const auto& linked : services) {
        if (!linked.spec.suspended) {
            pipeline->add({linked.service, linked.name}, linked.description->hooks);
        }
    }
    return pipeline;
}

Result<void> checkServices(std::span<const ServiceSpec> specs) {
    std::set<std::string> seen;
    for (const auto& spec : specs) {
        if (const auto good = checkService(spec); !good) {
            return good.error();
        }
        if (const auto good = checkName(spec.called(), seen); !good) {
            return good.error();
        }
    }
    return {};
}

} // namespace lab
