// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"
#include "engine/trace/recording.h"

#include <string>
#include <vector>

namespace lab {

/// What narrate() needs to know of a recording beside the state: a copy, so that it can be used anywhere.
struct Glossary {
    RunInfo info;
    std::vector<std::string> names;
    std::vector<SiteInfo> sites;

    static Glossary of(const Recording& recording);
    std::string_view name(NameId id) const;
    const SiteInfo& site(std::uint16_t id) const;
};

/// One sentence in plain words, with the participants' names, for `event`, as seen in `before`, the state just
/// before it: "dispatcher-1 calls handle_read of #12: the read that completed brought 312 octets."
std::string narrate(const Event& event, const LabState& before, const Glossary& glossary);

/// The same of an operation that could be gone on with next: Candidate::isOffer.
std::string narrateOffer(const Event& pending, const LabState& now, const Glossary& glossary);

/// "reactive": the family of the model that runs in `state`, which need not be the one that the run began with.
std::string_view familyAt(const LabState& state, const Glossary& glossary);
/// Whether a model of that family initiates operations, and waits for their completions.
bool waitsForCompletions(std::string_view family);

/// "Asio on epoll", "poll": the processor or demultiplexer on which the model of `state` rests; empty where it has none.
std::string processorAt(const LabState& state, const Glossary& glossary);
std::string demultiplexerAt(const LabState& state, const Glossary& glossary);

/// "none", of `cork`: what a setting is in `state`, as it is written; empty where that is not known.
std::string_view settingAt(const LabState& state, const Glossary& glossary, std::string_view name);

/// "pool-3", "dispatcher-1": the name of a thread, or "thread 7" where it has none.
std::string threadName(std::uint16_t actor, const LabState& state, const Glossary& glossary);

} // namespace lab
