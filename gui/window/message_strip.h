// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/theme/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QWidget>

#include <functional>

namespace lab {

/// One line below the bars for what went wrong, what is to be known, and what is under way. No dialog stops anybody.
class MessageStrip : public QWidget {
    Q_OBJECT

public:
    explicit MessageStrip(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    void showError(const QString& text);
    void showRemark(const QString& text);
    /// With a button, "Start held", that does what helps.
    void showRemark(const QString& text, const QString& help, std::function<void()> what);
    /// Something that takes time; ends with endProgress().
    void showProgress(const QString& text, bool canBeCancelled);
    void endProgress();

    QString text() const { return m_text->text(); }

signals:
    void cancelled();

private:
    enum class Kind { None, Error, Remark, Progress };
    void showText(Kind kind, const QString& text);
    void putAway();
    void dress();

    Kind m_kind = Kind::None;
    const Theme* m_theme;
    QLabel* m_text;
    QPushButton* m_help;
    std::function<void()> m_whatHelps;
    QPushButton* m_cancel;
    QToolButton* m_close;
};

} // namespace lab
