// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/configuration/wanted_server.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// A file of the document root that the scenario brings along, filled with text made from its name, or with its own.
struct ScenarioFile {
    std::string path; ///< under the root, without leading '/': "5k.bin"
    std::int64_t octets = 0;
    double share = 0;                     ///< how often it is asked for, as a share of the sum of all shares
    std::string hint{};                   ///< "pin" or "prefetch": stands in the document root's hints; empty: no hint
    std::optional<std::string> content{}; ///< its own text; `octets` is its length
    bool isCold = false;                  ///< on its disk, not in the page cache, when it is asked for
};

/// How requests come about.
enum class Arrivals : std::uint8_t {
    Closed,  ///< each client asks again `thinkSeconds` after its last answer
    Poisson, ///< `perSecond` on average, exponential gaps, whether or not earlier ones were answered
    Constant ///< `perSecond`, evenly spaced
};

/// Clients that behave alike. Groups of the same name in several phases are the same clients: they stay connected.
struct ClientGroup {
    std::string name; ///< "fast"
    Arrivals arrivals = Arrivals::Closed;
    unsigned clients = 1;    ///< closed: how many; open: at most so many connections at once
    double thinkSeconds = 0; ///< closed: mean time between an answer and the next request, exponential
    double perSecond = 0;    ///< open: arrivals a second
    bool keepAlive = true;
    unsigned requestsPerConnection = 0;              ///< with keep-alive: a new connection after so many; 0: never
    std::int64_t sendOctetsPerSecond = 0;            ///< a slow sender; 0: as fast as it goes
    std::int64_t receiveOctetsPerSecond = 0;         ///< a slow reader; 0: as fast as it goes
    std::int64_t linkOctetsPerSecond = 0;            ///< of all its clients together; 0: no limit of its own
    std::vector<std::pair<std::string, double>> mix; ///< path (without leading "/") and share; empty: the files
    std::string host{};                              ///< which server it asks for; empty: the one that it connects to
    std::vector<std::pair<std::string, std::string>> fields{}; ///< that its requests have besides: name and value
    unsigned status = 0; ///< that counts as a good answer although it tells of an error; 0: none
    /// Closed: all ask for the first time within so long, one after the other; else spread over a think time.
    std::optional<double> firstWithinSeconds{};
};

struct Phase {
    std::string name;
    double seconds = 0;
    std::vector<ClientGroup> groups;
    std::optional<WantedServer> server{}; ///< while it lasts, instead of what the run began with
};

/// Traffic, as a file in `scenarios/` describes it.
struct Scenario {
    std::string id; ///< the file's name without ".json"
    std::string title;
    std::string description;
    std::uint64_t seed = 1;
    std::int64_t linkOctetsPerSecond = 0; ///< of the clients of all groups without a limit of their own; 0: no limit
    std::optional<double> pace;           ///< events a second to begin with, in the window only
    WantedServer server;
    std::vector<ScenarioFile> files;
    std::vector<Phase> phases;

    double seconds() const;
};

/// Errors name file, line and field: "light.json:12: phases[0].groups[1].clients: must be from 1 to 20000".
/// Unknown fields are refused.
Result<Scenario> readScenario(const std::string& file);
/// `name` stands for the file in errors, and gives the id.
Result<Scenario> parseScenario(std::string_view text, std::string_view name);

/// The paths of the scenario files in a folder, sorted. A broken one is left out; readScenario() tells why.
std::vector<std::string> scenarioFiles(const std::string& folder);

} // namespace lab
