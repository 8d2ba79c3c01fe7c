// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"
#include "engine/state/narration.h"
#include "engine/trace/event.h"
#include "gui/model/selection.h"

#include <QString>

namespace lab {

/// Whether the event's `connection` is a client's number and not a connection's of the server.
bool isTraffic(EventType type);

/// What an event says beside its type, in a few words: "epoll_wait, 3", "GET, 87 octets", "handle_read".
QString eventDetail(const Event& event, const Glossary& glossary);

/// "#12", "client 3", "listening", or empty.
QString eventConnection(const Event& event);

/// Whether an event concerns what is selected; true for every event when nothing is.
bool concerns(const Event& event, const Selection& selection);

/// The kind of work that an event tells of, for its colour; None for what is no work.
Work workOf(const Event& event);

/// What a click on an event selects.
Selection selectionOf(const Event& event);

} // namespace lab
