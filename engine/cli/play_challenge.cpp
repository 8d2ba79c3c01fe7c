// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/challenge/game.h"
#include "engine/challenge/schedule_search.h"
#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/state/narration.h"
#include "engine/trace/recording_file.h"

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <ostream>

namespace lab {

namespace {

namespace json = boost::json;

json::string_view text(std::string_view words) { return {words.data(), words.size()}; }

json::array namesOf(const Challenge& challenge) {
    json::array names;
    for (const auto thread : challenge.threads) {
        names.emplace_back(text(thread));
    }
    return names;
}

json::object describe(const Challenge& challenge) {
    return {{"id", text(challenge.id)},     {"title", text(challenge.title)},     {"story", text(challenge.story)},
            {"task", text(challenge.task)}, {"mending", text(challenge.mending)}, {"threads", namesOf(challenge)}};
}

void printList(std::ostream& out, bool asJson) {
    json::array list;
    for (const auto& challenge : challenges()) {
        list.push_back(describe(challenge));
        if (!asJson) {
            out << challenge.id << ": " << challenge.title << ". " << challenge.task << '\n';
        }
    }
    if (asJson) {
        out << json::serialize(list) << '\n';
    }
}

/// "processor, dispatcher-1": by name or by number, from 1.
Result<std::vector<std::size_t>> readOrder(const Challenge& challenge, const std::string& order) {
    std::vector<std::string> words;
    boost::algorithm::split(words, order, boost::algorithm::is_any_of(","));
    std::vector<std::size_t> threads;
    for (auto& word : words) {
        boost::algorithm::trim(word);
        std::size_t thread = 0;
        while (thread < challenge.threads.size() && word != challenge.threads[thread] &&
               word != std::to_string(thread + 1)) {
            ++thread;
        }
        if (thread == challenge.threads.size()) {
            return Error{"--order: \"" + word + "\" is no thread of " + std::string(challenge.id) + "; there are " +
                         json::serialize(namesOf(challenge))};
        }
        threads.push_back(thread);
    }
    return threads;
}

/// The steps that were chosen, each with the sentences of its events.
json::array stepsOf(const Game& game) {
    const auto glossary = Glossary::of(*game.recording());
    const auto view = game.recording()->view();
    const auto& chosen = game.chosen();
    json::array steps;
    LabState state;
    std::size_t index = 0;
    for (std::size_t step = 0; step <= chosen.size(); ++step) {
        const auto end = step < chosen.size() ? chosen[step].firstEvent : view.end();
        json::array events;
        for (; index < end; ++index) {
            events.push_back(json::object{{"event", index}, {"sentence", narrate(view[index], state, glossary)}});
            state.apply(view[index]);
        }
        if (step > 0) { // what came before the first choice is the beginning
            const auto& one = chosen[step - 1];
            steps.push_back(json::object{{"thread", text(game.challenge().threads[one.thread])},
                                         {"step", one.about},
                                         {"events", std::move(events)}});
        }
    }
    return steps;
}

json::object describe(const Game& game, const std::optional<SearchResult>& search) {
    json::array choices;
    for (const auto& choice : game.choices()) {
        choices.push_back(json::object{
            {"thread", text(choice.thread)}, {"possible", choice.step.possible}, {"step", choice.step.about}});
    }
    json::object object = describe(game.challenge());
    object["model"] = text(game.variant() == Variant::Mended ? mendedNotice : modelNotice);
    object["mended"] = game.variant() == Variant::Mended;
    object["steps"] = stepsOf(game);
    object["choices"] = std::move(choices);
    object["over"] = game.isOver();
    object["solved"] = game.isSolved();
    object["explanation"] = game.explanation();
    if (search) {
        object["states"] = search->states;
        object["found"] = search->order.has_value();
    }
    return object;
}

void printGame(std::ostream& out, const Game& game) {
    const auto& challenge = game.challenge();
    out << challenge.title << "\n"
        << (game.variant() == Variant::Mended ? mendedNotice : modelNotice) << "\n\n"
        << challenge.story << '\n'
        << challenge.task << "\n\n";
    std::size_t number = 0;
    for (const auto& step : stepsOf(game)) {
        out << ++number << "  " << step.at("thread").as_string().c_str() << ' ' << step.at("step").as_string().c_str()
            << '\n';
        for (const auto& event : step.at("events").as_array()) {
            out << "     " << event.at("event").to_number<std::size_t>() << "  "
                << event.at("sentence").as_string().c_str() << '\n';
        }
    }
    if (!game.isOver()) {
        out << (number == 0 ? "Who can go:\n" : "\nWho can go now:\n");
        for (const auto& choice : game.choices()) {
            out << (choice.step.possible ? "  " : "  not ") << choice.thread << ": it " << choice.step.about << '\n';
        }
    }
}

void printEnd(std::ostream& out, const Game& game, const std::optional<SearchResult>& search) {
    if (search) {
        out << (search->order ? "\nThe shortest order, " + std::to_string(search->order->size()) + " steps, after "
                              : std::string("\nNo order shows the fault: all "))
            << search->states << (search->order ? " states.\n" : " states were met.\n");
    }
    if (game.isOver()) {
        out << '\n' << (game.isSolved() ? "Solved. " : "Not solved. ") << game.explanation() << '\n';
        if (game.isSolved()) {
            out << "See " << game.challenge().function << " in " << game.challenge().example << ".\n";
        }
    }
}

void declare(Arguments& command) {
    command.addPositional("challenge");
    command.addOption("order", "A,B,...", "play this order: threads by name or by number");
    command.addSwitch("find", "search all orders for the shortest that shows the fault");
    command.addSwitch("mended", "with the fault mended");
    command.addOption("record", "FILE", "write the recording of what was played or found");
    command.addSwitch("json", "one JSON object, or a list of the challenges");
    command.addNote("With --order or --find the exit code is 0 when the fault shows itself, and 1 when it does not.");
}

/// Plays what was asked for. Error: of the order.
Result<std::optional<SearchResult>> play(const Arguments& command, Game& game) {
    std::optional<SearchResult> search;
    std::vector<std::size_t> order;
    if (command.has("find")) {
        search = findShortest(game.challenge(), game.variant());
        order = search->order.value_or(order);
    } else if (command.has("order")) {
        auto given = readOrder(game.challenge(), command.text("order"));
        if (!given) {
            return given.error();
        }
        order = std::move(*given);
    }
    if (const auto done = game.choose(order); !done) {
        return Error{"--order, " + done.error().message};
    }
    return search;
}

} // namespace

int playChallenge(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    Arguments command("challenge", "[CHALLENGE] [options]",
                      "Plays a challenge: be the scheduler of a small model with a planted fault (not the lab's\n"
                      "engine), and find the order of steps that shows it. Without a name: lists the challenges.");
    declare(command);
    if (const auto code = command.read(arguments, out, err)) {
        return *code;
    }
    if (!command.has("challenge")) {
        printList(out, command.has("json"));
        return exitDone;
    }
    const auto* challenge = findChallenge(command.text("challenge"));
    if (challenge == nullptr) {
        return command.complain(err, "there is no challenge \"" + command.text("challenge") + "\"", exitUsage);
    }
    if (command.has("find") && command.has("order")) {
        return command.complain(err, "--find and --order exclude each other", exitUsage);
    }
    Game game(*challenge, command.has("mended") ? Variant::Mended : Variant::Planted);
    const auto search = play(command, game);
    if (!search) {
        return command.complain(err, search.error().message, exitUsage);
    }
    if (command.has("record")) {
        if (const auto written = writeRecording(game.recording(), command.text("record")); !written) {
            return command.complain(err, written.error().message, exitFailed);
        }
    }
    if (command.has("json")) {
        out << json::serialize(describe(game, *search)) << '\n';
    } else {
        printGame(out, game);
        printEnd(out, game, *search);
    }
    const bool played = command.has("find") || command.has("order");
    return played && !game.isSolved() ? exitFailed : exitDone;
}

} // namespace lab
