// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/asio_processor.h"
#include "engine/dispatch/posix_aio_file_reader.h"
#include "engine/dispatch/processor_list.h"
#include "engine/server/server_context.h"

namespace lab {

namespace {

/// Sockets by Asio, files by POSIX AIO, which on Linux knows no sockets.
Result<std::unique_ptr<AsynchronousOperationProcessor>> create(ServerContext& context, CompletionQueue& queue,
                                                               bool /*oneThread: the collector hands over too*/) {
    auto made = makeAsioOperationProcessor(
        queue, context.gate, context.listeningSocket,
        {.oneThread = false, .cork = context.options.cork, .transmits = TransmitLimit::of(context.options)});
    if (!made) {
        return made.error();
    }
    auto& processor = **made;
    auto reader =
        makePosixAioFileReader(context.trace, [&processor](AsynchronousOperation& operation, std::int64_t result) {
            processor.performedElsewhere(operation, result);
        });
    if (!reader) {
        return reader.error();
    }
    processor.readFilesBy(std::move(*reader));
    return std::unique_ptr<AsynchronousOperationProcessor>(std::move(*made));
}

std::string unavailable() {
#ifdef __SANITIZE_THREAD__
    return "the thread sanitizer, with which this program was built, does not know the threads that the C library "
           "makes "
           "by itself";
#else
    return {};
#endif
}

} // namespace

const ProcessorDescription posixAioProcessor{
    .kind = ProcessorKind::PosixAio,
    .id = "posix-aio",
    .title = "POSIX AIO and Asio",
    .source = "Hu, Pyarali, Schmidt, section 4.6",
    .summary = "Files are read by aio_read, which the C library performs with threads of its own; sockets are Asio's.",
    .transfers = {FileTransfer::AsyncReadWrite, FileTransfer::TransmitFile, FileTransfer::ReadWrite,
                  FileTransfer::MmapWritev},
    .unavailable = unavailable,
    .create = create,
};

} // namespace lab
