// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/server/server_setting.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QString>
#include <QStringList>
#include <QWidget>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

class QFormLayout;

namespace lab {

struct ModelDescription;

/// The options of the server: a field for each of serverSettings(), enabled as the model takes it.
///
/// Decides: which words can be chosen. A word is judged together with the model and with what is chosen in the fields
/// above it; one that makes no sense with these is there, but cannot be chosen, and says why. What was chosen and makes no
/// sense any more gives way to what is so by default, which is told, and comes back when it makes sense again.
class OptionsPopup : public QWidget {
    Q_OBJECT

public:
    explicit OptionsPopup(QWidget* parent = nullptr);

    void setModel(const QString& id);
    void setOptions(const ServerOptions& options);
    /// Both at once, so that nothing is judged with the model before.
    void setServer(const QString& model, const ServerOptions& options);

    /// `options` with what is chosen here, as far as the model takes it and it makes sense.
    ServerOptions applied(ServerOptions options) const;

signals:
    void restartWanted();
    /// By hand.
    void chosen(const ServerSetting& setting, std::int64_t value);
    /// In one sentence or several: what has given way, or has come back, though nobody chose that.
    void told(const QString& sentences);
    /// The popup needs another height.
    void resized();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Field {
        const ServerSetting* setting;
        QSpinBox* number = nullptr; ///< one of both
        QComboBox* choice = nullptr;
        bool taken = true;
        std::optional<std::size_t> gaveWay{}; ///< the word that was chosen and makes no sense at present
        QWidget* widget() const { return number != nullptr ? static_cast<QWidget*>(number) : choice; }
    };
    void addField(const ServerSetting& setting, QFormLayout& layout);
    void connectField(const Field& field);
    void take(const ServerSetting& setting, std::int64_t value);
    void showValues();
    /// `others`: all options were set, so that nothing comes back.
    void judge(bool others);
    /// What is to be told of it; empty: nothing. `above`: what is chosen in the fields above this one.
    QString judgeChoice(Field& field, const ModelDescription& model, const ServerOptions& above, bool others);
    void tell(const QStringList& sentences);
    void fitNote();

    QString m_model;
    ServerOptions m_wanted; ///< as chosen, whether or not it makes sense at present
    std::vector<Field> m_fields;
    QLabel* m_note; ///< what has given way
    QPushButton* m_restart;
};

} // namespace lab
