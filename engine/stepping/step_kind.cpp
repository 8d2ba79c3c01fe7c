// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stepping/step_kind.h"

#include <algorithm>
#include <array>

namespace lab {

namespace {

template <EventType... types>
bool isOneOf(const Event& event) {
    return ((event.type() == types) || ...);
}

using enum EventType;

constexpr std::array stepKindList{
    StepKind{"event", "Next event", "One event of any thread.", [](const Event&) { return true; }},
    StepKind{"accept", "Next accept", "Until a connection is accepted.", isOneOf<ConnectionAccepted>},
    StepKind{"readiness", "Next readiness", "Until the reactor finds a handle ready.", isOneOf<HandleReady>},
    StepKind{"completion", "Next completion", "Until an asynchronous operation completes.",
             isOneOf<OperationCompleted>},
    StepKind{"dispatch", "Next dispatch", "Until an item is taken from a queue, or a handle is found ready.",
             isOneOf<QueuePopped, HandleReady>},
    StepKind{"hook-entered", "Next hook", "Until a dispatcher calls a handler's hook.", isOneOf<HookEntered>},
    StepKind{"hook-left", "End of a hook", "Until a hook returns to its dispatcher.", isOneOf<HookLeft>},
    StepKind{"blocked", "Next block", "Until a thread enters a call that may block.", isOneOf<CallEntered>},
    StepKind{"woken", "Next wake-up", "Until a thread comes back from a call that may block.", isOneOf<CallLeft>},
    StepKind{"request-parsed", "Next request parsed", "Until a request's header has been read.",
             isOneOf<RequestParsed>},
    StepKind{"request-done", "Next request done", "Until a response was sent to its end.", isOneOf<ResponseSent>},
    StepKind{"connection-closed", "Next close", "Until the server closes a connection.", isOneOf<ConnectionClosed>},
};

} // namespace

std::span<const StepKind> stepKinds() { return stepKindList; }

const StepKind* findStepKind(std::string_view id) {
    const auto* const found =
        std::find_if(stepKindList.begin(), stepKindList.end(), [&](const auto& kind) { return kind.id == id; });
    return found == stepKindList.end() ? nullptr : found;
}

} // namespace lab
