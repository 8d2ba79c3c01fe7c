// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/call_context.h"

#include "gui/model/event_words.h"
#include "gui/model/text.h"

namespace lab {

QStringList callContext(const LabState& state, const Glossary& glossary) {
    QStringList context;
    if (state.next == 0) {
        return context;
    }
    const auto& event = state.last;
    const auto& site = glossary.site(event.site);
    const auto* thread = state.threads.get(event.actor);
    const bool hookEvent = event.type() == EventType::HookEntered || event.type() == EventType::HookLeft;
    const auto hook = hookEvent ? event.kindAs<Hook>() : thread != nullptr ? thread->hook : Hook::None;
    if (!site.function.empty()) {
        context += text(site.function) + QStringLiteral("()");
    }
    if (hook != Hook::None) {
        // The acceptor's hook goes on while it admits a connection, whose number its event has already.
        const bool acceptors = hook == Hook::HandleAccept || event.type() == EventType::ConnectionAccepted;
        const auto connection = event.connection != 0 || thread == nullptr ? event.connection : thread->connection;
        const auto whose =
            acceptors || connection == 0 ? QStringLiteral("the acceptor") : QStringLiteral("#%1").arg(connection);
        context += QStringLiteral("%1 of %2").arg(text(words(hook)), whose);
        context += text(words(state.totals.operations > 0 ? Role::CompletionDispatcher : Role::InitiationDispatcher));
    } else if (event.connection != 0 && !isTraffic(event.type()) && site.role == Role::HttpHandler) {
        context += QStringLiteral("%1 of #%2").arg(text(words(site.role))).arg(event.connection);
    } else if (site.role != Role::None && site.role != Role::Thread) {
        context += text(words(site.role));
    }
    context += QString::fromStdString(threadName(event.actor, state, glossary));
    return context;
}

} // namespace lab
