// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/candidate_list_model.h"

#include "gui/model/event_words.h"

#include <algorithm>

namespace lab {

int CandidateListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_candidates.size());
}

QVariant CandidateListModel::data(const QModelIndex& index, int role) const {
    const auto row = static_cast<std::size_t>(index.row());
    if (!index.isValid() || row >= m_candidates.size()) {
        return {};
    }
    const auto& candidate = m_candidates[row];
    switch (role) {
    case Qt::DisplayRole: return QString::fromStdString(candidate.thread);
    case SentenceRole: return m_sentences[row];
    case ConnectionRole: return eventConnection(candidate.pending);
    case WorkRole: return static_cast<int>(workOf(candidate.pending));
    case ClientRole: return candidate.isClient;
    case Qt::ToolTipRole: return tr("%1 (click to let it go)").arg(m_sentences[row]);
    case Qt::AccessibleTextRole:
    case Qt::AccessibleDescriptionRole:
        return QString::fromStdString(candidate.thread) + QStringLiteral(": ") + m_sentences[row];
    default: return {};
    }
}

bool CandidateListModel::setCandidates(std::vector<Candidate> candidates, const LabState& state,
                                       const Glossary& glossary) {
    const auto same = [](const Candidate& one, const Candidate& other) {
        return one.pending == other.pending && one.thread == other.thread && one.isClient == other.isClient &&
               one.isOffer == other.isOffer;
    };
    if (std::ranges::equal(candidates, m_candidates, same)) {
        return false;
    }
    beginResetModel();
    m_candidates = std::move(candidates);
    m_sentences.clear();
    for (const auto& candidate : m_candidates) {
        const auto sentence = candidate.isOffer ? narrateOffer(candidate.pending, state, glossary)
                                                : narrate(candidate.pending, state, glossary);
        m_sentences.push_back(QString::fromStdString(sentence));
    }
    endResetModel();
    return true;
}

std::uint64_t CandidateListModel::offers() const {
    return static_cast<std::uint64_t>(std::ranges::count_if(m_candidates, &Candidate::isOffer));
}

} // namespace lab
