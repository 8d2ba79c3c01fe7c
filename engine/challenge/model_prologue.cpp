// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/challenge/model_prologue.h"

namespace lab {

void beginModel(ModelEvents& events, std::string_view id, std::span<const std::string_view> threads) {
    LAB_MODEL_MARK(events, laboratoryActor, ThreadStarted, Thread, "thread", .value = events.name("laboratory"));
    LAB_MODEL_MARK(events, laboratoryActor, RunStarted, Laboratory, "model", .value = events.name(id));
    LAB_MODEL_MARK(events, clientsActor, ThreadStarted, Thread, "thread", .value = events.name("clients"));
    for (std::size_t thread = 0; thread < threads.size(); ++thread) {
        LAB_MODEL_MARK(events, actorOf(thread), ThreadStarted, Thread, "thread", .value = events.name(threads[thread]));
    }
    LAB_MODEL_MARK(events, laboratoryActor, ListeningStarted, Acceptor, "listen", .value = 8080);
}

void connectClient(ModelEvents& events, std::uint32_t client) {
    LAB_MODEL_MARK(events, clientsActor, ClientConnecting, Client, "connect", .connection = client,
                   .value = portOf(client));
    LAB_MODEL_MARK(events, clientsActor, ClientConnected, Client, "connected", .connection = client);
}

} // namespace lab
