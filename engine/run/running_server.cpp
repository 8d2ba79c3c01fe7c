// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/run/running_server.h"

#include "engine/configuration/service_configurator.h"
#include "engine/server/server.h"
#include "engine/server/server_change.h"

#include <utility>
#include <vector>

namespace lab {

namespace {

std::vector<ServiceSpec> servicesOf(Server& server) {
    std::vector<ServiceSpec> specs;
    for (auto& entry : server.configurator().services()) {
        specs.push_back(std::move(entry.spec));
    }
    return specs;
}

} // namespace

Result<ServerOptions> asRunning(const Server& server, ServerOptions wanted) {
    const auto present = server.options();
    wanted.root = present.root;
    wanted.address = present.address;
    wanted.port = present.port;
    wanted.backlog = present.backlog;
    const auto good = checkOptions(wanted);
    return good ? Result<ServerOptions>(std::move(wanted)) : good.error();
}

bool isOther(const Server& server, const ServerOptions& wanted) { return isOther(server.options(), wanted); }

Result<void> reconfigure(Server& server, ServerOptions wanted) {
    auto next = asRunning(server, std::move(wanted));
    if (!next) {
        return next.error();
    }
    auto services = next->services;
    for (auto& service : services) {
        service.name = service.called(); // as it is called once it is linked
    }
    if (isOther(server, *next) || !server.whyNotServing().empty()) {
        return server.change(std::move(*next), services);
    }
    return services == servicesOf(server) ? Result<void>() : server.configurator().configure(services);
}

} // namespace lab
