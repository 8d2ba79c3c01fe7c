// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model_list.h"
#include "engine/connection/blocking_connection.h"
#include "engine/process/parent_program.h"
#include "engine/process/parent_roles.h"
#include "engine/process/process_model.h"
#include "engine/process/process_parent.h"
#include "engine/server/server_context.h"

#include <chrono>
#include <string>

namespace lab {

namespace {

/// So many at once; then clients wait in the backlog until one has ended.
constexpr std::size_t mostProcesses = 512;

/// For a system that has no process to give.
constexpr std::chrono::milliseconds restAfterFailure{200};

} // namespace

/// Role: the parent of NCSA's server and Apache's first design: it accepts, forks a process that serves the connection
/// to its end, and accepts again.
void serveEachConnectionByAProcess(ProcessParent& parent) {
    while (const auto place = parent.awaitPlace()) {
        if (!parent.running()) {
            parent.giveBack(*place);
            return;
        }
        auto connection = parent.accept(*place);
        if (!connection) {
            parent.giveBack(*place);
            continue;
        }
        // The name is one of a few, so that names do not pile up in the recording.
        const auto name = "process-" + std::to_string(connection->id % 1000);
        const bool isForked = parent.fork(
            *place, name, [&](ServerContext& context) { BlockingConnection(context, std::move(*connection)).serve(); });
        if (!isForked) {
            parent.refuse(*place, std::move(*connection));
            parent.giveBack(*place);
            parent.wait(restAfterFailure);
        }
        parent.takeEnded(); // nobody to be replaced
        // The parent's own descriptor is closed here: from now on the connection is the child's alone.
    }
}

const ModelDescription processPerConnectionModel{
    .id = "process-per-connection",
    .family = Family::Synchronous,
    .title = "Process per connection",
    .threads = "a parent that accepts, and a process forked for each connection, at most 512 at once",
    .source = "López Ortega, Cherokee, section II (NCSA, first Apache)",
    .summary = "The parent forks a process for each connection, which serves it with blocking calls and ends; one that "
               "dies costs its own connection.",
    .options = {"transfer"},
    .steps = {"own-thread"},
    .unavailable = whyNoProcesses,
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return makeProcessModel(context, {.mostProcesses = mostProcesses, .parentAccepts = true});
    },
};

} // namespace lab
