// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/http/header_fields.h"
#include "engine/http/peer_address.h"
#include "engine/http/request.h"

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace lab {

class CachedFilesystem;

/// A request on its way through the Protocol Pipeline, as services see it. Texts stay in place until finished().
struct Exchange {
    std::uint32_t connection = 0;
    std::uint32_t number = 1; ///< of the request on its connection, from 1
    CachedFilesystem* files;  ///< never null; the server's document root, as its cache is when the request comes
    PeerAddress peer;
    std::time_t began = 0;  ///< seconds of the wall clock, when its header was there
    std::string_view head;  ///< the request line and all fields as received; of a broken request what there is of it
    const Request* request; ///< never null; of a broken request with `method` Unknown and no target
    std::string_view path;  ///< decoded, begins with '/'; empty for a request whose target was refused
    std::string user;       ///< who has been let in, where a service asks for a name; set by its authorize()
    std::string_view host;  ///< whom it asks: of an absolute target, else of Host; without port, may be empty

    /// "GET /index.html HTTP/1.1", as sent.
    std::string_view requestLine() const { return head.substr(0, head.find("\r\n")); }
    /// A field of the request, such as "Accept-Encoding"; what came several times is joined by ", ".
    std::optional<std::string> field(std::string_view name) const { return fieldOf(head, name); }
};

} // namespace lab
