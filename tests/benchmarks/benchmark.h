// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace lab::benchmark {

/// What every benchmark program takes on its command line.
struct Options {
    std::string json;   ///< file for the figures; "-": standard output; empty: none
    bool quick = false; ///< a tenth of the work: to see that it runs, not to quote
};

/// Ends the program by itself on --help (exit code 0) and on wrong usage (2). `about`: one paragraph.
Options parseOptions(int argc, char** argv, std::string_view about);

/// Of one kind of measurement.
struct Distribution {
    double minimum = 0;
    double p10 = 0;
    double median = 0;
    double p90 = 0;
    double p99 = 0;
    double maximum = 0;
    double mean = 0;
};

/// Of `samples`, which must not be empty; percentiles by nearest rank.
Distribution distributionOf(std::vector<double> samples);

boost::json::object toJson(const Distribution& distribution);

/// Writes `figures` where the options say, with the processor and the compiler that they hold for.
/// False, with the reason on standard error, when that fails.
bool writeFigures(const Options& options, boost::json::object figures);

} // namespace lab::benchmark
