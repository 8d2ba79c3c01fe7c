// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"

namespace lab {

/// Calls that wait for whichever of many handles is ready first.
constexpr bool isDemultiplexing(SystemCall call) {
    return call == SystemCall::Select || call == SystemCall::Poll || call == SystemCall::Epoll;
}

/// Calls by which the thread of a proactive event loop waits for completions.
constexpr bool isWaitForCompletions(SystemCall call) {
    return call == SystemCall::QueueWait || call == SystemCall::Epoll || call == SystemCall::IoUringEnter;
}

/// Which kind of work a call, a hook or an operation is: what its colour says in every view.
constexpr Work workOf(SystemCall call) {
    switch (call) {
    case SystemCall::Accept: return Work::Accept;
    case SystemCall::Read: return Work::Read;
    case SystemCall::Write:
    case SystemCall::Writev:
    case SystemCall::Sendfile:
    case SystemCall::Splice:
    case SystemCall::Setsockopt:
    case SystemCall::Shutdown: return Work::Write;
    case SystemCall::Open:
    case SystemCall::Mmap:
    case SystemCall::FileRead: return Work::File;
    case SystemCall::Select:
    case SystemCall::Poll:
    case SystemCall::Epoll:
    case SystemCall::QueueWait:
    case SystemCall::IoUringEnter:
    case SystemCall::AioSuspend:
    case SystemCall::WaitForProcess:
    case SystemCall::Sleep: return Work::Wait;
    default: return Work::None;
    }
}

constexpr Work workOf(Hook hook) {
    switch (hook) {
    case Hook::HandleAccept: return Work::Accept;
    case Hook::HandleInput: return Work::Read;
    case Hook::HandleRead: return Work::Parse; // the read itself is done: the hook looks at what it brought
    case Hook::HandleFileRead:
    case Hook::HandleOutput:
    case Hook::HandleWrite: return Work::Write;
    default: return Work::None;
    }
}

constexpr Work workOf(Operation operation) {
    switch (operation) {
    case Operation::Accept: return Work::Accept;
    case Operation::Read: return Work::Read;
    case Operation::Write:
    case Operation::Transmit: return Work::Write;
    case Operation::FileRead: return Work::File;
    case Operation::Timer: return Work::Wait;
    default: return Work::None;
    }
}

} // namespace lab
