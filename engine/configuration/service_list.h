// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/configuration/service.h"

#include <span>
#include <string_view>

namespace lab {

// Each is defined in the file of its service; service_list.cpp puts them into the one list.
extern const ServiceDescription accessLogService;
extern const ServiceDescription gzipService;
extern const ServiceDescription headersService;
extern const ServiceDescription delayService;
extern const ServiceDescription faultService;
extern const ServiceDescription tildeService;
extern const ServiceDescription virtualServersService;
extern const ServiceDescription basicAuthenticationService;
extern const ServiceDescription errorPagesService;

/// All services that can be linked, in the order of menus.
std::span<const ServiceDescription* const> serviceDescriptions();

/// Null where there is none.
const ServiceDescription* findService(std::string_view id);

/// Whether there is such a service and its parameters fit, without making it. Error: "gzip: level must be ...", with a
/// suggestion where a word is nearly right.
Result<ServiceParameters> checkService(const ServiceSpec& spec);

} // namespace lab
