// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/kept_runs.h"

#include <utility>

namespace lab {

QString KeptRuns::nextName() const {
    constexpr int letters = 26;
    const QString letter(QChar('A' + m_named % letters));
    return m_named < letters ? letter : letter + QString::number(m_named / letters + 1);
}

void KeptRuns::keep(KeptRun run) {
    run.name = nextName();
    ++m_named;
    m_runs.push_back(std::move(run));
    const auto events = [this] {
        std::size_t sum = 0;
        for (const auto& kept : m_runs) {
            sum += kept.recording->end() - kept.recording->first();
        }
        return sum;
    };
    while (m_runs.size() > 1 && (m_runs.size() > most || events() > mostEvents)) {
        m_runs.erase(m_runs.begin());
    }
}

} // namespace lab
