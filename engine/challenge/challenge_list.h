// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/challenge/challenge.h"

namespace lab {

// One function a challenge, each in a file of its own.
Challenge bufferOutlivesOwner();
Challenge lostWakeUp();

} // namespace lab
