// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/configuration/service_configurator.h"
#include "engine/server/server.h"
#include "engine/trace/trace.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <thread>

namespace lab::test {

/// A filter called `name` that answers with "X-Mark: `value`".
inline ServiceSpec fieldSpec(const std::string& value, const std::string& name) {
    return {.service = "headers", .name = name, .parameters = {{"set", {"X-Mark: " + value}}}};
}

/// Filters that are linked, unlinked, suspended and given other parameters at random, whatever the server does.
///
/// Threads: the owner's, one at a time. Borrows the server.
class ChangingFilters {
public:
    ChangingFilters(Server& server, const std::string& log)
        : m_configurator(server.configurator())
        , m_specs{ServiceSpec{.service = "gzip", .name = {}, .parameters = {}},
                  fieldSpec("some", "fields"),
                  {.service = "access-log", .name = {}, .parameters = {{"file", {log}}}},
                  {.service = "delay", .name = {}, .parameters = {{"milliseconds", {"1"}}, {"share", {"0.1"}}}}} {}

    /// One change. Empty, or why it was refused: nobody else changes these filters, so only the server can have a reason.
    std::string changeOne() {
        const auto index = m_random() % m_specs.size();
        const auto& spec = m_specs[index];
        const auto name = spec.called();
        if (!m_isLinked[index]) {
            return told(m_configurator.link(spec), index, true);
        }
        switch (m_random() % 4) {
        case 0: return told(m_configurator.suspend(name), index, true);
        case 1: return told(m_configurator.resume(name), index, true);
        case 2: return told(m_configurator.reconfigure(name, spec.parameters), index, true);
        default: return told(m_configurator.unlink(name), index, false);
        }
    }

    std::uint64_t changes() const { return m_changes; }

private:
    std::string told(const Result<void>& done, std::size_t index, bool isLinked) {
        if (!done) {
            return done.error().message;
        }
        m_isLinked[index] = isLinked;
        ++m_changes;
        return {};
    }

    ServiceConfigurator& m_configurator;
    const std::array<ServiceSpec, 4> m_specs;
    std::array<bool, 4> m_isLinked{};
    std::uint64_t m_changes = 0;
    std::mt19937 m_random{21};
};

/// Changes filters without a pause, in a thread of its own, until it is stopped.
class FilterThread {
public:
    FilterThread(Server& server, Trace& trace, const std::string& log)
        : m_filters(server, log)
        , m_thread([this, &trace](const std::stop_token& stop) { work(stop, trace); }) {}

    void stop() {
        m_thread.request_stop();
        m_thread.join();
    }

    // After stop().
    std::uint64_t changes() const { return m_filters.changes(); }
    /// A refusal for which there was no reason.
    const std::string& trouble() const { return m_trouble; }

private:
    void work(const std::stop_token& stop, Trace& trace) {
        const TraceThread part(&trace, "filters", Gated::No);
        while (!stop.stop_requested() && m_trouble.empty()) {
            const auto refused = m_filters.changeOne();
            if (refused.find("keep the services that they were forked with") == std::string::npos) {
                m_trouble = refused;
            }
            constexpr std::chrono::milliseconds between{2};
            std::this_thread::sleep_for(between);
        }
    }

    ChangingFilters m_filters;
    std::string m_trouble;
    std::jthread m_thread;
};

} // namespace lab::test
