// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/theme/theme.h"

#include <QTextBrowser>

namespace lab {

/// Markdown in the theme's type and colours, as high as it is long: what is around it scrolls.
///
/// Threads: GUI. Owner: the view that shows it.
class LessonText : public QTextBrowser {
    Q_OBJECT

public:
    explicit LessonText(QWidget* parent = nullptr);

    /// Pictures are named relative to `folder`.
    void setText(const QString& markdown, const QString& folder);
    void setTheme(const Theme& theme);

protected:
    void resizeEvent(QResizeEvent* event) override;
    QVariant loadResource(int type, const QUrl& name) override;

private:
    void dress();
    void fit();

    const Theme* m_theme;
    QString m_markdown;
};

} // namespace lab
