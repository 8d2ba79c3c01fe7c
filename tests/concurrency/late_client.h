// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"

#include <cstdint>
#include <list>
#include <string>

namespace lab::test {

/// A client that has its descriptor long before it connects, so that it can come when there are none to be had, and
/// that never waits. It asks for /hello.txt, once, and for the end of the connection with it.
class LateClient {
public:
    LateClient();

    /// Begins to connect.
    void call(std::uint16_t port);
    /// As far as it can be seen here: the kernel says so before the server has taken the connection.
    bool isConnected() const;
    /// Asks when it is connected, and takes what has come.
    void goOn();
    /// The whole answer has come, with success, and then the end of the connection.
    bool isAnswered() const;
    /// Goes, whatever it was waiting for.
    void giveUp() { m_socket.reset(); }
    /// The same so that the server sees a reset.
    void reset();

private:
    FileDescriptor m_socket;
    bool m_hasAsked = false;
    bool m_hasEnded = false;
    std::string m_received;
};

/// Each of them, once.
void goOn(std::list<LateClient>& clients);

/// Waits until all have their answers, for a while. Returns whether they have.
bool areServed(std::list<LateClient>& clients);

} // namespace lab::test
