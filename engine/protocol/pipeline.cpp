// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/protocol/pipeline.h"

#include <utility>

namespace lab {

void Pipeline::add(const Stage& stage, std::initializer_list<ServiceHook> hooks) {
    for (const auto hook : hooks) {
        m_stages[static_cast<std::size_t>(hook)].push_back(stage);
    }
    m_isEmpty = false;
}

std::shared_ptr<const Pipeline> PipelineSlot::now() const {
    const std::lock_guard lock(m_mutex);
    return m_pipeline;
}

void PipelineSlot::exchange(std::shared_ptr<const Pipeline> pipeline) {
    if (pipeline && pipeline->empty()) {
        pipeline.reset();
    }
    const bool isLinked = pipeline != nullptr;
    {
        const std::lock_guard lock(m_mutex);
        m_pipeline.swap(pipeline);
        m_isLinked.store(isLinked, std::memory_order_release);
    }
    // The former one, and services that nobody uses any more, go here, with nobody kept waiting for it.
}

} // namespace lab
