// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model_info.h"

#include "engine/concurrency/combination.h"

namespace lab {

RunInfo describeRun(const ServerOptions& options) {
    RunInfo info;
    info.model = options.model;
    const auto* model = findModel(options.model);
    if (model == nullptr) {
        return info;
    }
    info.family = words(model->family);
    info.modelTitle = model->title;
    info.threads = 1;
    auto resolved = withProcessor(*model, options);
    if (resolved.transfer == FileTransfer::Suited) {
        resolved.transfer = suitedTransfer(*model, options);
    }
    for (const auto& setting : serverSettings()) {
        if (takes(*model, setting)) {
            info.settings.emplace(setting.name, setting.text(resolved));
        }
    }
    const auto shown = [&](std::string_view name) {
        const auto* setting = findServerSetting(name);
        return takes(*model, *setting) ? setting->shown(resolved) : std::string();
    };
    info.demultiplexer = shown("demultiplexer");
    info.processor = shown("processor");
    info.transfer = shown("transfer");
    if (info.settings.contains("threads")) {
        info.threads = resolved.threads;
    }
    return info;
}

} // namespace lab
