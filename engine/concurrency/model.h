// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/server/server_options.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

struct ServerContext;

enum class Family : std::uint8_t { Synchronous, Reactive, Proactive, Adaptive };
std::string_view words(Family family); ///< "synchronous"

/// Decides which threads exist and who serves which connection.
///
/// Role: Concurrency Strategy (P section 2). Threads: all calls by the server's owner.
class ConcurrencyModel {
public:
    virtual ~ConcurrencyModel() = default;

    /// Starts the threads. Error: none to be had.
    virtual Result<void> start() = 0;

    /// The server's state has changed (ServerContext::state): wakes whoever waits and should look.
    virtual void wake() = 0;

    /// As Server::cancelOperation(). Any thread, once start() has succeeded.
    virtual Result<void> cancel(std::uint32_t /*connection*/, std::uint32_t /*operation*/) {
        return Error{"only a proactive model has operations outstanding that can be cancelled: here threads of the "
                     "server make the calls themselves, and whoever is in one cannot be called off"};
    }

    /// Although the server does not run any more, a connection may still come in of which nobody could be told yet.
    virtual bool isAccepting() const { return false; }
};

/// A concurrency model as data: what menus, tests and `models` know of it.
struct ModelDescription {
    std::string_view id; ///< "thread-pool"
    Family family;
    std::string_view title;                   ///< "Thread pool"
    std::string_view threads;                 ///< who exists: "a pool; each thread blocks in accept"
    std::string_view source;                  ///< "Hu, Pyarali, Schmidt, section 3.1"
    std::string_view summary;                 ///< one sentence
    std::vector<std::string_view> options;    ///< names of the command line's options that it takes: "threads"
    std::vector<std::string_view> steps{};    ///< ids of the numbered sequences that it goes through; none: not told
    std::function<std::string()> unavailable; ///< as whyUnavailable(); null: can run everywhere
    std::unique_ptr<ConcurrencyModel> (*create)(ServerContext& context);

    /// Why it cannot run here; empty: it can.
    std::string whyUnavailable() const { return unavailable ? unavailable() : std::string(); }
};

/// All models, in the order of menus. The one list: a new model is a line in models.cpp.
std::span<const ModelDescription> models();

/// Null where there is none.
const ModelDescription* findModel(std::string_view id);

} // namespace lab
