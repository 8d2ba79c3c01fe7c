// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/dispatch/asynchronous_operation_processor.h"
#include "engine/server/server_options.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

class CompletionQueue;
struct ServerContext;

/// An Asynchronous Operation Processor as data: what menus, tests and models know of it.
struct ProcessorDescription {
    ProcessorKind kind;
    std::string_view id;      ///< "io_uring"
    std::string_view title;   ///< "io_uring"
    std::string_view source;  ///< the document that it comes from
    std::string_view summary; ///< who performs the operations, in one sentence
    /// How it can bring a file to the peer; the first is what FileTransfer::Suited stands for.
    std::vector<FileTransfer> transfers;
    std::function<std::string()> unavailable; ///< as whyUnavailable(); null: can run everywhere
    /// `oneThread`: perform() and all initiations will be by the same thread. Error: the operating system refuses.
    Result<std::unique_ptr<AsynchronousOperationProcessor>> (*create)(ServerContext& context, CompletionQueue& queue,
                                                                      bool oneThread);

    /// Why it cannot run here; empty: it can.
    std::string whyUnavailable() const { return unavailable ? unavailable() : std::string(); }
};

/// All processors, in the order of menus. The one list: a new processor is a line in processor_list.cpp.
std::span<const ProcessorDescription> processors();
const ProcessorDescription& findProcessor(ProcessorKind kind); ///< of Suited: the first

/// Why it cannot bring files to the peer in that way, in one sentence; empty: it can.
std::string refusalOfProcessor(const ProcessorDescription& processor, FileTransfer transfer);

// Each is defined in the file of its processor.
extern const ProcessorDescription asioProcessor;
extern const ProcessorDescription ioUringProcessor;
extern const ProcessorDescription posixAioProcessor;

} // namespace lab
