// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/server/server.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace lab::test {

/// A way to run a server, and what it is called in the rows of tests.
struct Variant {
    std::string name;
    ServerOptions options;
};

/// Every model that can run here, with both ways of transfer and every demultiplexer where there is a choice. Files of
/// more than 10,000 octets are not kept in memory, so that some of the corpus travel by descriptor.
std::vector<Variant> variants();

/// Adds the column "variant" and a row for each.
void addVariantRows(const std::vector<Variant>& variants);

/// One running server a variant, started when first asked for. Owner: a test.
class Servers {
public:
    /// Throws when it cannot be started.
    Server& of(const Variant& variant, const std::string& root);
    void stopAll() { m_servers.clear(); }

private:
    std::map<std::string, std::unique_ptr<Server>> m_servers;
};

} // namespace lab::test
