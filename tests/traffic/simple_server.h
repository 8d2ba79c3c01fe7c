// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lab {

/// A server for tests that answers one connection at a time, as the test tells it to.
///
/// Threads: one of its own; the rest by the test's.
class SimpleServer {
public:
    /// `answer` gets a whole request and gives the octets to send; empty: close the connection without a word.
    using Answer = std::function<std::string(const std::string& request)>;
    explicit SimpleServer(Answer answer);
    ~SimpleServer();

    std::uint16_t port() const { return m_port; }

    /// Holds all answers back until release(). Counts from 0, the next ones wait.
    void hold();
    void release();
    /// Waits until so many requests have come in all.
    void waitForRequests(std::size_t count);

    std::vector<std::string> requests() const;
    std::vector<std::string> peers() const; ///< addresses of the connections

    static std::string response(const std::string& body, const std::string& fields = {});

private:
    void run();
    void serve(int descriptor);
    std::string receive(int descriptor);

    Answer m_answer;
    FileDescriptor m_listening;
    FileDescriptor m_stop;
    std::uint16_t m_port = 0;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_held = false;                 ///< guarded by m_mutex
    bool m_stopping = false;             ///< guarded by m_mutex
    std::vector<std::string> m_requests; ///< guarded by m_mutex
    std::vector<std::string> m_peers;    ///< guarded by m_mutex
    std::jthread m_thread;
};

} // namespace lab
