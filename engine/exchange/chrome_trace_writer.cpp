// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exchange/chrome_trace_writer.h"

#include <algorithm>

namespace lab {

namespace {

bool isOfClients(EventType type) {
    return type == EventType::PhaseStarted || (type >= EventType::ClientConnecting && type <= EventType::ClientClosed);
}

} // namespace

ChromeTraceWriter::ChromeTraceWriter(const Recording& recording, std::ostream& out)
    : m_recording(recording)
    , m_out(out)
    , m_json(out)
    , m_view(recording.view())
    , m_names(recording.names())
    , m_sites(recording.sites()) {}

void ChromeTraceWriter::write() {
    findTrafficThreads();
    header();
    for (auto index = m_view.first(); index < m_view.end() && m_out;) {
        const auto run = m_view.run(index);
        for (const auto& event : run) {
            writeEvent(event);
        }
        index += run.size();
    }
    footer();
    m_json.flush();
}

/// Traffic and server are two processes in the picture, and a thread's track belongs to one of them from its start.
void ChromeTraceWriter::findTrafficThreads() {
    for (auto index = m_view.first(); index < m_view.end();) {
        const auto run = m_view.run(index);
        for (const auto& event : run) {
            if (isOfClients(event.type())) {
                m_isTraffic.resize(std::max<std::size_t>(m_isTraffic.size(), event.actor + 1U));
                m_isTraffic[event.actor] = true;
            }
        }
        index += run.size();
        m_end = run.back().time;
    }
}

void ChromeTraceWriter::header() {
    const auto info = m_recording.info();
    const auto total = m_recording.total();
    m_json.open('{').add("displayTimeUnit", "ns").member("otherData").open('{');
    m_json.add("program", "Proactor Lab " LAB_VERSION).add("model", info.model).add("family", info.family);
    m_json.add("scenario", info.scenario).add("startedAt", info.startedAt).add("paced", info.paced);
    m_json.add("firstEvent", m_view.first()).add("events", m_view.end() - m_view.first());
    m_json.add("eventsEmitted", total.emitted).add("eventsStored", total.stored).add("eventsLost", total.lost);
    m_json.close('}').member("traceEvents").open('[');
    metadata("process_name", 1, 0, "Server: " + (info.modelTitle.empty() ? info.model : info.modelTitle));
    metadata("process_name", 2, 0, "Traffic");
}

/// What is still open ends with the recording: an importer would draw it without an end, or not at all.
void ChromeTraceWriter::footer() {
    for (std::size_t actor = 0; actor < m_slices.size(); ++actor) {
        endSlices(static_cast<std::uint16_t>(actor), m_end);
    }
    endPairs(m_operations, "operation");
    endPairs(m_queued, "queue");
    endPairs(m_requests, "request");
    endPairs(m_connections, "connection");
    m_json.newLine().close(']').close('}').newLine();
}

void ChromeTraceWriter::metadata(const char* what, int process, int thread, std::string_view name) {
    m_json.newLine().open('{').add("name", what).add("ph", "M").add("pid", process).add("tid", thread);
    m_json.member("args").open('{').add("name", name).close('}').close('}');
}

/// The members that every event has. Threads count from 1: a thread 0 is the process itself to some importers.
/// Times count from the start of the trace; as microseconds since 1970 they would lose their nanoseconds.
void ChromeTraceWriter::start(char phase, std::string_view name, const Event& event) {
    m_json.newLine().open('{').add("name", name).add("ph", std::string_view(&phase, 1));
    m_json.add("pid", processOf(event.actor)).add("tid", event.actor + 1).member("ts").microseconds(event.time);
}

void ChromeTraceWriter::arguments(const Event& event) {
    m_json.member("args").open('{');
    if (event.connection != 0) {
        m_json.add(processOf(event.actor) == 2 ? "client" : "connection", event.connection);
    }
    if (event.operation != 0) {
        m_json.add("operation", event.operation);
    }
    if (event.value() != 0) {
        m_json.add("value", event.value());
    }
    if (event.site != 0 && event.site < m_sites.size()) {
        const auto& site = m_sites[event.site];
        m_json.add("role", words(site.role)).add("source", site.file + ":" + std::to_string(site.line));
    }
    m_json.close('}');
}

void ChromeTraceWriter::instant(std::string_view name, const Event& event, char scope) {
    start('i', name, event);
    m_json.add("s", std::string_view(&scope, 1));
    arguments(event);
    m_json.close('}');
}

/// A thread is in one hook and one call at a time, the call inside the hook: what else is open has lost its end.
void ChromeTraceWriter::beginSlice(SliceKind kind, std::string name, const Event& event) {
    m_slices.resize(std::max<std::size_t>(m_slices.size(), event.actor + 1U));
    auto& slices = m_slices[event.actor];
    while (kind != SliceKind::Initiation && !slices.empty() &&
           (slices.back().kind == kind || kind == SliceKind::Hook)) {
        endInnermost(event);
    }
    start('B', name, event);
    m_json.add("cat", "thread");
    arguments(event);
    m_json.close('}');
    slices.push_back({std::move(name), kind});
}

void ChromeTraceWriter::endSlice(SliceKind kind, const Event& event) {
    if (event.actor >= m_slices.size()) {
        return; // its begin was lost
    }
    auto& slices = m_slices[event.actor];
    const auto found =
        std::find_if(slices.begin(), slices.end(), [&](const Slice& slice) { return slice.kind == kind; });
    for (auto count = slices.end() - found; count > 0; --count) {
        endInnermost(event);
    }
}

/// The name stands on the end too: the Firefox Profiler refuses the whole file without it, speedscope the slice.
void ChromeTraceWriter::endInnermost(const Event& event) {
    auto& slices = m_slices[event.actor];
    start('E', slices.back().name, event);
    m_json.add("cat", "thread").close('}');
    slices.pop_back();
}

void ChromeTraceWriter::endSlices(std::uint16_t actor, std::uint64_t time) {
    Event event{};
    event.actor = actor;
    event.time = time;
    while (actor < m_slices.size() && !m_slices[actor].empty()) {
        endInnermost(event);
    }
}

/// Operations overlap on their threads, so they are pairs with ids; overlapping slices would be dropped silently.
void ChromeTraceWriter::beginPair(OpenPairs& pairs, const char* category, std::uint64_t id, std::string name,
                                  const Event& event) {
    endPair(pairs, category, id, event.time); // the end of an earlier one with this id was lost
    start('b', name, event);
    m_json.add("cat", category).add("id", id);
    arguments(event);
    m_json.close('}');
    pairs[id] = {std::move(name), processOf(event.actor), event.actor};
}

void ChromeTraceWriter::endPair(OpenPairs& pairs, const char* category, std::uint64_t id, std::uint64_t time) {
    const auto found = pairs.find(id);
    if (found == pairs.end()) {
        return;
    }
    Event event{};
    event.actor = found->second.actor; // process and thread as on the begin: a pair is tied by process and id
    event.time = time;
    start('e', found->second.name, event);
    m_json.add("cat", category).add("id", id).close('}');
    pairs.erase(found);
}

void ChromeTraceWriter::endPairs(OpenPairs& pairs, const char* category) {
    while (!pairs.empty()) {
        endPair(pairs, category, pairs.begin()->first, m_end);
    }
}

/// One flow for each operation: flows of a connection or a queue would all meet in one place, and freeze Perfetto.
void ChromeTraceWriter::flow(char phase, std::uint32_t operation, const Event& event) {
    start(phase, "operation", event);
    m_json.add("cat", "operation").add("id", operation);
    if (phase == 'f') {
        m_json.add("bp", "e"); // to the slice around it; without this Perfetto draws no flow and does not say so
    }
    m_json.close('}');
}

void ChromeTraceWriter::counter(const char* name, std::int64_t value, const Event& event) {
    m_json.newLine().open('{').add("name", name).add("ph", "C").add("pid", 1).add("tid", 0);
    m_json.member("ts").microseconds(event.time).member("args").open('{').add("value", value).close('}').close('}');
}

} // namespace lab
