// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/turn_wait.h"

namespace lab {

TurnWait turnWaitAt(std::string_view place) {
    if (place == "wait for room") {
        return {QStringLiteral("for room in the queue"), QStringLiteral("there is room")};
    }
    if (place == "wait for work") {
        return {QStringLiteral("for work in the queue"), QStringLiteral("work is there")};
    }
    if (place == "wait for the listening socket") {
        return {QStringLiteral("for its turn at the listening socket"), QStringLiteral("the listening socket is free")};
    }
    if (place == "wait to lead") {
        return {QStringLiteral("for its turn as the leader"), QStringLiteral("it leads")};
    }
    return {QStringLiteral("for a completion in the queue"), QStringLiteral("a completion is there")};
}

} // namespace lab
