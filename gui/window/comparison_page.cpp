// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/comparison_page.h"

#include "gui/model/comparison_model.h"
#include "gui/model/event_words.h"
#include "gui/view/rows_view.h"
#include "gui/window/translated.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

#include <utility>

namespace lab {

namespace {

const auto pageName = QStringLiteral("comparisonPage");

void describe(QWidget& widget, const char* objectName, const QString& name, const QString& about) {
    widget.setObjectName(QString::fromLatin1(objectName));
    widget.setAccessibleName(name);
    widget.setToolTip(about);
}

RowsView* makeRows(QWidget& page, const Theme& theme, const std::shared_ptr<const RunComparison>& comparison) {
    auto* rows = new RowsView(&page);
    describe(*rows, "comparisonRows", tr("The events of both runs"),
             tr("The events of both runs, one beside the other"));
    auto* model = new ComparisonModel(comparison, rows);
    rows->setModel(model);
    using Model = ComparisonModel;
    constexpr int other = Model::ColumnsOfARun;
    rows->setColumns({{Model::Number, 6, 1, false, true},
                      {Model::Thread, 15, 6, false, false},
                      {Model::What, 38, 9, false, false},
                      {other + Model::Number, 6, 2, false, true},
                      {other + Model::Thread, 15, 7, false, false},
                      {other + Model::What, 26, 10, true, false}});
    rows->setRowLook([comparison, &theme](int row) -> RowsView::RowLook {
        const auto entry = comparison->entry(0, static_cast<std::size_t>(row));
        const auto work = entry ? workOf(entry->event) : Work::None;
        return {work == Work::None ? QColor() : theme.of(work), false};
    });
    rows->setTheme(theme);
    return rows;
}

} // namespace

void showComparison(QWidget& parent, const Theme& theme, std::shared_ptr<const RunComparison> comparison) {
    delete parent.findChild<QDialog*>(pageName); // of two other runs, perhaps
    auto* page = new QDialog(&parent);
    page->setAttribute(Qt::WA_DeleteOnClose);
    const auto title = tr("Run %1 and run %2").arg(comparison->run(0).name, comparison->run(1).name);
    page->setWindowTitle(title);
    describe(*page, "comparisonPage", title, title);
    auto* sentence = new QLabel(comparison->sentence(), page);
    sentence->setWordWrap(true);
    sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    describe(*sentence, "comparisonSentence", tr("The first difference"), tr("Where the runs first differ"));
    auto* rows = makeRows(*page, theme, comparison);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, page);
    describe(*buttons, "", tr("Close"), tr("Close this page (Esc)"));
    describe(*buttons->button(QDialogButtonBox::Close), "comparisonClose", tr("Close"), tr("Close this page (Esc)"));
    if (comparison->firstDifference()) {
        const int row = static_cast<int>(*comparison->firstDifference());
        auto* there = buttons->addButton(tr("To the difference"), QDialogButtonBox::ActionRole);
        describe(*there, "comparisonThere", tr("To the difference"), tr("Scroll to where the runs first differ"));
        QObject::connect(there, &QPushButton::clicked, rows, [rows, row] { rows->setCurrentRow(row); });
    }
    QObject::connect(buttons, &QDialogButtonBox::rejected, page, &QDialog::close);
    auto* layout = new QVBoxLayout(page);
    layout->addWidget(sentence);
    layout->addWidget(rows, 1);
    layout->addWidget(buttons);
    page->resize(parent.size() * 0.9);
    page->show();
    rows->setCurrentRow(comparison->firstDifference() ? static_cast<int>(*comparison->firstDifference()) : -1);
}

} // namespace lab
