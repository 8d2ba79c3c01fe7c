// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/service_list.h"
#include "engine/filesystem/followed_folder.h"
#include "engine/http/request_target.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace lab {

namespace {

constexpr std::array virtualServerParameters{
    ServiceParameter{.name = "hosts",
                     .about = "HOST=FOLDER for each virtual server: what its Host field says, and its document root",
                     .kind = ServiceParameter::Kind::Texts},
};

/// As two host names are compared: without regard to case, nor to the dot that ends a full one.
std::string comparableHost(std::string_view host) {
    std::string text(host.substr(0, host.size() - (host.ends_with('.') ? 1 : 0)));
    std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
    });
    return text;
}

struct VirtualServer {
    std::string host;
    std::string folder;
};

Result<std::vector<VirtualServer>> readVirtualServers(const ServiceParameters& parameters) {
    std::vector<VirtualServer> servers;
    for (const auto& entry : parameters.texts("hosts")) {
        const auto equals = std::min(entry.find('='), entry.size());
        VirtualServer server{comparableHost(std::string_view(entry).substr(0, equals)),
                             entry.substr(std::min(equals + 1, entry.size()))};
        const bool isAddress = server.host.starts_with('[') && server.host.ends_with(']');
        if (server.folder.empty() || !isAuthority(server.host) ||
            (!isAddress && server.host.find(':') != std::string::npos)) {
            return Error{"hosts: a virtual server is written HOST=FOLDER, without a port, not \"" + entry + "\""};
        }
        if (std::any_of(servers.begin(), servers.end(), [&](const auto& one) { return one.host == server.host; })) {
            return Error{"hosts: " + server.host + " is there twice"};
        }
        servers.push_back(std::move(server));
    }
    return servers.empty() ? Error{"hosts: names no virtual server"} : Result<std::vector<VirtualServer>>(servers);
}

/// Gives each host a document root of its own. A host that is not named gets the server's.
class VirtualServers final : public Service {
public:
    explicit VirtualServers(const ServiceNeeds& needs)
        : m_recording(needs.recording) {}

    Result<void> add(const VirtualServer& server) {
        auto files = std::make_unique<FollowedFolder>([folder = server.folder] { return openFolder(folder); },
                                                      m_recording, CachedFilesystem::Options{}, "//" + server.host);
        if (const int error = files->error(); error != 0) {
            return Error::ofSystem("hosts: " + server.host + ": cannot open the document root " + server.folder, error);
        }
        m_roots.emplace(server.host, std::move(files));
        return {};
    }

    void refresh() override {
        for (const auto& [host, root] : m_roots) {
            root->refresh();
        }
    }

    void chooseFile(const Exchange& exchange, FileChoice& choice) override {
        if (choice.files != exchange.files || exchange.host.empty()) {
            return;
        }
        if (const auto root = m_roots.find(comparableHost(exchange.host)); root != m_roots.end()) {
            choice.files = root->second.get();
        }
    }

private:
    Recording* const m_recording;
    std::map<std::string, std::unique_ptr<FollowedFolder>> m_roots; ///< by host; never changes once linked
};

} // namespace

const ServiceDescription virtualServersService{
    .id = "virtual-servers",
    .title = "Virtual servers",
    .source = "López Ortega, Cherokee, section VI",
    .about = "Several servers at one address: the host that a request names chooses the document root. Other hosts get "
             "the server's own.",
    .hooks = {ServiceHook::ChooseFile},
    .parameters = virtualServerParameters,
    .create = [](const ServiceParameters& parameters, const ServiceNeeds& needs) -> Result<std::shared_ptr<Service>> {
        const auto servers = readVirtualServers(parameters);
        if (!servers) {
            return servers.error();
        }
        auto service = std::make_shared<VirtualServers>(needs);
        for (const auto& one : *servers) {
            if (auto added = service->add(one); !added) {
                return added.error();
            }
        }
        return std::shared_ptr<Service>(std::move(service));
    },
    .check = [](const ServiceParameters& parameters) -> Result<void> {
        const auto servers = readVirtualServers(parameters);
        return servers ? Result<void>() : servers.error();
    },
};

} // namespace lab
