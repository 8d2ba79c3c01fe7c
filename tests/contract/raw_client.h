// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>

namespace lab::test {

/// A TCP connection to a server on this machine that sends any octets and keeps all that comes back.
/// Throws std::runtime_error where the connection cannot be made. Owner: a test.
class RawClient {
public:
    enum class Ending : std::uint8_t {
        Enough, ///< what was waited for has come
        Closed, ///< the server has ended the connection in good order
        Reset,
        TimedOut
    };
    static constexpr std::size_t whole = std::numeric_limits<std::size_t>::max();
    static constexpr std::chrono::milliseconds patience{20'000};

    /// With `receiveBuffer` the kernel keeps at most about so many octets for us; otherwise what it thinks fit.
    explicit RawClient(std::uint16_t port, int receiveBuffer = 0);

    /// Sends everything, `piece` octets a call, and reads what comes meanwhile. Stops when the server takes no more.
    void send(std::string_view octets, std::size_t piece = whole);
    /// Sends what is taken at once, without reading; returns how many octets that was.
    std::size_t sendSome(std::string_view octets);
    /// False when the server has taken nothing for so long.
    bool waitUntilWritable(std::chrono::milliseconds limit);
    void halfClose();
    /// Closes so that the server sees a reset.
    void reset();

    /// Reads until `enough` says so of received(), or the connection ends.
    Ending readUntil(const std::function<bool(const std::string&)>& enough, std::chrono::milliseconds limit = patience);
    Ending readToEnd(std::chrono::milliseconds limit = patience) {
        return readUntil([](const std::string&) { return false; }, limit);
    }

    const std::string& received() const { return m_received; }
    void forget() { m_received.clear(); }

private:
    /// Takes what is there; false at the end of the stream.
    bool readSome();

    FileDescriptor m_socket;
    std::string m_received;
    bool m_ended = false;
    bool m_reset = false;
};

} // namespace lab::test
