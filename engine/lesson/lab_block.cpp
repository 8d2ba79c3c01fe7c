// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/pattern_steps.h"
#include "engine/analysis/suggestion.h"
#include "engine/concurrency/combination.h"
#include "engine/lesson/lesson_blocks.h"
#include "engine/lesson/lesson_words.h"
#include "engine/run/server_settings.h"

#include <algorithm>
#include <array>

namespace lab {

namespace {

constexpr std::int64_t largestSeed = 9'007'199'254'740'991; // as in scenarios

constexpr auto views = std::to_array<LessonView>({
    {"stage", "the stage and the lanes alone"},
    {"collaboration", "the interaction diagram of the page's connection"},
    {"steps", "the papers' numbered steps, as they are reached"},
    {"source", "the engine's source at the event"},
    {"queue", "the queue, item by item"},
    {"threads", "what each thread waits for, and who wakes it"},
    {"events", "the list of events"},
});

template <typename Entries, typename Id>
std::string alternatives(std::string_view given, const Entries& entries, const Id& idOf) {
    std::vector<std::string_view> known;
    for (const auto& entry : entries) {
        known.push_back(idOf(entry));
    }
    std::string list;
    for (const auto id : known) {
        list += (list.empty() ? "" : ", ") + std::string(id);
    }
    return suggestion(given, known) + " (there are: " + list + ")";
}

Result<void> readModel(const LessonBlock& block, const BlockEntry& entry, LessonSetup& setup) {
    if (findModel(entry.value) == nullptr) {
        return block.error(entry, "there is no model \"" + entry.value + "\"" +
                                      alternatives(entry.value, models(), [](const auto& model) { return model.id; }));
    }
    setup.model = entry.value;
    return {};
}

/// A whole number from `least` to `most`.
template <typename Number>
Result<void> readNumber(const LessonBlock& block, std::string_view key, std::int64_t least, std::int64_t most,
                        std::optional<Number>& target) {
    if (const auto* entry = block.find(key)) {
        const auto number = wholeNumber(entry->value);
        if (!number || *number < least || *number > most) {
            return block.error(*entry,
                               "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
        }
        target = static_cast<Number>(*number);
    }
    return {};
}

/// All settings of the server that the block names; they must go together with the model.
Result<void> readSettings(const LessonBlock& block, const BlockEntry& model, LessonSetup& setup) {
    ServerOptions options;
    options.model = setup.model;
    for (const auto& setting : serverSettings()) {
        if (const auto* entry = block.find(setting.name)) {
            if (!setting.set(options, entry->value)) {
                return block.error(*entry, setting.expected());
            }
            setup.settings.push_back({entry->key, entry->value, entry->line});
        }
    }
    const auto reason = senselessness(*findModel(setup.model), options);
    return reason.empty() ? Result<void>() : block.error(model, reason);
}

/// `first`, and the names of all settings.
std::vector<std::string_view> withSettings(std::vector<std::string_view> first) {
    const auto names = serverSettingNames();
    first.insert(first.end(), names.begin(), names.end());
    return first;
}

Result<void> readSetup(const LessonBlock& block, LessonPage& page) {
    const auto* scenario = block.find("scenario");
    const auto* model = block.find("model");
    if (scenario == nullptr || model == nullptr) {
        for (const auto key : withSettings({"scenario", "model", "seed"})) {
            if (const auto* entry = block.find(key)) {
                return block.error(*entry, "a run is begun with both \"scenario\" and \"model\"");
            }
        }
        return {};
    }
    auto& setup = page.setup.emplace();
    setup.scenario = scenario->value;
    setup.line = scenario->line;
    auto read = readModel(block, *model, setup);
    if (read) {
        read = readNumber(block, "seed", 0, largestSeed, setup.seed);
    }
    if (read) {
        read = readSettings(block, *model, setup);
    }
    return read;
}

Result<void> readStops(const LessonBlock& block, LessonPage& page) {
    for (const auto& entry : block.entries()) {
        if (entry.key != "until") {
            continue;
        }
        auto stop = LessonStop::parse(entry.value);
        if (!stop) {
            return block.error(entry, stop.error().message);
        }
        stop->line = entry.line;
        page.stops.push_back(std::move(*stop));
    }
    return {};
}

Result<void> readStep(const LessonBlock& block, LessonPage& page) {
    const auto* entry = block.find("step");
    if (entry == nullptr) {
        return {};
    }
    if (page.stops.empty()) {
        return block.error(*entry, "a numbered step needs a stop (\"until\")");
    }
    const auto all = stepSequences();
    const auto [id, number, any] = splitAt(entry->value, ' ');
    const auto sequence = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id == id; });
    if (sequence == all.end()) {
        return block.error(*entry, "there is no sequence \"" + std::string(id) + "\"" +
                                       alternatives(id, all, [](const auto& one) { return one.id; }));
    }
    const auto most = static_cast<std::int64_t>(sequence->steps.size());
    const auto step = wholeNumber(number);
    if (!step || *step < 1 || *step > most) {
        return block.error(*entry, "\"" + std::string(id) + "\" has the steps 1 to " + std::to_string(most));
    }
    page.step = {std::string(id), static_cast<std::size_t>(*step), entry->line};
    return {};
}

Result<void> readView(const LessonBlock& block, LessonPage& page) {
    const auto* entry = block.find("show");
    if (entry == nullptr) {
        return {};
    }
    const auto is = [&](const LessonView& view) { return view.id == entry->value; };
    if (std::none_of(views.begin(), views.end(), is)) {
        return block.error(*entry, "there is no view \"" + entry->value + "\"" +
                                       alternatives(entry->value, views, [](const auto& view) { return view.id; }));
    }
    page.view = entry->value;
    return {};
}

Result<void> readSelection(const LessonBlock& block, LessonPage& page) {
    using Kind = LessonSelection::Kind;
    const auto* entry = block.find("select");
    if (entry == nullptr) {
        return {};
    }
    static constexpr std::pair<std::string_view, Kind> selectionKinds[] = {{"connection", Kind::Connection},
                                                                           {"operation", Kind::Operation},
                                                                           {"thread", Kind::Thread},
                                                                           {"client", Kind::Client}};
    const auto [word, which, named] = splitAt(entry->value, ' ');
    const auto kind = std::find_if(std::begin(selectionKinds), std::end(selectionKinds),
                                   [&](const auto& one) { return one.first == word; });
    auto& selection = page.selection;
    if (kind != std::end(selectionKinds)) {
        selection.kind = kind->second;
        selection.ofStop = !named;
        const auto number = wholeNumber(which);
        if (selection.kind == Kind::Thread) {
            selection.thread = std::string(which);
        } else if (named && number && *number >= 0 && selection.kind != Kind::Operation) {
            selection.number = static_cast<std::uint32_t>(*number);
        } else if (named) {
            selection.kind = Kind::None;
        }
    }
    return selection.kind != Kind::None
               ? Result<void>()
               : block.error(*entry, "must be connection, operation, thread or client (those of the stop's event), or "
                                     "\"connection N\", \"client N\", \"thread NAME\"");
}

} // namespace

std::span<const LessonView> lessonViews() { return views; }

void LessonSetup::apply(const Scenario& of, ServerOptions& options) const {
    applyWanted(of.server, options);
    options.model = model;
    // What the lesson's reader has let pass is good.
    static_cast<void>(applySettings(settings, options));
}

Result<void> readLabBlock(const LessonBlock& block, LessonPage& page) {
    const auto keys = withSettings({"scenario", "model", "seed", "until", "step", "show", "select"});
    if (auto known = block.check(keys, {"until"}); !known) {
        return known;
    }
    for (const auto read : {readSetup, readStops, readStep, readView, readSelection}) {
        if (auto done = read(block, page); !done) {
            return done;
        }
    }
    return {};
}

} // namespace lab
