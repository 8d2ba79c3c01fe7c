// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/connection/connection_transit.h"

#include <optional>

namespace lab {

/// A pair of sockets through which connections travel between the lab and a server's processes, either way.
struct ConnectionChannel {
    FileDescriptor lab;
    FileDescriptor processes; ///< all processes have it: whoever asks first gets a connection

    /// Error: no descriptors to be had.
    static Result<ConnectionChannel> create();
};

/// Error: the other side takes nothing just now (with MSG_DONTWAIT in `flags`), or has gone. Then the connection is
/// still the caller's.
Result<void> sendConnection(int channel, const AcceptedConnection& connection, int flags);

/// Does not wait. Nothing: there is none. A connection without a socket: this process has no descriptor for it, and so
/// it was closed on the way.
std::optional<AcceptedConnection> receiveConnection(int channel);

/// Transit as a process of a server sees it: the lab's own is on the other side. Threads: the process's only one.
class ChannelTransit final : public ConnectionTransit {
public:
    explicit ChannelTransit(int channel)
        : m_channel(channel) {}

    void push(AcceptedConnection connection) override;
    std::optional<AcceptedConnection> take() override { return receiveConnection(m_channel); }
    bool empty() const override;

private:
    const int m_channel;
};

} // namespace lab
