// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/benchmark.h"

#include <boost/json/serialize.hpp>
#include <boost/program_options.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <numeric>
#include <thread>

namespace lab::benchmark {

namespace {

std::string processorName() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        const auto colon = line.find(": ");
        if (line.starts_with("model name") && colon != std::string::npos) {
            return line.substr(colon + 2);
        }
    }
    return "unknown";
}

} // namespace

Options parseOptions(int argc, char** argv, std::string_view about) {
    namespace po = boost::program_options;
    Options options;
    po::options_description description("Options");
    auto add = description.add_options();
    add("json", po::value(&options.json)->value_name("FILE"), "write the figures as JSON; - is standard output");
    add("quick", po::bool_switch(&options.quick), "a tenth of the work: to see that it runs");
    add("help", "this");
    po::variables_map values;
    try {
        po::store(po::parse_command_line(argc, argv, description), values);
        po::notify(values);
    } catch (const po::error& error) {
        std::cerr << argv[0] << ": " << error.what() << "; try --help\n";
        std::exit(2);
    }
    if (values.contains("help")) {
        std::cout << about << "\n\n" << description;
        std::exit(0);
    }
    return options;
}

Distribution distributionOf(std::vector<double> samples) {
    std::sort(samples.begin(), samples.end());
    const auto rank = [&](double share) {
        const auto position = std::ceil(share * static_cast<double>(samples.size())) - 1;
        return samples[static_cast<std::size_t>(std::max(position, 0.0))];
    };
    const double sum = std::accumulate(samples.begin(), samples.end(), 0.0);
    return {.minimum = samples.front(),
            .p10 = rank(0.1),
            .median = rank(0.5),
            .p90 = rank(0.9),
            .p99 = rank(0.99),
            .maximum = samples.back(),
            .mean = sum / static_cast<double>(samples.size())};
}

boost::json::object toJson(const Distribution& distribution) {
    return {{"minimum", distribution.minimum}, {"p10", distribution.p10}, {"median", distribution.median},
            {"p90", distribution.p90},         {"p99", distribution.p99}, {"maximum", distribution.maximum},
            {"mean", distribution.mean}};
}

bool writeFigures(const Options& options, boost::json::object figures) {
    if (options.json.empty()) {
        return true;
    }
    figures["processor"] = processorName();
    figures["processors"] = std::thread::hardware_concurrency();
    figures["compiler"] = __VERSION__;
    const auto text = boost::json::serialize(figures) + '\n';
    if (options.json == "-") {
        std::cout << text << std::flush;
        return static_cast<bool>(std::cout);
    }
    std::ofstream file(options.json);
    file << text;
    file.close();
    if (!file) {
        std::cerr << "cannot write " << options.json << '\n';
        return false;
    }
    return true;
}

} // namespace lab::benchmark
