// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model_info.h"

#include <algorithm>

namespace lab {

namespace {

std::string words(Demultiplexer demultiplexer) {
    switch (demultiplexer) {
    case Demultiplexer::Select: return "select";
    case Demultiplexer::Poll: return "poll";
    case Demultiplexer::Epoll: break;
    }
    return "epoll";
}

} // namespace

RunInfo describeRun(const ServerOptions& options) {
    RunInfo info;
    info.model = options.model;
    const auto* model = findModel(options.model);
    if (model == nullptr) {
        return info;
    }
    const auto takes = [&](std::string_view option) {
        return std::find(model->options.begin(), model->options.end(), option) != model->options.end();
    };
    info.family = words(model->family);
    info.modelTitle = model->title;
    if (takes("demultiplexer")) {
        info.demultiplexer = words(options.demultiplexer);
    }
    if (model->family == Family::Proactive) {
        info.processor = "Asio on epoll";
    }
    info.transfer = options.transfer == FileTransfer::TransmitFile ? "TransmitFile" : "read and write";
    info.threads = takes("threads") ? options.threads : 1;
    return info;
}

} // namespace lab
