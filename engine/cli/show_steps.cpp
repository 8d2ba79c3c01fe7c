// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/pattern_steps.h"
#include "engine/analysis/request_of_event.h"
#include "engine/analysis/text_table.h"
#include "engine/cli/commands.h"
#include "engine/cli/opened_recording.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <limits>
#include <ostream>

namespace lab {

namespace {

void printText(std::ostream& out, const RecognisedSequence& found) {
    out << found.sequence->title << " (" << found.sequence->source << ")";
    if (found.connection != 0) {
        out << ", #" << found.connection;
    }
    out << '\n';
    for (std::size_t step = 0; step < found.events.size(); ++step) {
        out << "  " << step + 1 << "  " << found.sequence->steps[step] << ": ";
        if (found.events[step] == RecognisedSequence::unseen) {
            out << "not seen, the client is outside\n";
        } else {
            out << "event " << withSeparators(std::uint64_t{found.events[step]}) << '\n';
        }
    }
}

void printJson(std::ostream& out, const RecognisedSequence& found) {
    boost::json::array events;
    for (const auto event : found.events) {
        events.push_back(event == RecognisedSequence::unseen ? boost::json::value(nullptr) : boost::json::value(event));
    }
    out << boost::json::serialize(boost::json::object{{"sequence", found.sequence->id},
                                                      {"connection", found.connection},
                                                      {"operation", found.operation},
                                                      {"events", std::move(events)}})
        << '\n';
}

/// The connection of a request and the stretch of events in which it was served.
struct Stretch {
    std::uint32_t connection = 0;
    std::size_t from = ~std::size_t{0};
    std::size_t to = 0;
};

Stretch stretchOf(const RecordingView& view, std::uint32_t wanted) {
    Stretch stretch;
    RequestOfEvent requests;
    for (auto index = view.first(); index < view.end(); ++index) {
        if (requests.apply(view[index]) == wanted) {
            stretch.connection = view[index].connection;
            stretch.from = std::min(stretch.from, index);
            stretch.to = index + 1;
        }
    }
    return stretch;
}

} // namespace

int showSteps(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    Arguments command("steps", "RECORDING [--request R] [--json]",
                      "Tells which of the papers' numbered step sequences happened in a recording, and at which\n"
                      "events. They are recognised from the events alone, and only in their right order.");
    command.addPositional("recording");
    command.addOption("request", "R", "only those that this request took part in");
    command.addSwitch("json", "a JSON object a line");
    if (const auto code = command.read(arguments, out, err)) {
        return *code;
    }
    const auto request = command.whole("request", 0, 1, std::numeric_limits<std::uint32_t>::max());
    if (!request) {
        return command.complain(err, request.error().message, exitUsage);
    }
    const auto recording = openRecording(command, "recording", err);
    if (!recording) {
        return exitUsage;
    }
    const auto view = recording->view();
    Stretch stretch{.from = 0, .to = view.end()};
    if (*request > 0) {
        stretch = stretchOf(view, static_cast<std::uint32_t>(*request));
        if (stretch.connection == 0) {
            return command.complain(err, "the recording has no request " + std::to_string(*request), exitUsage);
        }
    }
    for (const auto& found : recogniseSteps(view, stretch.connection)) {
        // A sequence ends within the request that it belongs to.
        if (found.events.back() >= stretch.from && found.events.back() < stretch.to) {
            command.has("json") ? printJson(out, found) : printText(out, found);
        }
    }
    return exitDone;
}

} // namespace lab
