// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model_list.h"

#include <algorithm>
#include <array>

namespace lab {

std::span<const ModelDescription> models() {
    // Function-local: the descriptions, in their own files, are made before the first call and not before main().
    static const std::array list{
        iterativeModel,
        processPerConnectionModel,
        preforkModel,
        threadPerRequestModel,
        threadPerSessionModel,
        threadPoolModel,
        threadPoolQueueModel,
        reactorModel,
        reactorCoordinatorModel,
        reactorIndependentModel,
        reactorSelfManagedModel,
        reactorShardedModel,
        halfSyncHalfAsyncModel,
        leaderFollowersModel,
        proactorModel,
        proactorPoolModel,
        proactorCoroutinesModel,
        adaptiveModel,
    };
    return list;
}

const ModelDescription* findModel(std::string_view id) {
    const auto all = models();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& model) { return model.id == id; });
    return found == all.end() ? nullptr : &*found;
}

std::string_view words(Family family) {
    switch (family) {
    case Family::Synchronous: return "synchronous";
    case Family::Reactive: return "reactive";
    case Family::Proactive: return "proactive";
    case Family::Adaptive: break;
    }
    return "adaptive";
}

} // namespace lab
