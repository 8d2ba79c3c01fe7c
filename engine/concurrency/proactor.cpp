// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model_list.h"
#include "engine/concurrency/single_dispatcher.h"

namespace lab {

const ModelDescription proactorModel{
    .id = "proactor",
    .family = Family::Proactive,
    .title = "Proactor",
    .threads = "one that dispatches completions",
    .source = "Hu, Pyarali, Schmidt, sections 3.2 and 4",
    .summary = "Operations are started and wait in the kernel; one thread takes completions and calls their handlers.",
    .options = {"transfer", "processor"},
    .steps = {"proactor-connect", "proactor-get", "proactor-get-read-write", "proactor-get-async-read-write",
              "proactor-collaborations"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<SingleDispatcher>(context, &ProactiveConnection::make);
    },
};

} // namespace lab
