// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/process_cost.h"

#include <fstream>
#include <string>

namespace lab {

namespace {

std::int64_t nanoseconds(const timeval& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + std::int64_t{time.tv_usec} * 1'000;
}

} // namespace

ProcessCost costOf(const rusage& used) {
    return {.processorNanoseconds = nanoseconds(used.ru_utime) + nanoseconds(used.ru_stime),
            .voluntarySwitches = used.ru_nvcsw,
            .involuntarySwitches = used.ru_nivcsw};
}

ProcessCost costOfThisProcess() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return costOf(used);
}

ProcessCost costOf(int process) {
    ProcessCost cost;
    const auto folder = "/proc/" + std::to_string(process);
    std::ifstream(folder + "/schedstat") >> cost.processorNanoseconds;
    std::ifstream status(folder + "/status");
    for (std::string word; status >> word;) {
        if (word == "voluntary_ctxt_switches:") {
            status >> cost.voluntarySwitches;
        } else if (word == "nonvoluntary_ctxt_switches:") {
            status >> cost.involuntarySwitches;
        }
    }
    return cost;
}

} // namespace lab
