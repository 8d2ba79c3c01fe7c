// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/combination.h"

#include "engine/dispatch/processor_list.h"
#include "engine/protocol/protocol_list.h"

#include <algorithm>

namespace lab {

namespace {

bool isProactive(const ModelDescription& model) { return model.family == Family::Proactive; }

/// What depends on the family alone; the rest stands in the model's own list.
bool familyTakes(const ModelDescription& model, std::string_view name) {
    return name == "protocol" || name == "transfer" || name == "cork" || name == "cache" || name == "cache-size" ||
           ((name == "processor" || name == "order" || name == "transmits") && isProactive(model));
}

std::string missingProcessor(const ServerOptions& options) {
    const auto& processor = findProcessor(options.processor);
    const auto reason = processor.whyUnavailable();
    return reason.empty() ? reason : "the processor " + std::string(processor.id) + " cannot run here: " + reason;
}

std::string refusedByProactive(const ModelDescription& model, const ServerOptions& options) {
    const auto transfer = options.transfer;
    if (transfer == FileTransfer::Sendfile || transfer == FileTransfer::Splice || transfer == FileTransfer::BySize) {
        return "a thread of " + std::string(model.id) + " never waits for a socket by itself, as " +
               findServerSetting("transfer")->text(options) + " makes it: its processor sends a file by transmit-file";
    }
    return refusalOfProcessor(options);
}

std::string refusedByOthers(const ModelDescription& model, const ServerOptions& options) {
    if (options.transfer != FileTransfer::AsyncReadWrite && options.transfer != FileTransfer::TransmitFile) {
        return {};
    }
    return std::string(model.id) + " has no Asynchronous Operation Processor that could perform " +
           findServerSetting("transfer")->text(options);
}

/// A choice that the model does not have must stay as it is by default.
std::string refusedChoice(const ModelDescription& model, const ServerSetting& setting, const ServerOptions& options) {
    const auto given = setting.text(options);
    if (setting.kind != ServerSetting::Kind::Choice || takes(model, setting) || given == setting.defaultText()) {
        return {};
    }
    return std::string(model.id) + " does not take the option " + std::string(setting.name) + ", so \"" + given +
           "\" would change nothing";
}

/// A protocol without files leaves everything that is about files as it is by default.
std::string refusedByProtocol(const ServerOptions& options) {
    if (protocolOf(options).isHttp) {
        return {};
    }
    if (!options.services.empty()) {
        return std::string(protocolOf(options).id) + " has no requests of which a service could be asked, so \"" +
               options.services.front().called() + "\" would change nothing";
    }
    for (const auto* name : {"transfer", "cork", "cache"}) {
        const auto& setting = *findServerSetting(name);
        if (const auto given = setting.text(options); given != setting.defaultText()) {
            return std::string(protocolOf(options).id) + " sends no files, so the " + name + " \"" + given +
                   "\" would change nothing";
        }
    }
    return {};
}

} // namespace

bool takes(const ModelDescription& model, const ServerSetting& setting) {
    const auto& own = model.options;
    return familyTakes(model, setting.name) || std::find(own.begin(), own.end(), setting.name) != own.end();
}

std::string refusal(const ModelDescription& model, const ServerOptions& options) {
    auto missing = isProactive(model) ? missingProcessor(options) : std::string();
    return missing.empty() ? senselessness(model, options) : missing;
}

std::string senselessness(const ModelDescription& model, const ServerOptions& options) {
    for (const auto& setting : serverSettings()) {
        if (auto reason = refusedChoice(model, setting, options); !reason.empty()) {
            return reason;
        }
    }
    if (auto reason = refusedByProtocol(options); !reason.empty()) {
        return reason;
    }
    return isProactive(model) ? refusedByProactive(model, options) : refusedByOthers(model, options);
}

std::string refusal(const ModelDescription& model, const ServerSetting& setting, std::string_view value,
                    ServerOptions others) {
    others.model = model.id;
    const auto set = setting.set(others, value);
    return set ? refusal(model, others) : set.error().message;
}

FileTransfer suitedTransfer(const ModelDescription& model, const ServerOptions& options) {
    return isProactive(model) ? findProcessor(options.processor).transfers.front() : FileTransfer::BySize;
}

} // namespace lab
