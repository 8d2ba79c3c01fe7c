// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/service_list.h"

#include "engine/analysis/suggestion.h"

#include <array>

namespace lab {

std::span<const ServiceDescription* const> serviceDescriptions() {
    static constexpr std::array list{
        &accessLogService, //
        &gzipService,      //
        &headersService,   //
        &delayService,     //
        &faultService,     //
        &tildeService,     &virtualServersService, &basicAuthenticationService, &errorPagesService,
    };
    return list;
}

const ServiceDescription* findService(std::string_view id) {
    for (const auto* description : serviceDescriptions()) {
        if (description->id == id) {
            return description;
        }
    }
    return nullptr;
}

Result<ServiceParameters> checkService(const ServiceSpec& spec) {
    if (const auto* description = findService(spec.service)) {
        auto parameters = ServiceParameters::check(description->parameters, spec.parameters);
        if (parameters && description->check != nullptr) {
            if (const auto good = description->check(*parameters); !good) {
                return Error{spec.called() + ": " + good.error().message};
            }
        }
        return parameters ? std::move(parameters) : Error{spec.called() + ": " + parameters.error().message};
    }
    std::vector<std::string_view> ids;
    std::string list;
    for (const auto* description : serviceDescriptions()) {
        ids.push_back(description->id);
        list += (list.empty() ? "" : ", ") + std::string(description->id);
    }
    return Error{"there is no service \"" + spec.service + "\"" + suggestion(spec.service, ids) +
                 " (services: " + list + ")"};
}

} // namespace lab
