// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/server_arguments.h"

#include "engine/analysis/suggestion.h"
#include "engine/concurrency/model.h"
#include "engine/run/server_settings.h"

namespace lab {

void addServerOptions(Arguments& command) {
    command.addOption("threads", "N", "threads of a pool, 1 to 1000 (4)");
    command.addOption("demultiplexer", "NAME", "for the reactive models: select, poll or epoll (epoll)");
    command.addOption("transfer", "NAME", "how larger files are sent: read-write or transmit-file (transmit-file)");
}

Result<void> readServerOptions(const Arguments& command, ServerOptions& options) {
    const auto threads = command.whole("threads", options.threads, 1, 1000);
    if (!threads) {
        return threads.error();
    }
    options.threads = static_cast<unsigned>(*threads);
    if (command.has("demultiplexer")) {
        const auto chosen = demultiplexerFrom(command.text("demultiplexer"));
        if (!chosen) {
            return Error{"--demultiplexer must be select, poll or epoll"};
        }
        options.demultiplexer = *chosen;
    }
    if (command.has("transfer")) {
        const auto chosen = fileTransferFrom(command.text("transfer"));
        if (!chosen) {
            return Error{"--transfer must be read-write or transmit-file"};
        }
        options.transfer = *chosen;
    }
    return {};
}

Result<void> checkModel(const std::string& id) {
    if (const auto* model = findModel(id)) {
        const auto reason = model->unavailable ? model->unavailable() : std::string();
        return reason.empty() ? Result<void>() : Error{"the model " + id + " cannot run here: " + reason};
    }
    std::vector<std::string_view> ids;
    std::string list;
    for (const auto& model : models()) {
        ids.push_back(model.id);
        list += (list.empty() ? "" : ", ") + std::string(model.id);
    }
    return Error{"there is no model \"" + id + "\"" + suggestion(id, ids) + " (models: " + list + ")"};
}

} // namespace lab
