// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/thread_group.h"
#include "engine/configuration/linked_services.h"
#include "engine/connection/accepted_connection.h"
#include "engine/filesystem/cached_filesystem.h"
#include "engine/process/connection_channel.h"
#include "engine/process/process_link.h"
#include "engine/process/process_memory.h"
#include "engine/process/traced_process.h"
#include "engine/protocol/pipeline.h"
#include "engine/server/server_context.h"
#include "engine/trace/recording.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lab {

/// A child that has ended.
struct EndedChild {
    std::size_t place = 0;
    bool hasServed = false; ///< it has accepted a connection
    std::chrono::nanoseconds age{0};
};

/// The parent of a server's processes: a small program with one thread, because to fork a program with several, as the
/// lab is, leaves the child with locks that nobody unlocks.
///
/// Role: what a concurrency model of processes is made of, on the far side. Decides: nothing but where a child's place
/// is; the model says when to fork. Threads: one. Owner: the program's main().
class ProcessParent {
public:
    /// Takes over from the lab at `socket`. Error: it has not said all that is needed, or the root cannot be opened.
    static Result<std::unique_ptr<ProcessParent>> join(FileDescriptor socket);
    ~ProcessParent(); ///< waits for the children, and takes its leave of the lab

    const ServerOptions& options() const { return m_options; }
    bool running() const { return m_memory.share().wide.state.load(std::memory_order_acquire) == ServerState::Running; }
    std::size_t children() const { return m_children.size(); }

    /// A place for a child; waits in the kernel until there is one. Nothing: the server does not run any more.
    std::optional<std::size_t> awaitPlace();

    /// Blocks until a client connects, to be served from `place`. Nothing: none came, or the server does not run.
    std::optional<AcceptedConnection> accept(std::size_t place);

    /// Forks. The child runs `work`, and ends. False: the system has no process to give.
    bool fork(std::size_t place, const std::string& name, const std::function<void(ServerContext& context)>& work);

    /// Waits in the kernel until a child ends, the server's state changes, or `limit` is over; negative: no limit.
    void wait(std::chrono::milliseconds limit = std::chrono::milliseconds{-1});

    /// Those that have ended since the last call.
    std::vector<EndedChild> takeEnded();

    /// The place is not needed after all.
    void giveBack(std::size_t place);
    /// A connection accepted for `place` that no child can be had for.
    void refuse(std::size_t place, AcceptedConnection connection);

private:
    ProcessParent(FileDescriptor socket, ProcessMemory memory, ServerOptions options, FileDescriptor listening,
                  FileDescriptor bell, FileDescriptor channel, FileDescriptor signals);
    Result<void> openFiles();
    void begin();
    std::unique_ptr<ServerContext> contextOf(std::size_t place);
    void tellTrouble(std::size_t place);
    std::optional<std::size_t> freePlace();
    bool await(int descriptor, std::chrono::milliseconds limit, int other = -1);
    void lookAround();
    void hear();
    void reap();
    void countLiving();
    [[noreturn]] void beChild(std::size_t place, const std::string& name,
                              const std::function<void(ServerContext& context)>& work, int parent);

    struct Child {
        std::size_t place = 0;
        std::int64_t begunAt = 0;
        std::uint64_t servedBefore = 0; ///< connections, by others at its place
    };
    FileDescriptor m_socket;
    ProcessMemory m_memory;
    const ServerOptions m_options;
    FileDescriptor m_listening;
    FileDescriptor m_bell;
    FileDescriptor m_channel;
    ChannelTransit m_transit{m_channel.get()};
    FileDescriptor m_signals; ///< a child has ended
    Gate m_gate;
    ThreadGroup m_noThreads{nullptr};
    Recording m_names;
    std::unique_ptr<ProcessLink> m_link;
    std::unique_ptr<CachedFilesystem> m_files; ///< empty; each child fills its own copy
    std::vector<LinkedService> m_services;     ///< each child has those that the parent has made
    std::string m_troubleTold;                 ///< of them
    PipelineSlot m_pipeline;
    std::optional<TracedProcess> m_traced;
    std::map<int, Child> m_children; ///< by process
    std::vector<EndedChild> m_ended;
};

} // namespace lab
