// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/server/server_setting.h"

#include <QComboBox>
#include <QPushButton>
#include <QSpinBox>
#include <QString>
#include <QWidget>

#include <vector>

class QFormLayout;

namespace lab {

struct ModelDescription;

/// The options of the server: a field for each of serverSettings(), enabled as the model takes it.
///
/// A word that makes no sense with the model is there, but cannot be chosen, and says why.
class OptionsPopup : public QWidget {
    Q_OBJECT

public:
    explicit OptionsPopup(QWidget* parent = nullptr);

    /// Enables what the model takes; the others say that it does not. What is chosen and makes no sense with this model
    /// goes back to what it is by default.
    void setModel(const QString& id);

    void setOptions(const ServerOptions& options);
    /// `options` with what the person chose here, as far as the model takes it.
    ServerOptions applied(ServerOptions options) const;

signals:
    void restartWanted();

private:
    struct Field {
        const ServerSetting* setting;
        QSpinBox* number = nullptr; ///< one of both
        QComboBox* choice = nullptr;
        bool taken = true;
        QWidget* widget() const { return number != nullptr ? static_cast<QWidget*>(number) : choice; }
    };
    void addField(const ServerSetting& setting, QFormLayout& layout);
    static void enableWords(const Field& field, const ModelDescription& model);

    std::vector<Field> m_fields;
    QPushButton* m_restart;
};

} // namespace lab
