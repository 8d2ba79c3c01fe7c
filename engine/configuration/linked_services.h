// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/configuration/service_list.h"
#include "engine/protocol/pipeline.h"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace lab {

/// A service that is linked, active or suspended.
struct LinkedService {
    ServiceSpec spec; ///< with its name filled in
    const ServiceDescription* description = nullptr;
    std::shared_ptr<Service> service;
    NameId name = 0; ///< in the recording
};

/// Makes one. Error: no such service, parameters that do not fit, or what it needs is not there; named by the service.
Result<LinkedService> makeService(const ServiceSpec& spec, const ServiceNeeds& needs);

/// All of them, in order. Error: the first that cannot be made, or a name that comes twice.
Result<std::vector<LinkedService>> makeServices(std::span<const ServiceSpec> specs, const ServiceNeeds& needs);

/// Those that are not suspended.
std::shared_ptr<const Pipeline> pipelineOf(std::span<const LinkedService> services);

/// A name may be 1 to 40 letters, digits, '-', '_' and '.'.
bool isServiceName(std::string_view text);

/// Whether names, services and parameters are in order, without making anything. Error: the first that is not.
Result<void> checkServices(std::span<const ServiceSpec> specs);

} // namespace lab
