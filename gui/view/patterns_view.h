// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/view/lab_view.h"

#include <QString>
#include <QTextBrowser>

namespace lab {

/// The papers' patterns: what each is for, which class of the engine plays which part, where ours departs, and a run
/// that shows it. Made from patterns().
class PatternsView : public LabView {
    Q_OBJECT

public:
    PatternsView(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

signals:
    /// The declaration of a class, in a file relative to the source tree.
    void sourceWanted(const QString& file, const QString& name);
    /// A scenario's id; `model` empty: the one that is chosen already.
    void runWanted(const QString& scenario, const QString& model);

protected:
    void refresh() override {}
    void themeChanged() override;

private:
    void follow(const QUrl& link);

    QTextBrowser* m_text;
};

} // namespace lab
