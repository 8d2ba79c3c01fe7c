// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/first_difference.h"
#include "engine/analysis/text_table.h"
#include "engine/cli/commands.h"
#include "engine/cli/opened_recording.h"
#include "engine/state/narration.h"

#include <algorithm>
#include <ostream>

namespace lab {

namespace {

/// Tells events of one recording, in order.
class Teller {
public:
    Teller(const Recording& recording, std::string side, std::ostream& out)
        : m_view(recording.view())
        , m_glossary(Glossary::of(recording))
        , m_side(std::move(side))
        , m_next(m_view.first())
        , m_out(out) {}

    void tell(std::size_t index) {
        for (; m_next < index; ++m_next) {
            m_state.apply(m_view[m_next]);
        }
        const auto& event = m_view[index];
        const auto sentence = narrate(event, m_state, m_glossary);
        m_state.apply(event); // a thread has its name once it has started
        m_next = index + 1;
        m_out << "  " << m_side << "  event " << withSeparators(std::uint64_t{index}) << "  "
              << threadName(event.actor, m_state, m_glossary) << ": " << sentence << '\n';
    }
    void tellEnd() { m_out << "  " << m_side << "  has no more\n"; }

private:
    RecordingView m_view;
    Glossary m_glossary;
    LabState m_state;
    std::string m_side;
    std::size_t m_next;
    std::ostream& m_out;
};

void tellSide(const Recording& recording, const std::string& side, const std::vector<std::size_t>& before,
              const std::optional<std::size_t>& first, std::ostream& out) {
    Teller teller(recording, side, out);
    for (const auto index : before) {
        teller.tell(index);
    }
    out << "  " << side << "  ---- here they differ ----\n";
    if (first) {
        teller.tell(*first);
    } else {
        teller.tellEnd();
    }
}

} // namespace

int compareRecordings(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    Arguments command("compare", "A B [--before N]",
                      "Tells the first difference of two recordings by pattern events: what the server's threads did,\n"
                      "in which order, whatever the time it took, up to where each run was ended. Threads of a pool\n"
                      "may have each other's names. Code 0: the same; 1: they differ; 2: wrong usage.");
    command.addPositional("a");
    command.addPositional("b");
    command.addOption("before", "N", "tell so many events before the difference (5)");
    if (const auto code = command.read(arguments, out, err)) {
        return *code;
    }
    constexpr int most = 1'000;
    const auto before = command.whole("before", 5, 0, most);
    if (!before) {
        return command.complain(err, before.error().message, exitUsage);
    }
    const auto a = openRecording(command, "a", err);
    const auto b = a ? openRecording(command, "b", err) : nullptr;
    if (!a || !b) {
        return exitUsage;
    }
    const auto comparison = comparePatterns(*a, *b, static_cast<std::size_t>(*before));
    const auto same = withSeparators(std::uint64_t{comparison.same});
    if (comparison.isSame()) {
        out << "the same: " << same << " pattern events in the same order\n";
        return exitDone;
    }
    out << "the first " << same << " pattern events are the same; then:\n";
    tellSide(*a, "A", comparison.beforeA, comparison.inA, out);
    tellSide(*b, "B", comparison.beforeB, comparison.inB, out);
    return exitFailed;
}

} // namespace lab
