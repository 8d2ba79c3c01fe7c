// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model_list.h"
#include "engine/concurrency/single_dispatcher.h"
#include "engine/connection/coroutine_connection.h"

namespace lab {

const ModelDescription proactorCoroutinesModel{
    .id = "proactor-coroutines",
    .family = Family::Proactive,
    .title = "Proactor, coroutines",
    .threads = "one that dispatches completions; coroutines are no threads",
    .source = "beyond the papers: C++20",
    .summary = "As the proactor, with each connection written as one coroutine that awaits its operations.",
    .options = {"transfer", "processor"},
    .steps = {"proactor-connect", "proactor-get", "proactor-get-read-write", "proactor-get-async-read-write",
              "proactor-collaborations"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<SingleDispatcher>(context, &CoroutineConnection::make);
    },
};

} // namespace lab
