// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/process_model.h"

namespace lab {

namespace {

/// Nothing of it runs in the lab's own process.
class ProcessModel final : public ConcurrencyModel {
public:
    ProcessModel(ServerContext& context, ProcessPlan plan)
        : m_context(context)
        , m_plan(plan) {}
    ~ProcessModel() override {
        if (m_group) {
            m_group->stop();
        }
    }

    Result<void> start() override {
        auto group = ProcessGroup::start(m_context, m_plan);
        if (!group) {
            return group.error();
        }
        m_group = std::move(*group);
        m_context.processes = m_group; // what it has counted is asked for when the model has gone, too
        return {};
    }

    void wake() override {
        if (m_group) {
            m_group->wake();
        }
    }

private:
    ServerContext& m_context;
    const ProcessPlan m_plan;
    std::shared_ptr<ProcessGroup> m_group;
};

} // namespace

std::unique_ptr<ConcurrencyModel> makeProcessModel(ServerContext& context, ProcessPlan plan) {
    return std::make_unique<ProcessModel>(context, plan);
}

} // namespace lab
