// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string_view>

namespace lab {

/// What a wait in a queue or for a turn is for. The place in the source says so, not the call, which is the same.
struct TurnWait {
    QString what;  ///< "for room in the queue"
    QString woken; ///< "there is room"
};

TurnWait turnWaitAt(std::string_view place); ///< the name of the event's site

} // namespace lab
