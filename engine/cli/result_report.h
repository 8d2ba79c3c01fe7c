// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/run/run_result.h"
#include "engine/trace/recording.h"

#include <boost/json/object.hpp>

#include <iosfwd>
#include <span>

namespace lab {

/// A finished run, as `run` reports it.
struct ReportedRun {
    RunInfo info;
    RunResult result;
    std::string trouble; ///< empty when nothing went wrong
};

/// A line a run, for people.
void printResults(std::ostream& out, std::span<const ReportedRun> runs);

/// One run, every figure. The names are told by resultFieldsHelp().
boost::json::object toJson(const ReportedRun& run);

/// For --help: what the JSON holds.
const char* resultFieldsHelp();

} // namespace lab
