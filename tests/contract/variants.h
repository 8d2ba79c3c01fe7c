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

/// Every model that can run here: as it is by default (named as the model), by every transfer and with every
/// demultiplexer that is not refused. Files of more than 10,000 octets are not kept in memory, so that some of the
/// corpus travel by descriptor.
std::vector<Variant> variants();

/// Of these, one a model, as it is by default: for what depends on the model alone, and takes its time.
std::vector<Variant> plainVariants();

/// Every combination of model, processor, transfer and cache, and of model, transfer and cork, that is not refused.
/// Files of more than 2,000 octets are not kept in memory, and the cache is small, so that files leave it.
std::vector<Variant> combinations();

/// Adds the column "variant" and a row for each.
void addVariantRows(const std::vector<Variant>& variants);

/// One running server a variant, started when first asked for. Owner: a test.
class Servers {
public:
    ~Servers() { stopAll(); }

    /// Throws when it cannot be started. Servers of other variants may have been stopped when this returns: only so
    /// many run at a time.
    Server& of(const Variant& variant, const std::string& root);
    /// All at once: each may take a quarter of a second.
    void stopAll();

private:
    std::map<std::string, std::unique_ptr<Server>> m_servers;
};

} // namespace lab::test
