// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/combination.h"
#include "engine/concurrency/load_judge.h"
#include "engine/concurrency/model.h"
#include "engine/state/narrator.h"

#include <algorithm>

namespace lab {

namespace {

/// What a setting, a choice, is in `state`, as it is shown; `atFirst`: as the run began.
std::string choiceAt(const LabState& state, const Glossary& glossary, std::string_view name,
                     const std::string& atFirst) {
    if (state.totals.changes == 0) {
        return atFirst;
    }
    const auto* setting = findServerSetting(name);
    const auto* model = findModel(glossary.name(state.model));
    if (setting == nullptr || model == nullptr) {
        return atFirst;
    }
    if (!takes(*model, *setting)) {
        return {};
    }
    for (const auto& [changed, value] : state.settings) {
        if (glossary.name(changed) == name) {
            const auto text = glossary.name(value);
            const auto known = std::ranges::find(setting->words, std::string_view(text), &SettingWord::word);
            return std::string(known != setting->words.end() ? known->title : std::string_view(text));
        }
    }
    return atFirst;
}

} // namespace

std::string processorAt(const LabState& state, const Glossary& glossary) {
    return choiceAt(state, glossary, "processor", glossary.info.processor);
}

std::string demultiplexerAt(const LabState& state, const Glossary& glossary) {
    return choiceAt(state, glossary, "demultiplexer", glossary.info.demultiplexer);
}

std::string_view settingAt(const LabState& state, const Glossary& glossary, std::string_view name) {
    for (const auto& [changed, value] : state.settings) {
        if (glossary.name(changed) == name) {
            return glossary.name(value);
        }
    }
    const auto found = glossary.info.settings.find(std::string(name));
    return found != glossary.info.settings.end() ? std::string_view(found->second) : std::string_view();
}

std::string_view familyAt(const LabState& state, const Glossary& glossary) {
    const auto id = glossary.name(state.model);
    if (state.totals.changes > 0 && id != glossary.info.model) {
        if (const auto* model = findModel(id)) {
            return words(model->family);
        }
    }
    return glossary.info.family;
}

bool waitsForCompletions(std::string_view family) { return family == "proactive" || family == "adaptive"; }

/// As people call it, where this program knows the model.
std::string Narrator::titleOf(NameId model) const {
    const auto* known = findModel(m_glossary.name(model));
    return known != nullptr ? std::string(known->title) : text(model);
}

std::string Narrator::changeStarted() const {
    const auto open = static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_event.value()));
    return "The server is about to change while it runs: whoever comes waits in the backlog, and " +
           readableCount(open, "open connection", "open connections") + " will be left to the next model.";
}

std::string Narrator::settingChanged() const {
    const auto name = static_cast<NameId>(changedSetting(m_event.value()));
    std::string before;
    const auto& info = m_glossary.info.settings;
    if (const auto first = info.find(text(name)); first != info.end()) {
        before = first->second;
    }
    for (const auto& [setting, value] : m_before.settings) {
        if (setting == name) {
            before = text(value);
        }
    }
    return "From now on " + text(name) + " is " + text(settingText(m_event.value())) +
           (before.empty() ? "." : "; it was " + before + ".");
}

std::string Narrator::modelChanged() const {
    const auto model = static_cast<NameId>(m_event.value());
    if (model == m_before.model) {
        return "The model stays the same, " + titleOf(model) + ", and starts anew.";
    }
    return "The model is now " + titleOf(model) + "; it was " + titleOf(m_before.model) +
           ". Its threads start, and take over what the former one has left.";
}

std::string Narrator::changeFailed() const {
    return "The change has failed: " + text(m_event.value()) + ". The former model starts again.";
}

std::string Narrator::connectionHandedOver() const {
    const auto requests =
        readableCount(static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_event.value())), "request", "requests");
    return who() + " lets go of " + subject() + " after " + requests +
           " and leaves it to the next model, open as it is: nothing is under way on it.";
}

std::string Narrator::connectionTakenOver() const {
    return who() + " takes over " + subject() + " from the model before: its client notices nothing.";
}

std::string Narrator::serverAdapted() const {
    const auto busy = std::to_string(adaptationBusy(m_event.value())) + " %";
    const auto figure = adaptationFigure(m_event.value());
    auto sentence = "The server adapts: the answers of the last moments had " +
                    readableOctets(adaptationOctets(m_event.value())) + " on average, the dispatcher was " + busy +
                    " busy, and ";
    if (figure >= LoadJudge::compared) {
        sentence += "what it chooses now has brought " + std::to_string(figure - LoadJudge::compared) +
                    " % of the octets a second that the other way did.";
    } else if (figure == LoadJudge::trying) {
        sentence += "it is to be found out which way is better.";
    } else {
        sentence += std::to_string(figure) + " % of all octets were in large files.";
    }
    switch (m_event.kindAs<Adaptation>()) {
    case Adaptation::ToProcessor: return sentence + " The processor sends all answers now.";
    case Adaptation::ToPool:
        return sentence + " Threads of the pool send the large files now, and complete the operations.";
    case Adaptation::ToMmapWritev: return sentence + " Large files are mapped and written now.";
    case Adaptation::ToSendfile: return sentence + " Large files go by sendfile now.";
    case Adaptation::ToBySize: return sentence + " Large files go by sendfile, the largest are mapped and written now.";
    case Adaptation::ToTransmitFile: return sentence + " The processor transmits large files now.";
    default: return sentence + " Large files go as they did at first.";
    }
}

} // namespace lab
