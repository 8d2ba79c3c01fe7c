// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QKeyEvent>
#include <QObject>

namespace lab {

/// Leaves the space bar to a button that has the keyboard's focus; everywhere else it pauses.
class SpaceKeyFilter : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space &&
            qobject_cast<QAbstractButton*>(watched) != nullptr) {
            event->accept();
            return true;
        }
        return false;
    }
};

} // namespace lab
