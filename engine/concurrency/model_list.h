// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/concurrency/model.h"

namespace lab {

// Each is defined in the file of its model; models.cpp puts them into the one list.
extern const ModelDescription iterativeModel;
extern const ModelDescription threadPerRequestModel;
extern const ModelDescription threadPoolModel;
extern const ModelDescription reactorModel;
extern const ModelDescription proactorModel;
extern const ModelDescription proactorPoolModel;

} // namespace lab
