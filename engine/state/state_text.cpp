// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/state_json.h"
#include "engine/state/state_words.h"
#include "engine/trace/readable.h"

#include <algorithm>
#include <string>
#include <vector>

namespace lab {

namespace {

/// Rows of text in columns that are as wide as they must be.
class Table {
public:
    explicit Table(std::vector<std::string> head)
        : m_rows{std::move(head)} {}
    void add(std::vector<std::string> row) { m_rows.push_back(std::move(row)); }

    /// `title` and the rows; where there are none, "none". At most `shown` rows.
    std::string text(const std::string& title) const {
        constexpr std::size_t shown = 50;
        std::string out = "\n" + title + " (" + readableNumber(static_cast<std::int64_t>(m_rows.size()) - 1) + ")\n";
        if (m_rows.size() == 1) {
            return out;
        }
        std::vector<std::size_t> widths(m_rows.front().size());
        const auto rows = std::min(m_rows.size(), shown + 1);
        for (std::size_t row = 0; row < rows; ++row) {
            for (std::size_t column = 0; column < widths.size(); ++column) {
                widths[column] = std::max(widths[column], letters(m_rows[row][column]));
            }
        }
        for (std::size_t row = 0; row < rows; ++row) {
            std::string line = " ";
            for (std::size_t column = 0; column < widths.size(); ++column) {
                line += " " + m_rows[row][column] + std::string(widths[column] + 1 - letters(m_rows[row][column]), ' ');
            }
            out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        }
        if (m_rows.size() > rows) {
            out += "  … and " + readableNumber(static_cast<std::int64_t>(m_rows.size() - rows)) + " more\n";
        }
        return out;
    }

private:
    /// Of UTF-8: what is not a continuation octet.
    static std::size_t letters(const std::string& text) {
        return static_cast<std::size_t>(std::count_if(
            text.begin(), text.end(), [](char octet) { return (static_cast<unsigned char>(octet) & 0xc0) != 0x80; }));
    }
    std::vector<std::vector<std::string>> m_rows;
};

std::string number(std::int64_t value) { return readableNumber(value); }
std::string number(std::uint64_t value) { return readableNumber(static_cast<std::int64_t>(value)); }

std::string numbered(std::uint32_t id) { return id == 0 ? std::string("-") : "#" + std::to_string(id); }

std::string orDash(std::string_view text) {
    return text.empty() || text == "none" ? std::string("-") : std::string(text);
}

/// How long ago it was at the state's moment.
std::string since(std::uint64_t then, const LabState& state) {
    return readableDuration(state.time > then ? state.time - then : 0);
}

std::string threads(const LabState& state, const Glossary& glossary) {
    Table table({"thread", "of", "does", "call", "hook", "work", "connection", "operation", "for"});
    for (const auto& [actor, thread] : state.threads) {
        table.add({threadName(actor, state, glossary),
                   thread.isClient   ? "traffic"
                   : thread.isServer ? "server"
                                     : "-",
                   std::string(words(thread.activity)), orDash(words(thread.call)), orDash(words(thread.hook)),
                   orDash(words(thread.work)), numbered(thread.connection),
                   thread.operation == 0 ? "-" : std::to_string(thread.operation), since(thread.since, state)});
    }
    return table.text("Threads");
}

std::string connections(const LabState& state, const Glossary& glossary) {
    Table table(
        {"connection", "from", "phase", "watched for", "ready", "thread", "path", "status", "sent", "of", "requests"});
    for (const auto& [id, connection] : state.connections) {
        const auto from = connection.fromOutside   ? "outside"
                          : connection.client != 0 ? "client " + std::to_string(connection.client)
                                                   : "port " + std::to_string(connection.peerPort);
        table.add({numbered(id), from, std::string(words(connection.phase)),
                   connection.registered ? std::string(words(connection.watchedFor)) : std::string("-"),
                   connection.ready == Interest::None ? std::string("-") : std::string(words(connection.ready)),
                   connection.thread == 0xffff ? std::string("-") : threadName(connection.thread, state, glossary),
                   orDash(glossary.name(connection.path)),
                   connection.status == 0 ? "-" : std::to_string(connection.status), number(connection.octetsSent),
                   number(connection.octetsToSend), std::to_string(connection.requests)});
    }
    return table.text("Connections");
}

std::string operations(const LabState& state, const Glossary& glossary) {
    Table table({"operation", "kind", "connection", "phase", "asked", "result", "initiated by", "age"});
    for (const auto& [id, operation] : state.operations) {
        const auto result = operation.completedAt == 0 ? std::string("-")
                            : operation.result < 0     ? readableError(static_cast<int>(-operation.result))
                                                       : number(operation.result);
        table.add({std::to_string(id), std::string(words(operation.kind)), numbered(operation.connection),
                   std::string(words(operation.phase)), number(operation.asked), result,
                   threadName(operation.initiatedBy, state, glossary), since(operation.initiatedAt, state)});
    }
    return table.text("Operations");
}

std::string clients(const LabState& state, const Glossary& glossary) {
    Table table({"client", "phase", "connection", "asks for", "requests", "failures", "for"});
    for (const auto& [id, client] : state.clients) {
        const auto place = client.connection != 0                 ? numbered(client.connection)
                           : client.connected && !client.accepted ? std::string("backlog")
                                                                  : std::string("-");
        table.add({std::to_string(id), std::string(words(client.phase)), place, orDash(glossary.name(client.path)),
                   std::to_string(client.requests), std::to_string(client.failures), since(client.since, state)});
    }
    return table.text("Clients");
}

std::string rings(const LabState& state) {
    Table table({"ring", "depth", "high-water", "passed"});
    for (const auto& [name, ring] :
         {std::pair("submission", &state.submissionRing), std::pair("completion", &state.completionRing)}) {
        if (ring->passed > 0) {
            table.add({name, number(ring->depth), number(ring->highWater), number(ring->passed)});
        }
    }
    return table.text("Rings");
}

std::string queues(const LabState& state) {
    Table table({"queue", "depth", "high-water", "pushed", "popped"});
    const auto add = [&](Queue kind, const QueueState& queue) {
        if (queue.pushed + queue.popped > 0) {
            table.add({std::string(words(kind)), number(std::uint64_t{queue.items.size()}),
                       number(std::uint64_t{queue.highWater}), number(queue.pushed), number(queue.popped)});
        }
    };
    add(Queue::Completion, state.completionQueue);
    add(Queue::Ready, state.readyQueue);
    add(Queue::Accept, state.acceptQueue);
    add(Queue::Returned, state.returnQueue);
    add(Queue::Transmit, state.transmitQueue);
    return table.text("Queues");
}

std::string totals(const Totals& totals) {
    return "\nTotals\n  " + number(totals.events) + " events, " + number(totals.lost) + " lost\n  " +
           number(totals.accepted) + " connections accepted, " + number(totals.closed) + " closed; " +
           number(totals.requests) + " requests answered with " + number(totals.octetsSent) + " octets\n  " +
           number(totals.systemCalls) + " system calls, " + number(totals.hooks) + " hooks, " +
           number(totals.operations) + " operations\n  " + number(totals.cacheHits) + " cache hits, " +
           number(totals.cacheMisses) + " misses, " + number(totals.evictions) + " files evicted\n";
}

} // namespace

std::string toText(const LabState& state, const Glossary& glossary) {
    std::string text =
        "Event " + number(std::uint64_t{state.next}) + ", " + readableDuration(state.time) + " after the start";
    if (const auto model = glossary.name(state.model); !model.empty()) {
        text += "; model " + std::string(model);
    }
    for (const auto& [name, value] : state.settings) {
        text += ", " + std::string(glossary.name(name)) + " " + std::string(glossary.name(value));
    }
    text += state.changing ? ", about to change" : "";
    if (const auto phase = glossary.name(state.phase); !phase.empty()) {
        text += ", phase " + std::string(phase);
    }
    text += state.ended       ? "; ended"
            : state.draining  ? "; draining"
            : state.listening ? "; listening on port " + std::to_string(state.port)
                              : "";
    text += "\n";
    if (!state.ready.empty()) {
        text += "Ready, in order:";
        for (const auto id : state.ready) {
            text += id == 0 ? " acceptor" : " #" + std::to_string(id);
        }
        text += "\n";
    }
    if (!state.services.empty()) {
        text += "Services:";
        for (const auto& service : state.services) {
            text += " " + std::string(glossary.name(service.name)) + (service.suspended ? " (suspended)" : "");
        }
        text += "\n";
    }
    return text + threads(state, glossary) + connections(state, glossary) + operations(state, glossary) +
           clients(state, glossary) + queues(state) + rings(state) + totals(state.totals);
}

} // namespace lab
