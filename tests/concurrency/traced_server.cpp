// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/concurrency/traced_server.h"

#include "tests/contract/raw_client.h"

#include <algorithm>

namespace lab::test {

TracedServer::TracedServer(ServerOptions options) {
    options.root = m_tree.root();
    m_server = std::move(Server::start(std::move(options), &m_trace).value());
}

TracedServer::~TracedServer() {
    m_trace.gate().open();
    m_server->stop();
}

RecordingView TracedServer::view() {
    m_trace.flush();
    return m_recording.view();
}

std::vector<Event> TracedServer::events() {
    const auto all = view();
    std::vector<Event> events;
    for (auto index = all.first(); index < all.end(); ++index) {
        events.push_back(all[index]);
    }
    return events;
}

std::size_t TracedServer::count(const std::function<bool(const Event&)>& matches) {
    const auto all = events();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), matches));
}

ServerOptions optionsOf(const std::string& model, unsigned threads) {
    ServerOptions options;
    options.model = model;
    options.threads = threads;
    return options;
}

bool isAnswered(RawClient& client, std::string_view request) {
    client.forget();
    client.send(request);
    const auto isWhole = [](const std::string& octets) { return octets.ends_with("Hello from the laboratory.\n"); };
    return client.readUntil(isWhole) == RawClient::Ending::Enough && client.received().starts_with("HTTP/1.1 200");
}

} // namespace lab::test
