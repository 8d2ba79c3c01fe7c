// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/processor_list.h"

#include <algorithm>
#include <array>

namespace lab {

std::span<const ProcessorDescription> processors() {
    // Function-local: the descriptions, in their own files, are made before the first call and not before main().
    static const std::array list{asioProcessor, ioUringProcessor, posixAioProcessor};
    return list;
}

const ProcessorDescription& findProcessor(ProcessorKind kind) {
    const auto all = processors();
    const auto found = std::find_if(all.begin(), all.end(), [kind](const auto& each) { return each.kind == kind; });
    return found == all.end() ? all.front() : *found;
}

std::string refusalOfProcessor(const ProcessorDescription& processor, FileTransfer transfer) {
    const auto& able = processor.transfers;
    if (transfer == FileTransfer::Suited || std::find(able.begin(), able.end(), transfer) != able.end()) {
        return {};
    }
    const auto title = std::string(processor.title);
    return transfer == FileTransfer::AsyncReadWrite
               ? title +
                     " has no asynchronous read of files: epoll cannot wait for them. io_uring and posix-aio have one"
               : title + " cannot send files in this way";
}

} // namespace lab
