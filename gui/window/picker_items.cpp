// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/picker_items.h"

#include "engine/cli/scenario_folder.h"
#include "engine/concurrency/model.h"
#include "engine/traffic/scenario.h"
#include "gui/model/text.h"

#include <QFont>
#include <QStandardItem>
#include <QStandardItemModel>

namespace lab {

void fillWithModels(QComboBox& picker) {
    auto* items = new QStandardItemModel(&picker);
    QString family;
    for (const auto& model : models()) {
        const auto ofThis = text(words(model.family));
        if (ofThis != family) {
            family = ofThis;
            auto* head = new QStandardItem(family);
            head->setFlags(Qt::NoItemFlags);
            items->appendRow(head);
        }
        auto* item = new QStandardItem(text(model.id));
        item->setData(text(model.id), Qt::UserRole);
        const auto reason = model.whyUnavailable();
        item->setToolTip(reason.empty() ? text(model.title) + QStringLiteral(": ") + text(model.summary)
                                        : QString::fromStdString(reason));
        item->setData(item->toolTip(), Qt::AccessibleDescriptionRole);
        if (!reason.empty()) {
            item->setFlags(Qt::NoItemFlags);
        }
        items->appendRow(item);
    }
    picker.setModel(items);
}

void fillWithScenarios(QComboBox& picker) {
    for (const auto& file : scenarioFiles(scenarioFolder())) {
        if (const auto scenario = readScenario(file)) {
            picker.addItem(QString::fromStdString(scenario->title), QString::fromStdString(file));
            picker.setItemData(picker.count() - 1, QString::fromStdString(scenario->description), Qt::ToolTipRole);
        }
    }
}

} // namespace lab
