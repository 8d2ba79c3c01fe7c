// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/server/server.h"
#include "engine/state/narration.h"
#include "engine/trace/trace.h"
#include "tests/contract/document_tree.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lab::test {

class RawClient;

/// A running server and everything that it records. Throws when it cannot be started.
class TracedServer {
public:
    explicit TracedServer(ServerOptions options);
    ~TracedServer();

    Server& server() { return *m_server; }
    const DocumentTree& tree() const { return m_tree; }
    std::uint16_t port() const { return m_server->port(); }
    Gate& gate() { return m_trace.gate(); }
    ServerCounts counts() const { return m_server->counts(); }

    /// All events so far.
    RecordingView view();
    std::vector<Event> events();
    std::size_t count(const std::function<bool(const Event&)>& matches);
    /// What the recording's sentences need.
    Glossary glossary() const { return Glossary::of(m_recording); }
    /// The name of the thread that made the event.
    std::string threadOf(const Event& event) { return m_trace.threadName(event.actor); }

private:
    DocumentTree m_tree;
    Recording m_recording;
    Trace m_trace{m_recording};
    std::unique_ptr<Server> m_server;
};

constexpr std::string_view oneRequest = "GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\n\r\n";
/// Sends a request for that file on an open connection, and gets the whole answer, with success.
bool isAnswered(RawClient& client, std::string_view request = oneRequest);

/// "thread-pool-queue" and so on, with that many threads.
ServerOptions optionsOf(const std::string& model, unsigned threads);

} // namespace lab::test
