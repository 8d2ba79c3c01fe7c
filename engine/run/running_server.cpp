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

bool isOther(const Server& server, const ServerOptions& wanted) {
    const auto present = server.options();
    return wanted.model != present.model || !changedSettings(present, wanted).empty();
}

/// A server whose processes have the services that they began with gets others only by way of another model.
Result<void> reconfigure(Server& server, ServerOptions wanted) {
    auto next = asRunning(server, std::move(wanted));
    if (!next) {
        return next.error();
    }
    auto services = next->services;
    for (auto& service : services) {
        service.name = service.called(); // as it is called once it is linked
    }
    const auto former = servicesOf(server);
    auto& configurator = server.configurator();
    const bool isClosed = !configurator.whyClosed().empty();
    if (const auto linked = isClosed ? Result<void>() : configurator.configure(services); !linked) {
        return linked.error();
    }
    const auto before = server.options();
    const bool changes = isOther(server, *next);
    if (changes) {
        if (auto changed = server.change(std::move(*next)); !changed) {
            if (!isClosed) {
                // What was linked a moment ago can be linked again.
                static_cast<void>(configurator.configure(former));
            }
            return changed;
        }
    }
    if (!isClosed || services == former) {
        return {};
    }
    auto linked = configurator.configure(services);
    if (!linked && changes) {
        // So it ran a moment ago.
        static_cast<void>(server.change(before));
    }
    return linked;
}

} // namespace lab
