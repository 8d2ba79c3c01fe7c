// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/server/former_models.h"

#include <poll.h>
#include <utility>

namespace lab {

void FormerModels::finishLater(std::unique_ptr<RunningModel> model) {
    auto& former = *m_formers.emplace_back(std::make_unique<Former>());
    former.model = std::move(model);
    // Where there is no thread to be had: when the server stops.
    static_cast<void>(m_finishers.start("former model", [this, &former] { finish(former); }));
}

void FormerModels::finish(Former& former) const {
    while (!former.model->isEmpty() && !m_isStopWanted.load(std::memory_order_acquire)) {
        constexpr int betweenLooks = 10; // ms
        ::poll(nullptr, 0, betweenLooks);
        former.model->wake();
    }
    if (!m_isStopWanted.load(std::memory_order_acquire)) {
        former.model->end();
        former.hasEnded.store(true, std::memory_order_release);
    }
}

void FormerModels::forgetFinished() {
    m_finishers.reap();
    std::erase_if(m_formers, [this](const auto& former) {
        const bool hasEnded = former->hasEnded.load(std::memory_order_acquire);
        if (hasEnded) {
            m_account.settle(*former->model);
        }
        return hasEnded;
    });
}

std::vector<RunningModel*> FormerModels::all() const {
    std::vector<RunningModel*> models;
    for (const auto& former : m_formers) {
        models.push_back(former->model.get());
    }
    return models;
}

} // namespace lab
