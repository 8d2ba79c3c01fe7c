// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/narrator.h"

namespace lab {

/// kind 1: the lab says so of a process that could not say it itself.
std::string Narrator::threadEnded() const {
    return m_event.kind() == 1 ? who() + " is gone: it was ended in the middle of what it did."
                               : who() + " ends: its work is done, the thread is gone.";
}

std::string Narrator::processStarted() const {
    return who() + " is a process of its own, number " + std::to_string(m_event.value()) +
           ": it shares the listening socket with the others, and no memory.";
}

std::string Narrator::processEnded() const {
    const auto process = "Process " + std::to_string(endedProcess(m_event.value()));
    const auto code = processEndCode(m_event.value());
    if (m_event.kindAs<ProcessEnd>() == ProcessEnd::Killed) {
        return process + " was ended by signal " + readableSignal(code) +
               ": what it served is lost, the other processes go on.";
    }
    return code == 0 ? process + " has ended in good order."
                     : process + " has ended with exit code " + std::to_string(code) + ".";
}

} // namespace lab
