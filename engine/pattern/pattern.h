// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace lab {

/// A class of ours that plays a part in a pattern.
struct PatternPlayer {
    std::string_view part; ///< the participant as the papers call it: "Initiation Dispatcher"
    std::string_view name; ///< ours: "InitiationDispatcher"
    std::string_view file; ///< where it is declared, relative to the source tree
};

/// A pattern that the source documents name, and where it is to be found here.
struct Pattern {
    std::string_view id; ///< "reactor"
    std::string_view title;
    std::string_view source;            ///< where the documents speak of it
    std::string_view intent;            ///< what it is for in a server, one or two sentences
    std::vector<PatternPlayer> players; ///< none: we do without, and `departure` says why
    std::string_view departure;         ///< where ours differs from the documents' and why; empty: it does not
    std::string_view model;             ///< shows it at work; empty: every model does
    std::string_view scenario;          ///< under this traffic, by its id
};

/// The line of `name`'s declaration in the text of its header, from 1 on; 0 where it is not declared there.
int declarationLine(std::string_view header, std::string_view name);

/// All patterns, in the order of reading. The one list: the window's page, the command and the tests follow from it.
std::span<const Pattern> patterns();

} // namespace lab
