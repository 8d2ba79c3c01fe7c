// SPDX-License-Identifier: GPL-3.0-or-later
// What it takes to find a user's folder: by the Tilde Expander's perfect hash, and by the system's user database.
#include "engine/base/clock.h"
#include "engine/filesystem/tilde_expander.h"
#include "tests/benchmarks/benchmark.h"

#include <boost/json/array.hpp>

#include <array>
#include <iomanip>
#include <iostream>
#include <pwd.h>
#include <string>
#include <unistd.h>
#include <vector>

using namespace lab;
using namespace lab::benchmark;

namespace {

constexpr int perBatch = 200;

/// Nanoseconds a call, for each batch.
template <typename Call>
Distribution measure(int batches, Call call) {
    std::vector<double> samples;
    for (int batch = 0; batch < batches; ++batch) {
        const auto before = monotonicNanoseconds();
        for (int i = 0; i < perBatch; ++i) {
            call(batch * perBatch + i);
        }
        samples.push_back(static_cast<double>(monotonicNanoseconds() - before) / perBatch);
    }
    return distributionOf(std::move(samples));
}

boost::json::object report(const std::string& name, const Distribution& nanoseconds) {
    std::cout << std::left << std::setw(44) << name << std::right << std::fixed << std::setprecision(0) << std::setw(10)
              << nanoseconds.median << std::setw(10) << nanoseconds.p10 << std::setw(10) << nanoseconds.p90 << '\n';
    return {{"name", name}, {"nanoseconds", toJson(nanoseconds)}};
}

boost::json::object measureExpander(std::size_t count, int batches) {
    std::vector<UserFolder> users;
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < count; ++i) {
        users.push_back({"user" + std::to_string(i), "/home/user" + std::to_string(i), "public_html"});
        paths.push_back("/~user" + std::to_string(i * 7919 % count) + "/index.html");
    }
    TildeExpander expander;
    const auto before = monotonicNanoseconds();
    expander.rebuild(users);
    const auto built = monotonicNanoseconds() - before;
    std::size_t found = 0;
    const auto distribution = measure(
        batches, [&](int i) { found += expander.expand(paths[static_cast<std::size_t>(i) % count]) ? 1U : 0U; });
    auto figures = report("perfect hash, " + std::to_string(count) + " users", distribution);
    figures["users"] = count;
    figures["allFound"] = found == static_cast<std::size_t>(batches) * perBatch;
    figures["buildNanoseconds"] = built;
    return figures;
}

boost::json::object measureDatabase(int batches) {
    const auto* self = ::getpwuid(::getuid());
    const std::string name = self != nullptr ? self->pw_name : "root";
    std::array<char, 16'384> texts;
    return report("getpwnam_r, the users of this machine", measure(batches, [&](int) {
                      passwd entry{};
                      passwd* result = nullptr;
                      ::getpwnam_r(name.c_str(), &entry, texts.data(), texts.size(), &result);
                  }));
}

} // namespace

int main(int argc, char** argv) {
    const auto options = parseOptions(argc, argv,
                                      "Measures what it takes to find the public folder of /~user: by a perfect hash "
                                      "over all users, and by asking the system's user database.");
    const int batches = options.quick ? 200 : 2'000;
    std::cout << "Nanoseconds a look-up, by batches of " << perBatch << '\n'
              << std::setw(54) << "median" << std::setw(10) << "p10" << std::setw(10) << "p90" << '\n';
    boost::json::array rows;
    for (const std::size_t count : {10, 1'000, 10'000, 100'000}) {
        rows.push_back(measureExpander(count, batches));
    }
    rows.push_back(measureDatabase(batches / 10));
    return writeFigures(options, {{"benchmark", "tilde"}, {"rows", std::move(rows)}}) ? 0 : 1;
}
