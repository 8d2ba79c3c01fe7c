// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/contract/raw_client.h"
#include "tests/contract/response_reader.h"

#include <string>

namespace lab::test {

/// The answer to one request on a connection of its own; status 0: there was none, or not a whole one.
inline Response ask(std::uint16_t port, const std::string& path, const std::string& fields = {},
                    const std::string& method = "GET") {
    RawClient client(port);
    client.send(method + " " + path + " HTTP/1.1\r\nHost: lab.test\r\n" + fields + "Connection: close\r\n\r\n");
    client.readToEnd();
    std::string_view rest = client.received();
    try {
        return takeResponse(rest, method == "HEAD").value_or(Response{});
    } catch (const std::runtime_error&) {
        return {};
    }
}

} // namespace lab::test
