// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/run/server_settings.h"

namespace lab {

std::string_view wordOf(Demultiplexer demultiplexer) {
    switch (demultiplexer) {
    case Demultiplexer::Select: return "select";
    case Demultiplexer::Poll: return "poll";
    case Demultiplexer::Epoll: return "epoll";
    }
    return "";
}

std::string_view wordOf(FileTransfer transfer) {
    switch (transfer) {
    case FileTransfer::ReadWrite: return "read-write";
    case FileTransfer::TransmitFile: return "transmit-file";
    }
    return "";
}

std::optional<Demultiplexer> demultiplexerFrom(std::string_view word) {
    for (const auto value : {Demultiplexer::Select, Demultiplexer::Poll, Demultiplexer::Epoll}) {
        if (word == wordOf(value)) {
            return value;
        }
    }
    return std::nullopt;
}

std::optional<FileTransfer> fileTransferFrom(std::string_view word) {
    for (const auto value : {FileTransfer::ReadWrite, FileTransfer::TransmitFile}) {
        if (word == wordOf(value)) {
            return value;
        }
    }
    return std::nullopt;
}

void applyScenario(const ScenarioServer& wanted, ServerOptions& options) {
    options.model = wanted.model.value_or(options.model);
    options.threads = wanted.threads.value_or(options.threads);
    if (wanted.demultiplexer) {
        options.demultiplexer = demultiplexerFrom(*wanted.demultiplexer).value_or(options.demultiplexer);
    }
    if (wanted.transfer) {
        options.transfer = fileTransferFrom(*wanted.transfer).value_or(options.transfer);
    }
}

} // namespace lab
