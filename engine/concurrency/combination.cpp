// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/combination.h"

#include "engine/dispatch/processor_list.h"
#include "engine/protocol/protocol_list.h"

#include <algorithm>

namespace lab {

namespace {

bool isProactive(const ModelDescription& model) { return model.family == Family::Proactive; }
bool hasProcessor(const ModelDescription& model) { return isProactive(model) || model.family == Family::Adaptive; }

/// What depends on the family alone; the rest stands in the model's own list.
bool familyTakes(const ModelDescription& model, std::string_view name) {
    return name == "protocol" || name == "transfer" || name == "cork" || name == "cache" || name == "cache-size" ||
           (name == "processor" && hasProcessor(model)) ||
           ((name == "order" || name == "transmits") && isProactive(model));
}

/// Asked once: what suits a server does not change while it runs short of descriptors.
bool isIoUringAvailable() {
    static const bool available = findProcessor(ProcessorKind::IoUring).whyUnavailable().empty();
    return available;
}

std::string missingProcessor(const ModelDescription& model, const ServerOptions& options) {
    const auto& processor = processorOf(model, options);
    const auto reason = processor.whyUnavailable();
    return reason.empty() ? reason : "the processor " + std::string(processor.id) + " cannot run here: " + reason;
}

std::string refusedByProactive(const ModelDescription& model, const ServerOptions& options) {
    const auto transfer = options.transfer;
    if (transfer == FileTransfer::Sendfile || transfer == FileTransfer::Splice || transfer == FileTransfer::BySize) {
        if (!isProactive(model)) {
            return std::string(model.id) + " begins with a way in which its processor sends files, which " +
                   findServerSetting("transfer")->text(options) + " is not; by threads it tries others itself";
        }
        return "a thread of " + std::string(model.id) + " never waits for a socket by itself, as " +
               findServerSetting("transfer")->text(options) + " makes it: its processor sends a file by transmit-file";
    }
    return refusalOfProcessor(processorOf(model, options), transfer);
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
    auto missing = hasProcessor(model) ? missingProcessor(model, options) : std::string();
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
    return hasProcessor(model) ? refusedByProactive(model, options) : refusedByOthers(model, options);
}

std::string refusal(const ModelDescription& model, const ServerSetting& setting, std::string_view value,
                    ServerOptions others) {
    others.model = model.id;
    const auto set = setting.set(others, value);
    return set ? refusal(model, others) : set.error().message;
}

const ProcessorDescription& processorOf(const ModelDescription& model, const ServerOptions& options) {
    // Where it matters to be fast, and not how the papers' systems did it: the kernel's own, if it has one.
    const bool prefersKernel = options.processor == ProcessorKind::Suited && model.family == Family::Adaptive;
    return prefersKernel && isIoUringAvailable() ? findProcessor(ProcessorKind::IoUring)
                                                 : findProcessor(options.processor);
}

ServerOptions withProcessor(const ModelDescription& model, ServerOptions options) {
    if (hasProcessor(model)) {
        options.processor = processorOf(model, options).kind;
    }
    return options;
}

FileTransfer suitedTransfer(const ModelDescription& model, const ServerOptions& options) {
    return hasProcessor(model) ? processorOf(model, options).transfers.front() : FileTransfer::BySize;
}

} // namespace lab
