// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/pattern/pattern.h"

#include <array>

namespace lab {

std::span<const Pattern> patterns() {
    static const std::array list{
        Pattern{
            .id = "acceptor",
            .title = "Acceptor",
            .source = "the book's section 2.4; Hu, Pyarali, Schmidt, sections 2 and 3",
            .intent = "Parts the way in which connections come from what is done with them: it creates a handler, "
                      "accepts into it and activates it.",
            .players = {{"HTTP Acceptor (reactive)", "HttpAcceptor", "engine/connection/http_acceptor.h"},
                        {"Async Acceptor (proactive)", "AsyncAcceptor", "engine/connection/async_acceptor.h"},
                        {"HTTP Handler", "ReactiveConnection", "engine/connection/reactive_connection.h"}},
            .departure = "The acceptor of the synchronous models is a function, not an object: a thread that blocks in "
                         "accept has nobody to be called back by.",
            .model = "reactor",
            .scenario = "lesson-two-clients",
        },
        Pattern{
            .id = "reactor",
            .title = "Reactor",
            .source = "the book's section 2.4",
            .intent = "One place waits until handles are ready and calls their handlers, which do the I/O themselves. "
                      "Readiness is reported, not completion.",
            .players = {{"Initiation Dispatcher", "InitiationDispatcher", "engine/dispatch/initiation_dispatcher.h"},
                        {"Synchronous Event Demultiplexer", "EventDemultiplexer", "engine/dispatch/demultiplexer.h"},
                        {"Concrete Event Handler", "ReactiveConnection", "engine/connection/reactive_connection.h"}},
            .departure =
                "The Cherokee article also names kqueue, of FreeBSD, OpenBSD and NetBSD. Linux does not have it; it "
                "would be one more demultiplexer beside select, poll and epoll.",
            .model = "reactor",
            .scenario = "first-light",
        },
        Pattern{
            .id = "proactor",
            .title = "Proactor",
            .source = "Hu, Pyarali, Schmidt, section 4",
            .intent = "Operations are started and go on by themselves; when one has completed, a dispatcher calls the "
                      "handler that was named at its start.",
            .players = {{"Proactive Initiator and Completion Handler", "ProactiveConnection",
                         "engine/connection/proactive_connection.h"},
                        {"Completion Handler", "CompletionHandler", "engine/dispatch/asynchronous_operation.h"},
                        {"Asynchronous Operation Processor", "AsynchronousOperationProcessor",
                         "engine/dispatch/asynchronous_operation_processor.h"},
                        {"Completion Dispatcher's queue", "CompletionQueue", "engine/dispatch/completion_queue.h"}},
            .departure =
                "On Windows NT the kernel was both processor and dispatcher: its completion ports queue results, and "
                "limit how many threads work on them at a time. Linux has none. Here the dispatcher's queue is the "
                "lab's own whichever processor performs the operations, so that each push and pop is an event.",
            .model = "proactor",
            .scenario = "first-light",
        },
        Pattern{
            .id = "active-object",
            .title = "Active Object",
            .source = "the book's section 2.4 (the thread pool with a queue)",
            .intent =
                "Parts calling a method from carrying it out: calls become method objects in a queue, and threads "
                "of the object's own take them from there.",
            .players = {{"Activation Queue", "ActivationQueue", "engine/concurrency/activation_queue.h"},
                        {"Method Object", "MethodObject", "engine/concurrency/activation_queue.h"}},
            .departure = "Nobody waits for a result, so there are no futures: a method object answers its client "
                         "by itself. The queue is bounded: who finds it full waits for room.",
            .model = "thread-pool-queue",
            .scenario = "full-queue",
        },
        Pattern{
            .id = "half-sync-half-async",
            .title = "Half-Sync/Half-Async",
            .source = "the book's section 2.4",
            .intent = "An asynchronous layer that never blocks reads requests and queues them; a synchronous layer of "
                      "threads that may block answers them.",
            .players = {{"Asynchronous layer", "InitiationDispatcher", "engine/dispatch/initiation_dispatcher.h"},
                        {"Queueing layer", "ActivationQueue", "engine/concurrency/activation_queue.h"},
                        {"Synchronous layer's service", "HalfSyncConnection",
                         "engine/connection/half_sync_connection.h"}},
            .departure = "A request that finds the queue full is answered at once with 503, by the reactor: waiting "
                         "for room would stop all other connections.",
            .model = "half-sync-half-async",
            .scenario = "full-queue",
        },
        Pattern{
            .id = "leader-followers",
            .title = "Leader/Followers",
            .source = "beyond the source documents",
            .intent = "Threads take turns at one handle set: the leader waits for all, and before it serves what came "
                      "it makes one of the followers the leader.",
            .players = {{"Thread Pool and Handle Set", "LeaderFollowers", "engine/dispatch/leader_followers.h"},
                        {"Concrete Event Handler", "ReactiveConnection", "engine/connection/reactive_connection.h"}},
            .departure = "",
            .model = "leader-followers",
            .scenario = "first-light",
        },
        Pattern{
            .id = "asynchronous-completion-token",
            .title = "Asynchronous Completion Token",
            .source = "Hu, Pyarali, Schmidt, sections 2 and 4.3",
            .intent =
                "What the initiator hands over with an operation, and gets back with its result, so that it knows "
                "at once which one it is.",
            .players = {{"Token", "AsynchronousOperation", "engine/dispatch/asynchronous_operation.h"}},
            .departure = "The token is a member of its handler and is used again: a connection has one operation "
                         "outstanding at a time, so none is ever allocated on the way.",
            .model = "proactor-pool",
            .scenario = "first-light",
        },
        Pattern{
            .id = "strategy",
            .title = "Strategy",
            .source = "Hu, Pyarali, Schmidt, section 2 (Concurrency, I/O, Cached Virtual Filesystem)",
            .intent = "Ways of doing one thing stand behind one interface, and can be chosen without touching who uses "
                      "them.",
            .players = {{"Concurrency Strategy", "ConcurrencyModel", "engine/concurrency/model.h"},
                        {"Transfer", "TransferStrategy", "engine/connection/transfer_strategy.h"},
                        {"Caching strategy", "CachePolicy", "engine/filesystem/cache_policy.h"},
                        {"Demultiplexing", "EventDemultiplexer", "engine/dispatch/demultiplexer.h"}},
            .departure = "",
            .model = "",
            .scenario = "first-light",
        },
        Pattern{
            .id = "state",
            .title = "State",
            .source = "Hu, Pyarali, Schmidt, section 2 (Concurrency Strategy)",
            .intent = "Lets the server change its concurrency strategy while it runs.",
            .players = {{"Context", "Server", "engine/server/server.h"},
                        {"State", "ConcurrencyModel", "engine/concurrency/model.h"}},
            .departure =
                "Server::change() lets the former model finish what is in flight, and leaves its other connections to "
                "the next one, open as they are; the listening socket stays. In the window that is \"Change while it "
                "serves\"; a scenario's phases and the configuration file of serve do it too. Choosing a model in the "
                "upper bar starts a new run instead.",
            .model = "",
            .scenario = "changing-server",
        },
        Pattern{
            .id = "adapter",
            .title = "Adapter",
            .source = "Hu, Pyarali, Schmidt, section 2 (Protocol Handler)",
            .intent = "Parts the protocol from concurrency and I/O: the same handler works under all of them.",
            .players = {{"Target", "ProtocolHandler", "engine/protocol/protocol_handler.h"},
                        {"Adapter for blocking calls", "BlockingConnection", "engine/connection/blocking_connection.h"},
                        {"Adapter for readiness", "ReactiveConnection", "engine/connection/reactive_connection.h"},
                        {"Adapter for completions", "ProactiveConnection", "engine/connection/proactive_connection.h"}},
            .departure =
                "The handler makes no call into sockets at all: it is fed with octets and answers what it wants "
                "next, so each kind of connection decides who waits, and how.",
            .model = "",
            .scenario = "first-light",
        },
        Pattern{
            .id = "pipes-and-filters",
            .title = "Pipes and Filters",
            .source = "Hu, Pyarali, Schmidt, section 2 (Protocol Pipeline)",
            .intent =
                "What is done to requests and answers on their way is cut into filters, each of which knows nothing "
                "of the others, and which can be put together anew.",
            .players = {{"Pipeline", "Pipeline", "engine/protocol/pipeline.h"},
                        {"Filter", "Service", "engine/configuration/service.h"},
                        {"What flows", "ResponseDraft", "engine/configuration/service.h"}},
            .departure =
                "The papers' pipeline works on what comes in; ours is asked at five places of a request's way, so "
                "that one and the same filter can see the request, choose its file and change the answer.",
            .model = "",
            .scenario = "pipeline",
        },
        Pattern{
            .id = "service-configurator",
            .title = "Service Configurator",
            .source = "Hu, Pyarali, Schmidt, section 2 (Protocol Pipeline, Tilde Expander)",
            .intent = "Links, unlinks, suspends, resumes and reconfigures parts of a server while it serves.",
            .players = {{"Service Configurator", "ServiceConfigurator", "engine/configuration/service_configurator.h"},
                        {"Service Object", "Service", "engine/configuration/service.h"},
                        {"Service Repository", "PipelineSlot", "engine/protocol/pipeline.h"}},
            .departure =
                "The pattern's services come from shared libraries and are changed in place. Ours are part of the "
                "program, and none is ever changed: a new one takes its place, and a request ends with the services "
                "that "
                "it began with.",
            .model = "",
            .scenario = "slow-handler",
        },
        Pattern{
            .id = "memento",
            .title = "Memento",
            .source = "Hu, Pyarali, Schmidt, section 2 (I/O Strategy)",
            .intent = "Keeps the state of a request outside of the thread that works on it, so that it can be taken up "
                      "later.",
            .players = {{"Memento of a response", "SendCursor", "engine/connection/send_cursor.h"},
                        {"Memento of a run", "LabState", "engine/state/lab_state.h"}},
            .departure = "The lab uses it a second time: a run's state at any event can be kept, and gone back to.",
            .model = "reactor",
            .scenario = "slow-among-fast",
        },
        Pattern{
            .id = "singleton",
            .title = "Singleton",
            .source = "Hu, Pyarali, Schmidt, section 2 (Cached Virtual Filesystem)",
            .intent = "One cache for each server, known to everybody in it.",
            .players = {{"The one cache", "CachedFilesystem", "engine/filesystem/cached_filesystem.h"}},
            .departure =
                "Ours belongs to its server, which hands it to those who need it. A global one would be shared by "
                "servers that run side by side, and a test could not have its own.",
            .model = "",
            .scenario = "table-1-mix",
        },
    };
    return list;
}

} // namespace lab
