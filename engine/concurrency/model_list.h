// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/concurrency/model.h"

namespace lab {

// Each is defined in the file of its model; models.cpp puts them into the one list.
extern const ModelDescription iterativeModel;
extern const ModelDescription processPerConnectionModel;
extern const ModelDescription preforkModel;
extern const ModelDescription threadPerRequestModel;
extern const ModelDescription threadPerSessionModel;
extern const ModelDescription threadPoolModel;
extern const ModelDescription threadPoolQueueModel;
extern const ModelDescription reactorModel;
extern const ModelDescription reactorCoordinatorModel;
extern const ModelDescription reactorIndependentModel;
extern const ModelDescription reactorSelfManagedModel;
extern const ModelDescription reactorShardedModel;
extern const ModelDescription halfSyncHalfAsyncModel;
extern const ModelDescription leaderFollowersModel;
extern const ModelDescription proactorModel;
extern const ModelDescription proactorPoolModel;
extern const ModelDescription proactorCoroutinesModel;
extern const ModelDescription adaptiveModel;

} // namespace lab
