// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/steering_arguments.h"

namespace lab {

void addSteeringOptions(Arguments& command) {
    command.addOption("pace", "N", "let N events happen a second, 0.01 to 1000000: then no time is a measurement");
    command.addOption("choose", "HOW",
                      "let one thread go at a time, chosen at random, round-robin, or at random by a "
                      "number as seed");
    command.addOption("record-schedule", "FILE", "let one thread go at a time, and write to FILE in which order");
    command.addOption("schedule", "FILE", "follow a schedule that was so written, and end with it");
    command.addOption("until", "CONDITION", "end when it holds: \"time >= 1.5\", \"queue-depth >= 3\", \"completion\"");
}

Result<Steering> readSteering(const Arguments& command) {
    Steering steering;
    constexpr double slowest = 0.01;
    constexpr double fastest = 1'000'000;
    const auto pace = command.number("pace", 0, slowest, fastest);
    if (!pace) {
        return pace.error();
    }
    steering.pace = *pace;
    steering.scheduleFile = command.text("record-schedule");
    if (command.has("choose")) {
        const auto policy = ChoicePolicy::parse(command.text("choose"));
        if (!policy) {
            return Error{"--choose: " + policy.error().message};
        }
        steering.policy = *policy;
    }
    if (command.has("until")) {
        const auto until = Condition::parse(command.text("until"));
        if (!until) {
            return Error{"--until: " + until.error().message};
        }
        steering.until = *until;
    }
    if (command.has("schedule")) {
        auto schedule = Schedule::read(command.text("schedule"));
        if (!schedule) {
            return schedule.error();
        }
        steering.schedule = std::move(*schedule);
    }
    return steering;
}

} // namespace lab
