// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QButtonGroup>
#include <QStackedWidget>
#include <QToolButton>
#include <QWidget>

#include <vector>

namespace lab {

/// The words that choose a view, in as many rows as they need: none is hidden behind an arrow or cut off.
class SideTabRow : public QWidget {
    Q_OBJECT

public:
    explicit SideTabRow(QWidget* parent = nullptr);

    QToolButton* add(const QString& title);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    int arrange(int width, bool move) const; ///< returns the height

    std::vector<QToolButton*> m_buttons;
};

/// The views beside the stage, one at a time.
///
/// Role: layout only. Threads: GUI. Owner: the window.
class SideTabs : public QWidget {
    Q_OBJECT

public:
    explicit SideTabs(QWidget* parent = nullptr);

    int addTab(QWidget* view, const QString& title);
    void setTabToolTip(int index, const QString& text);
    int count() const { return m_views->count(); }
    int currentIndex() const { return m_views->currentIndex(); }
    int indexOf(const QWidget* view) const { return m_views->indexOf(view); }
    QWidget* widget(int index) const { return m_views->widget(index); }
    void setCurrentIndex(int index);
    /// A sign behind a view's title that something there wants to be seen; empty: none.
    void setTabMark(int index, const QString& mark);

signals:
    void currentChanged(int index);

private:
    SideTabRow* m_row;
    QStackedWidget* m_views;
    QButtonGroup m_group;
    std::vector<QString> m_titles;
};

} // namespace lab
