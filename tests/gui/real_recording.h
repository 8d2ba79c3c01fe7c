// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/recording.h"
#include "gui/model/recording_follower.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace lab::test {

/// What a server of `model` really recorded under a short run of a few clients: kept connections and single ones,
/// small files and one that is not kept in memory. Made once for each model.
std::shared_ptr<Recording> realRecording(std::string_view model);

/// The first `events` of `whole`, as a recording of its own.
std::shared_ptr<Recording> beginningOf(const Recording& whole, std::size_t events);

/// A follower that has taken in all of `recording`.
std::unique_ptr<RecordingFollower> followed(std::shared_ptr<Recording> recording);

/// A row for each model that there is, with its id as "id".
void addModelRows();

} // namespace lab::test
