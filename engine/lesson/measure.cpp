// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/measure.h"

#include "engine/analysis/suggestion.h"
#include "engine/base/text_file.h"
#include "engine/lesson/actor_names.h"
#include "engine/lesson/lesson_words.h"

#include <algorithm>

namespace lab {

namespace {

Result<void> readMoments(Measure& measure, std::string_view rest) {
    while (measure.moments.size() < measure.kind->moments) {
        const bool last = measure.moments.size() + 1 == measure.kind->moments;
        const auto [text, after, found] = last ? SplitText{trimmed(rest), {}, false} : splitAt(rest, ',');
        if (text.empty() || (!last && !found)) {
            return Error{"it is written \"" + std::string(measure.kind->form) + "\""};
        }
        auto moment = Moment::parse(text);
        if (!moment) {
            return moment.error();
        }
        measure.moments.push_back(std::move(*moment));
        rest = after;
    }
    return {};
}

Result<void> readWord(Measure& measure, std::string_view rest) {
    measure.word = std::string(rest);
    if (rest.empty() && !measure.kind->wordNeeded) {
        return {};
    }
    if (measure.kind->choices == nullptr) {
        return Error{"nothing may follow \"" + std::string(measure.kind->id) + "\""};
    }
    const auto words = measure.kind->choices();
    if (std::find(words.begin(), words.end(), rest) != words.end()) {
        return {};
    }
    std::string list;
    for (const auto& word : words) {
        list += (list.empty() ? "" : ", ") + word;
    }
    return Error{"it is written \"" + std::string(measure.kind->form) + "\", with one of " + list};
}

} // namespace

LabState MeasureContext::state() const {
    LabState state;
    const auto view = recording->view();
    for (auto index = view.first(); index < view.end() && index <= at; ++index) {
        state.apply(view[index]);
    }
    return state;
}

void MeasureContext::forEach(const std::function<void(std::size_t, const Event&, const std::string&)>& use) const {
    ActorNames names(*recording);
    const auto view = recording->view();
    for (auto index = view.first(); index < view.end() && index <= at; ++index) {
        names.apply(view[index]);
        use(index, view[index], names.of(view[index].actor));
    }
}

Result<Measure> Measure::parse(std::string_view text) {
    Measure measure;
    measure.text = std::string(text);
    auto [first, rest, any] = splitAt(trimmed(text), ' ');
    if (first == "highest" || first == "lowest") {
        measure.across = first == "highest" ? Across::Highest : Across::Lowest;
        const auto inner = splitAt(rest, ' ');
        first = inner.first;
        rest = inner.second;
    }
    const auto kinds = measureKinds();
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const auto& entry) { return entry.id == first; });
    if (kind == kinds.end()) {
        std::vector<std::string_view> known;
        for (const auto& entry : kinds) {
            known.push_back(entry.id);
        }
        return Error{"there is no measure \"" + std::string(first) + "\"" + suggestion(first, known) +
                     " (see lessons/README.md)"};
    }
    measure.kind = &*kind;
    if (measure.across != Across::One && !kind->isNumber) {
        return Error{"only numbers can be compared over several runs, and \"" + std::string(kind->id) +
                     "\" does not give one"};
    }
    const auto read = kind->moments > 0 ? readMoments(measure, rest) : readWord(measure, rest);
    if (!read) {
        return read.error();
    }
    return measure;
}

} // namespace lab
