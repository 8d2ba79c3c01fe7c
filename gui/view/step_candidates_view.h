// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/step_control.h"
#include "gui/model/candidate_list_model.h"
#include "gui/view/lab_view.h"

#include <QLabel>
#include <QListView>
#include <QPushButton>

namespace lab {

/// "Who goes next": the held threads with what each is about to do. A click or Enter lets that one go.
///
/// Threads: GUI. Owner: the window; borrows its step control.
class StepCandidatesView : public LabView {
    Q_OBJECT

public:
    StepCandidatesView(StepControl& control, Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    const CandidateListModel& model() const { return m_model; }
    QListView& list() { return *m_list; }

    /// Asks the run who could go, when somebody can see the answer. Once a frame.
    void ask();

signals:
    void otherChoicesWanted(); ///< from the place of the playhead on

protected:
    void refresh() override;
    void themeChanged() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void prepareList();
    void choose(const QModelIndex& index);
    void showWords();

    StepControl& m_control;
    CandidateListModel m_model;
    QLabel* m_title;
    QLabel* m_about;
    QListView* m_list;
    QPushButton* m_hold;
    QPushButton* m_others;
};

} // namespace lab
