// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/run/resource_sampler.h"

#include "engine/base/clock.h"
#include "engine/server/server.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>

namespace lab {

namespace {

constexpr std::int64_t interval = 100'000'000;        // ns
constexpr std::int64_t pacedInterval = 2'000'000'000; // ns of lab time
constexpr std::int64_t largestShare = 20;             // a twentieth of the time at most
constexpr std::size_t threadsInARow = 64;             // of thousands, each has its turn

/// How long a thread has waited for a processor in all its life, ns; -1 when it has just gone.
std::int64_t processorWait(int systemId) {
    std::ifstream file("/proc/" + std::to_string(systemId) + "/schedstat"); // of a thread, or a process of its own
    std::int64_t ran = 0;
    std::int64_t waited = -1;
    file >> ran >> waited;
    return file ? waited : -1;
}

} // namespace

ResourceSampler::ResourceSampler(Server& server, Trace& trace)
    : m_server(server)
    , m_trace(trace)
    , m_threads(&trace, Gated::No) {}

Result<void> ResourceSampler::start(std::function<void()> everyTime) {
    m_everyTime = std::move(everyTime);
    return m_threads.start("sampler", [this] { run(); });
}

void ResourceSampler::stop() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_all();
    m_threads.join();
}

void ResourceSampler::run() {
    const auto& gate = m_trace.gate();
    auto next = gate.now();
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        const auto wait = std::clamp<std::int64_t>(next - gate.now(), 0, interval);
        m_wake.wait_for(lock, std::chrono::nanoseconds(wait), [this] { return m_stopping; });
        if (m_stopping || gate.now() < next) {
            continue;
        }
        lock.unlock();
        const auto before = monotonicNanoseconds();
        sample();
        const auto cost = gate.engaged() ? 0 : monotonicNanoseconds() - before;
        next = gate.now() + std::max(gate.engaged() ? pacedInterval : interval, cost * largestShare);
        lock.lock();
    }
    lock.unlock();
    sample();
}

void ResourceSampler::sample() {
    m_everyTime();
    sampleResources();
    sampleDelays();
}

void ResourceSampler::sampleResources() {
    const auto usage = m_server.usage();
    const auto record = [this](Resource resource, std::int64_t value) {
        auto& last = m_resources[static_cast<std::size_t>(resource)];
        if (value != last) {
            last = value;
            LAB_MARK(ResourceSampled, Laboratory, "sample resources", .kind = resource, .value = value);
        }
    };
    record(Resource::ProcessorNanoseconds, usage.processorNanoseconds);
    record(Resource::VoluntarySwitches, usage.voluntarySwitches);
    record(Resource::InvoluntarySwitches, usage.involuntarySwitches);
    record(Resource::Threads, static_cast<std::int64_t>(usage.threads));
}

void ResourceSampler::sampleDelays() {
    const auto threads = m_trace.threads();
    std::map<int, std::int64_t> delays;
    for (const auto& thread : threads) {
        const auto last = m_delays.find(thread.systemId);
        delays[thread.systemId] = last == m_delays.end() ? 0 : last->second;
    }
    m_delays = std::move(delays); // threads that have ended are forgotten
    for (auto count = std::min(threads.size(), threadsInARow); count > 0; --count) {
        const auto& thread = threads[m_nextThread++ % threads.size()];
        const auto waited = processorWait(thread.systemId);
        if (auto& last = m_delays[thread.systemId]; waited > last) {
            last = waited;
            LAB_MARK(ThreadDelaySampled, Laboratory, "sample processor wait", .operation = thread.actor,
                     .value = waited);
        }
    }
}

} // namespace lab
