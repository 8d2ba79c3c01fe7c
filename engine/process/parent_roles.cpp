// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/parent_roles.h"

#include "engine/concurrency/model_list.h"

namespace lab {

ParentRole findParentRole(std::string_view model) {
    if (model == processPerConnectionModel.id) {
        return serveEachConnectionByAProcess;
    }
    return model == preforkModel.id ? keepProcessesReady : nullptr;
}

} // namespace lab
