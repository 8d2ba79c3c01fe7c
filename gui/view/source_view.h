// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/view/lab_view.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QString>

namespace lab {

/// The engine's own source at the place that recorded the event at the playhead.
class SourceView : public LabView {
    Q_OBJECT

public:
    SourceView(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    QString shownFile() const { return m_file; }
    int shownLine() const { return m_line; }

protected:
    void refresh() override;
    void themeChanged() override;

private:
    void open(const QString& file);
    void markLine(int line);

    QLabel* m_place;
    QPlainTextEdit* m_text;
    QString m_file; ///< relative to the source tree
    int m_line = 0;
};

} // namespace lab
