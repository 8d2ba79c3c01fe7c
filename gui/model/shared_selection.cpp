// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/shared_selection.h"

namespace lab {

void SharedSelection::set(const Selection& selection) {
    if (selection == m_selection) {
        return;
    }
    m_selection = selection;
    emit changed();
}

QString SharedSelection::text() const {
    switch (m_selection.kind) {
    case Selection::Kind::None: return {};
    case Selection::Kind::Connection:
        return m_selection.id == 0 ? QStringLiteral("the listening socket")
                                   : QStringLiteral("connection #%1").arg(m_selection.id);
    case Selection::Kind::Operation: return QStringLiteral("operation %1").arg(m_selection.id);
    case Selection::Kind::Thread: return QStringLiteral("thread %1").arg(m_selection.id);
    case Selection::Kind::Client: return QStringLiteral("client %1").arg(m_selection.id);
    }
    return {};
}

} // namespace lab
