// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/server/server_change.h"

#include "engine/concurrency/combination.h"
#include "engine/concurrency/model.h"
#include "engine/server/server_setting.h"

namespace lab {

namespace {

std::string knownModels() {
    std::string list;
    for (const auto& model : models()) {
        list += (list.empty() ? "" : ", ") + std::string(model.id);
    }
    return list;
}

} // namespace

Result<void> checkOptions(ServerOptions& options) {
    const auto* model = findModel(options.model);
    if (model == nullptr) {
        return Error{"there is no model '" + options.model + "'; there are: " + knownModels()};
    }
    if (const auto reason = model->whyUnavailable(); !reason.empty()) {
        return Error{"the model '" + options.model + "' cannot run here: " + reason};
    }
    if (auto reason = refusal(*model, options); !reason.empty()) {
        return Error{std::move(reason)};
    }
    if (options.threads < 1 || options.threads > 1000) {
        return Error{"threads must be from 1 to 1000, not " + std::to_string(options.threads)};
    }
    if (options.transfer == FileTransfer::Suited) {
        options.transfer = suitedTransfer(*model, options);
    }
    return {};
}

std::string whyNoChange(const ServerOptions& now, const ServerOptions& next, std::uint16_t port) {
    if (next.root != now.root) {
        return "the document root of a running server cannot be changed: it is " + now.root;
    }
    if (next.address != now.address) {
        return "the address of a running server cannot be changed: it is " + now.address;
    }
    if (next.port != 0 && next.port != port) {
        return "the port of a running server cannot be changed: it is " + std::to_string(port);
    }
    if (next.backlog != now.backlog) {
        return "the backlog of a running server cannot be changed: it is " + std::to_string(now.backlog);
    }
    return {};
}

bool hasOtherCache(const ServerOptions& now, const ServerOptions& next) {
    return now.files.policy != next.files.policy || now.files.maximumFiles != next.files.maximumFiles ||
           now.files.smallFileOctets != next.files.smallFileOctets ||
           now.files.maximumOctets != next.files.maximumOctets;
}

std::vector<std::pair<std::string_view, std::string>> changedSettings(const ServerOptions& now,
                                                                      const ServerOptions& next) {
    std::vector<std::pair<std::string_view, std::string>> changed;
    const auto* before = findModel(now.model);
    const auto* model = findModel(next.model);
    const auto was = withProcessor(*before, now);
    const auto is = withProcessor(*model, next);
    for (const auto& setting : serverSettings()) {
        const bool isNew = !takes(*before, setting) || setting.text(was) != setting.text(is);
        if (takes(*model, setting) && isNew) {
            changed.emplace_back(setting.name, setting.text(is));
        }
    }
    return changed;
}

bool isOther(const ServerOptions& now, const ServerOptions& next) {
    return next.model != now.model || !changedSettings(now, next).empty();
}

} // namespace lab
