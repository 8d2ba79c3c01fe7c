// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/exchange/json_stream.h"
#include "engine/trace/recording.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <ostream>
#include <string>
#include <vector>

namespace lab {

/// One run over a recording that writes it as Chrome trace JSON. What importers insist on is said at each place.
/// Lives for one call of writeChromeTrace(), on its thread.
class ChromeTraceWriter {
public:
    ChromeTraceWriter(const Recording& recording, std::ostream& out);
    void write();

private:
    enum class SliceKind : std::uint8_t { Hook, Call, Initiation };
    struct Slice {
        std::string name;
        SliceKind kind;
    };
    /// Of an asynchronous pair that has begun: its end repeats what its begin said.
    struct Open {
        std::string name;
        int process;
        std::uint16_t actor;
    };
    using OpenPairs = boost::unordered_flat_map<std::uint64_t, Open>;

    // chrome_trace_writer.cpp: the events of the format.
    void findTrafficThreads();
    void header();
    void footer();
    void metadata(const char* what, int process, int thread, std::string_view name);
    void start(char phase, std::string_view name, const Event& event);
    void arguments(const Event& event);
    void instant(std::string_view name, const Event& event, char scope = 't');
    void beginSlice(SliceKind kind, std::string name, const Event& event);
    void endSlice(SliceKind kind, const Event& event);
    void endInnermost(const Event& event);
    void endSlices(std::uint16_t actor, std::uint64_t time);
    void beginPair(OpenPairs& pairs, const char* category, std::uint64_t id, std::string name, const Event& event);
    void endPair(OpenPairs& pairs, const char* category, std::uint64_t id, std::uint64_t time);
    void endPairs(OpenPairs& pairs, const char* category);
    void flow(char phase, std::uint32_t operation, const Event& event);
    void counter(const char* name, std::int64_t value, const Event& event);
    int processOf(std::uint16_t actor) const { return actor < m_isTraffic.size() && m_isTraffic[actor] ? 2 : 1; }

    // chrome_trace_events.cpp: what each event of ours becomes.
    void writeEvent(const Event& event);
    bool writeThreadOrCall(const Event& event);
    bool writeOperation(const Event& event);
    bool writeTraffic(const Event& event);
    void writeOther(const Event& event);
    std::string nameOf(std::string_view what, const Event& event) const;

    const Recording& m_recording;
    std::ostream& m_out;
    JsonStream m_json;
    RecordingView m_view;
    std::vector<std::string> m_names;
    std::vector<SiteInfo> m_sites;
    std::vector<bool> m_isTraffic;            ///< by actor
    std::vector<std::vector<Slice>> m_slices; ///< by actor: the open slices, outermost first
    OpenPairs m_operations;                   ///< under way, by operation
    OpenPairs m_queued;                       ///< in the completion queue, by operation
    OpenPairs m_requests;                     ///< of clients, by client
    OpenPairs m_connections;
    boost::unordered_flat_map<std::uint32_t, bool> m_flows; ///< begun and not ended, by operation
    std::uint64_t m_end = 0;
};

} // namespace lab
