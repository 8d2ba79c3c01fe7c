// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/selection.h"

#include <QObject>
#include <QString>

namespace lab {

/// The one selection of the window: every view reads it, every view may set it.
///
/// Threads: GUI. Owner: the window.
class SharedSelection : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    const Selection& value() const { return m_selection; }
    void set(const Selection& selection);
    void clear() { set({}); }

    /// "connection #12", "operation 88", "client 3"; empty when nothing is selected. Threads are named by their number.
    QString text() const;

signals:
    void changed();

private:
    Selection m_selection;
};

} // namespace lab
