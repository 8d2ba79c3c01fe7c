// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/concurrency/model.h"
#include "engine/dispatch/processor_list.h"
#include "engine/server/server_setting.h"

#include <string>
#include <string_view>

namespace lab {

/// Whether the setting means anything under the model: by the model's own list of options, or by its family.
bool takes(const ModelDescription& model, const ServerSetting& setting);

/// Why these options make no sense together under this model, in one sentence; empty: they do. A processor that cannot
/// run here is refused too; whether the model can run here at all is another question (ModelDescription::whyUnavailable()).
std::string refusal(const ModelDescription& model, const ServerOptions& options);

/// As refusal(), but for processors that cannot run here: what a file says is not made wrong by the machine that it is
/// checked on.
std::string senselessness(const ModelDescription& model, const ServerOptions& options);

/// The same for one value of one setting, with everything else as in `others`.
std::string refusal(const ModelDescription& model, const ServerSetting& setting, std::string_view value,
                    ServerOptions others = {});

/// Who performs the asynchronous operations under this model: for ProcessorKind::Suited whom it prefers among those that
/// can run here.
const ProcessorDescription& processorOf(const ModelDescription& model, const ServerOptions& options);

/// As `options`, with what ProcessorKind::Suited stands for in its place, where the model has a processor.
ServerOptions withProcessor(const ModelDescription& model, ServerOptions options);

/// What FileTransfer::Suited stands for under this model and with this processor.
FileTransfer suitedTransfer(const ModelDescription& model, const ServerOptions& options);

} // namespace lab
