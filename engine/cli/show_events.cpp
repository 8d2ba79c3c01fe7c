// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/request_of_event.h"
#include "engine/analysis/text_table.h"
#include "engine/cli/commands.h"
#include "engine/cli/opened_recording.h"
#include "engine/state/narration.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <limits>
#include <ostream>

namespace lab {

namespace {

struct Wanted {
    std::size_t from = 0;
    std::size_t to = 0;
    std::uint32_t request = 0; ///< 0: all
    std::string thread;        ///< empty: all
    bool json = false;
};

void print(std::ostream& out, const Wanted& wanted, std::size_t index, const Event& event, const std::string& thread,
           std::uint32_t request, const std::string& sentence) {
    if (!wanted.json) {
        out << withSeparators(std::uint64_t{index}) << "  " << withDecimals(static_cast<double>(event.time) / 1000, 1)
            << " µs  " << thread << ": " << sentence << '\n';
        return;
    }
    const boost::json::object row{{"event", index},
                                  {"timeNanoseconds", event.time},
                                  {"thread", thread},
                                  {"type", words(event.type())},
                                  {"connection", event.connection},
                                  {"operation", event.operation},
                                  {"request", request},
                                  {"kind", event.kind()},
                                  {"value", event.value()},
                                  {"sentence", sentence}};
    out << boost::json::serialize(row) << '\n';
}

void printEvents(std::ostream& out, const Recording& recording, const Wanted& wanted) {
    const auto glossary = Glossary::of(recording);
    const auto view = recording.view();
    LabState state;
    RequestOfEvent requests;
    for (auto index = view.first(); index < view.end() && index < wanted.to; ++index) {
        const auto& event = view[index];
        const auto request = requests.apply(event);
        const bool isShown = index >= wanted.from && (wanted.request == 0 || request == wanted.request);
        const auto sentence = isShown ? narrate(event, state, glossary) : std::string();
        state.apply(event); // a thread has its name once it has started
        if (!isShown) {
            continue;
        }
        const auto thread = threadName(event.actor, state, glossary);
        if (wanted.thread.empty() || wanted.thread == thread) {
            print(out, wanted, index, event, thread, request, sentence);
        }
    }
}

} // namespace

int showEvents(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    Arguments command("events", "RECORDING [--from N] [--to N] [--request R] [--thread NAME] [--json]",
                      "Tells the events of a recording, a sentence each; with --json an object a line.\n"
                      "Requests are numbered in the order in which the server first reads of them.");
    command.addPositional("recording");
    command.addOption("from", "N", "from this event on (0)");
    command.addOption("to", "N", "up to the one before this event (the end)");
    command.addOption("request", "R", "of this request only, across threads");
    command.addOption("thread", "NAME", "of this thread only");
    command.addSwitch("json", "a JSON object a line");
    if (const auto code = command.read(arguments, out, err)) {
        return *code;
    }
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    const auto from = command.whole("from", 0, 0, most);
    const auto to = command.whole("to", most, 0, most);
    const auto request = command.whole("request", 0, 1, std::numeric_limits<std::uint32_t>::max());
    for (const auto* number : {&from, &to, &request}) {
        if (!*number) {
            return command.complain(err, number->error().message, exitUsage);
        }
    }
    const auto recording = openRecording(command, "recording", err);
    if (!recording) {
        return exitUsage;
    }
    printEvents(out, *recording,
                {.from = static_cast<std::size_t>(*from),
                 .to = static_cast<std::size_t>(*to),
                 .request = static_cast<std::uint32_t>(*request),
                 .thread = command.text("thread"),
                 .json = command.has("json")});
    return exitDone;
}

} // namespace lab
