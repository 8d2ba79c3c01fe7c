// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/server/server_options.h"

#include <QComboBox>
#include <QPushButton>
#include <QSpinBox>
#include <QString>
#include <QWidget>

namespace lab {

/// The options of the server that the model takes: threads, demultiplexer, transfer of files.
class OptionsPopup : public QWidget {
    Q_OBJECT

public:
    explicit OptionsPopup(QWidget* parent = nullptr);

    /// Enables what the model takes; the others say that it does not.
    void setModel(const QString& id);

    void setOptions(const ServerOptions& options);
    /// `options` with what the person chose here.
    ServerOptions applied(ServerOptions options) const;

signals:
    void restartWanted();

private:
    QSpinBox* m_threads;
    QComboBox* m_demultiplexer;
    QComboBox* m_transfer;
    QPushButton* m_restart;
};

} // namespace lab
