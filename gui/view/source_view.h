// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/view/cpp_highlighter.h"
#include "gui/view/lab_view.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QString>

namespace lab {

/// The engine's own source at the place that recorded the event at the playhead: the text that was compiled, which
/// the program carries with it.
class SourceView : public LabView {
    Q_OBJECT

public:
    SourceView(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    /// Shows where a class is declared, until the person goes back to the event. False: not in that file.
    bool showDeclaration(const QString& file, const QString& name);

    QString shownFile() const { return m_file; }
    int shownLine() const { return m_line; }
    QString shownText() const { return m_text->toPlainText(); }
    QString context() const { return m_context->text(); } ///< the calls that led here
    QString remark() const { return m_remark->text(); }   ///< what is not as it seems; empty: nothing

    /// `file`, relative to the source tree, as it was when the program was built; empty where it is not known.
    static QString compiledText(const QString& file);

protected:
    void refresh() override;
    void themeChanged() override;

private:
    void open(const QString& file);
    void backToTheEvent();
    void markLine(int line);
    void showRemark();

    QLabel* m_place;
    QLabel* m_context;
    QLabel* m_remark;
    QPushButton* m_back; ///< on show while a declaration is
    QPlainTextEdit* m_text;
    CppHighlighter* m_highlighter;
    QString m_file; ///< relative to the source tree
    bool m_changedOnDisk = false;
    int m_line = 0;
};

} // namespace lab
