// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/concurrency/model.h"
#include "engine/process/process_group.h"

#include <memory>

namespace lab {

/// A concurrency model of processes as the lab sees it; what the processes do says its parent's role.
std::unique_ptr<ConcurrencyModel> makeProcessModel(ServerContext& context, ProcessPlan plan);

} // namespace lab
