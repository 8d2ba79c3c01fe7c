// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/configuration/service.h"
#include "engine/trace/recording.h"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace lab {

/// The services that are asked at each hook: what is linked and not suspended, at one moment. Never changes.
///
/// Role: Protocol Pipeline (P section 2). Threads: any. Owner: shared by the slot and the requests that began with it.
class Pipeline {
public:
    struct Stage {
        std::shared_ptr<Service> service;
        NameId name = 0; ///< in the recording
    };

    /// Adds a service behind the others; before anybody else knows the pipeline.
    void add(const Stage& stage, std::initializer_list<ServiceHook> hooks);

    std::span<const Stage> at(ServiceHook hook) const { return m_stages[static_cast<std::size_t>(hook)]; }
    bool empty() const { return m_isEmpty; }

private:
    std::array<std::vector<Stage>, static_cast<std::size_t>(ServiceHook::Count)> m_stages;
    bool m_isEmpty = true;
};

/// Where the pipeline is exchanged while requests are served.
///
/// Decides: that a request pays one load and a branch while nothing is linked. Threads: any. Owner: the server.
class PipelineSlot {
public:
    bool isLinked() const { return m_isLinked.load(std::memory_order_acquire); }

    /// Null when nothing is linked.
    std::shared_ptr<const Pipeline> now() const;

    /// Requests that have begun go on with the former one.
    void exchange(std::shared_ptr<const Pipeline> pipeline);

private:
    std::atomic<bool> m_isLinked{false};
    mutable std::mutex m_mutex;
    std::shared_ptr<const Pipeline> m_pipeline; ///< guarded by m_mutex
};

} // namespace lab
