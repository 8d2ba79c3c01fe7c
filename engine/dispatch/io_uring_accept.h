// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/dispatch/asynchronous_operation.h"
#include "engine/dispatch/io_uring_rings.h"

#include <deque>
#include <mutex>

namespace lab {

class IoUringOperationProcessor;

/// Accepts through io_uring: one submission that completes again and again (multishot), where the kernel has that.
///
/// Role: between the kernel, which takes clients out of the backlog as they come, and the accept operations, each of
/// which takes one of them. Threads: accept() by any, one at a time; the rest by the performing one.
/// Owner: the processor.
class IoUringAccept final : public RingRequest {
public:
    IoUringAccept(IoUringOperationProcessor& processor, FileDescriptor listening)
        : m_processor(processor)
        , m_listening(std::move(listening)) {}
    ~IoUringAccept(); ///< closes what nobody has taken

    void accept(AsynchronousOperation& operation);
    bool holdsAccepted();
    bool mayStillAccept();
    /// While threads have their turns: tells of a client for whom an operation waits.
    void offer();

    void performed(int result, bool more) override;

private:
    void submit(const AsynchronousOperation& operation);
    void deliver();

    IoUringOperationProcessor& m_processor;
    const FileDescriptor m_listening;
    std::mutex m_mutex;
    std::deque<int> m_results; ///< guarded by m_mutex: sockets, or an error that ended the submission
    AsynchronousOperation* m_operation = nullptr; ///< guarded by m_mutex: that waits
    bool m_offered = false;                       ///< guarded by m_mutex
    bool m_armed = false;                         ///< guarded by m_mutex
    bool m_multishot = true;                      ///< guarded by m_mutex
};

} // namespace lab
