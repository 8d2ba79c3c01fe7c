// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/stepping/condition.h"
#include "gui/model/playhead.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QWidget>

namespace lab {

/// Asks until when the run is to go on: a condition and its value.
///
/// Threads: GUI. Owner: the menu around it; borrows the playhead, for values that lie ahead.
class UntilPopup : public QWidget {
    Q_OBJECT

public:
    explicit UntilPopup(Playhead& playhead, QWidget* parent = nullptr);

    /// Offers what lies ahead of the playhead. When the popup opens.
    void prepare();

    Condition condition() const;
    void setCondition(const Condition& condition);

signals:
    void chosen(const lab::Condition& condition);

private:
    Condition::Kind kind() const;
    void addToLayout();
    void showKind();
    void fillThreads();
    double proposal() const;

    Playhead& m_playhead;
    QComboBox* m_kind;
    QDoubleSpinBox* m_value;
    QComboBox* m_thread;
    QLabel* m_valueLabel;
    QLabel* m_words;
    QPushButton* m_go;
};

} // namespace lab
