// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/options_popup.h"

#include "engine/concurrency/combination.h"
#include "gui/model/text.h"

#include <QFormLayout>
#include <QLabel>
#include <QStandardItemModel>

#include <algorithm>
#include <limits>

namespace lab {

namespace {

constexpr std::int64_t octetsShown = 1024; ///< sizes are shown in KiB

/// "optionCacheSize" for "cache-size".
QString objectNameOf(const ServerSetting& setting) {
    QString name = QStringLiteral("option");
    for (const auto& part : text(setting.name).split(QLatin1Char('-'))) {
        name += part.left(1).toUpper() + part.mid(1);
    }
    return name;
}

bool isSize(const ServerSetting& setting) { return setting.kind == ServerSetting::Kind::Octets; }

QSpinBox* makeNumber(const ServerSetting& setting, QWidget* parent) {
    const auto unit = isSize(setting) ? octetsShown : 1;
    auto* box = new QSpinBox(parent);
    box->setRange(static_cast<int>(setting.least / unit),
                  static_cast<int>(std::min<std::int64_t>(setting.most / unit, std::numeric_limits<int>::max())));
    if (isSize(setting)) {
        box->setSuffix(QStringLiteral(" KiB"));
        box->setSingleStep(static_cast<int>(octetsShown));
        box->setGroupSeparatorShown(true);
    }
    return box;
}

QComboBox* makeChoice(const ServerSetting& setting, QWidget* parent) {
    auto* box = new QComboBox(parent);
    for (const auto& one : setting.words) {
        box->addItem(text(one.title));
    }
    return box;
}

} // namespace

OptionsPopup::OptionsPopup(QWidget* parent)
    : QWidget(parent)
    , m_restart(new QPushButton(tr("Restart with these"), this)) {
    setAccessibleName(tr("Options of the server"));
    setToolTip(tr("Options of the server that the model takes"));
    m_restart->setObjectName(QStringLiteral("optionRestart"));
    m_restart->setAccessibleName(tr("Restart with these options"));
    m_restart->setToolTip(tr("Start the server again with these options"));
    auto* layout = new QFormLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    for (const auto& setting : serverSettings()) {
        addField(setting, *layout);
    }
    layout->addRow(m_restart);
    connect(m_restart, &QPushButton::clicked, this, &OptionsPopup::restartWanted);
}

void OptionsPopup::addField(const ServerSetting& setting, QFormLayout& layout) {
    Field field{.setting = &setting};
    if (setting.kind == ServerSetting::Kind::Choice) {
        field.choice = makeChoice(setting, this);
    } else {
        field.number = makeNumber(setting, this);
    }
    field.widget()->setObjectName(objectNameOf(setting));
    field.widget()->setAccessibleName(text(setting.title));
    field.widget()->setToolTip(text(setting.about));
    auto* label = new QLabel(text(setting.title), this);
    label->setAccessibleName(text(setting.title));
    label->setToolTip(text(setting.about));
    label->setBuddy(field.widget());
    layout.addRow(label, field.widget());
    m_fields.push_back(field);
}

void OptionsPopup::enableWords(const Field& field, const ModelDescription& model) {
    auto* items = qobject_cast<QStandardItemModel*>(field.choice->model());
    const auto& words = field.setting->words;
    for (std::size_t index = 0; items != nullptr && index < words.size(); ++index) {
        const auto reason = refusal(model, *field.setting, words[index].word);
        auto* item = items->item(static_cast<int>(index));
        item->setEnabled(reason.empty());
        item->setToolTip(reason.empty() ? QString{} : text(reason));
        if (!reason.empty() && field.choice->currentIndex() == static_cast<int>(index)) {
            field.choice->setCurrentIndex(static_cast<int>(field.setting->get(ServerOptions{})));
        }
    }
}

void OptionsPopup::setModel(const QString& id) {
    const auto* model = findModel(id.toStdString());
    for (auto& field : m_fields) {
        field.taken = model != nullptr && takes(*model, *field.setting);
        field.widget()->setEnabled(field.taken);
        field.widget()->setToolTip(field.taken ? text(field.setting->about)
                                               : tr("This model does not take this option"));
        if (field.taken && field.choice != nullptr) {
            enableWords(field, *model);
        }
    }
}

void OptionsPopup::setOptions(const ServerOptions& options) {
    for (const auto& field : m_fields) {
        const auto value = field.setting->get(options);
        if (field.choice != nullptr) {
            field.choice->setCurrentIndex(static_cast<int>(value));
        } else {
            field.number->setValue(static_cast<int>(isSize(*field.setting) ? value / octetsShown : value));
        }
    }
}

ServerOptions OptionsPopup::applied(ServerOptions options) const {
    const ServerOptions byDefault;
    for (const auto& field : m_fields) {
        const auto& setting = *field.setting;
        if (field.choice != nullptr) {
            setting.put(options, field.taken ? field.choice->currentIndex() : setting.get(byDefault));
        } else if (const std::int64_t value = field.number->value(); !isSize(setting)) {
            setting.put(options, value);
        } else if (value != setting.get(options) / octetsShown) { // else it keeps what cannot be shown
            setting.put(options, value * octetsShown);
        }
    }
    return options;
}

} // namespace lab
