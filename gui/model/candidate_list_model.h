// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/narration.h"
#include "engine/stepping/stepper.h"

#include <QAbstractListModel>

#include <vector>

namespace lab {

/// The threads that could go next, and what each of them is about to do, in words; one that could go on with any of
/// several operations has a row for each.
///
/// Threads: GUI. Owner: a view or a test.
class CandidateListModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum DataRole { SentenceRole = Qt::UserRole, ConnectionRole, WorkRole, ClientRole };

    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

    /// Longest waiting first. `state`: at the end of the recording. False when nothing has changed.
    bool setCandidates(std::vector<Candidate> candidates, const LabState& state, const Glossary& glossary);
    const std::vector<Candidate>& candidates() const { return m_candidates; }
    std::uint64_t offers() const; ///< how many of them are completions inside a processor

private:
    std::vector<Candidate> m_candidates;
    std::vector<QString> m_sentences;
};

} // namespace lab
