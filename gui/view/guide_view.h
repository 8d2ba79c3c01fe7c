// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/view/lab_view.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <vector>

namespace lab {

/// Three places to go for somebody new, as cards that do what they say, and what the picture means.
class GuideView : public LabView {
    Q_OBJECT

public:
    GuideView(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

signals:
    void watchWanted();
    void stepWanted();
    void lessonWanted(int number);
    void compareWanted(const QString& model); ///< the same traffic under this model

protected:
    void refresh() override {}
    void themeChanged() override;

private:
    QVBoxLayout* addCard(const QString& title, const QString& about);
    QPushButton* addButton(QBoxLayout& layout, const QString& name, const QString& text, const QString& about);
    void addLesson(QBoxLayout& layout, int number, const QString& text);
    void addLegend();

    QVBoxLayout* m_layout;
    std::vector<QLabel*> m_titles;
    std::vector<QLabel*> m_texts;
    std::vector<QFrame*> m_cards;
    std::vector<std::pair<QLabel*, Work>> m_swatches;
};

} // namespace lab
