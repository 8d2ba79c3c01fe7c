// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/help_pages.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace lab {

namespace {

void showPage(QWidget& parent, const QString& name, const QString& title, const QString& text) {
    if (auto* shown = parent.findChild<QDialog*>(name)) {
        shown->raise();
        shown->activateWindow();
        return;
    }
    auto* page = new QDialog(&parent);
    page->setObjectName(name);
    page->setAttribute(Qt::WA_DeleteOnClose);
    page->setWindowTitle(title);
    page->setAccessibleName(title);
    page->setToolTip(title);
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::RichText);
    label->setWordWrap(true);
    label->setMargin(18);
    label->setAlignment(Qt::AlignTop);
    label->setOpenExternalLinks(true);
    label->setAccessibleName(title);
    label->setToolTip(title);
    auto* scroll = new QScrollArea;
    scroll->setWidget(label);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setAccessibleName(title);
    scroll->setToolTip(title);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    buttons->setAccessibleName(QObject::tr("Close"));
    buttons->setToolTip(QObject::tr("Close this page (Esc)"));
    auto* close = buttons->button(QDialogButtonBox::Close);
    close->setAccessibleName(QObject::tr("Close"));
    close->setToolTip(QObject::tr("Close this page (Esc)"));
    QObject::connect(buttons, &QDialogButtonBox::rejected, page, &QDialog::close);
    auto* layout = new QVBoxLayout(page);
    layout->addWidget(scroll, 1);
    layout->addWidget(buttons);
    const auto wanted = label->sizeHint().expandedTo({520, 420}) + QSize(60, 90);
    page->resize(wanted.boundedTo(parent.size() * 0.9));
    page->show();
}

QString row(const QString& keys, const QString& what) {
    return QStringLiteral(
               "<tr><td style='padding: 2px 20px 2px 0'><b>%1</b></td><td style='padding: 2px 0'>%2</td></tr>")
        .arg(keys, what);
}

} // namespace

void showKeys(QWidget& parent) {
    const auto tr = [](const char* text) { return QObject::tr(text); };
    const auto text =
        QStringLiteral("<table>") + row(tr("Space"), tr("pause the views, let them go on; the server runs on")) +
        row(tr("H"), tr("hold the server itself, let it go on")) +
        row(tr("N, U"), tr("step to the next completion, hook, request…; run until something comes about")) +
        row(tr("G, Shift G"), tr("step this thread, this request: the selected one, or that of the event here")) +
        row(tr("C"), tr("choose who goes next")) +
        row(tr("Shift R, F, D"), tr("start held; go on from here with other choices; compare with the former run")) +
        row(tr("Left, Right"),
            tr("one event back, on; with Shift 10, with Ctrl 100. At the end of a held run the server steps")) +
        row(tr("Page up, Page down"), tr("one event back, on: a presenter's remote")) +
        row(tr("Home, End"), tr("to the first event; to the newest one, and live")) +
        row(tr("+, -"), tr("faster, slower: events a second")) + row(tr("1, 2"), tr("stage, thread lanes")) +
        row(tr("3 to 9, 0"), tr("the views beside the stage, in their order")) +
        row(tr("V"), tr("fold the views beside the stage away, or bring them back")) +
        row(tr("M, S, O"), tr("choose the model, the scenario, the server's options")) +
        row(tr("Shift M, Shift O"), tr("change the running server: to another model, to the options as chosen")) +
        row(tr("R"), tr("restart server and scenario")) + row(tr("T"), tr("next theme: light, dark, for projectors")) +
        row(tr("L"), tr("participants' names on the stage")) +
        row(tr("Ctrl +, Ctrl -, Ctrl 0"), tr("zoom the lanes closer, farther, by themselves")) +
        row(tr("X, Shift X"), tr("cancel the selected connection's operation; kill the selected worker process")) +
        row(tr("Esc"), tr("select nothing")) + row(tr("F9, F10, F11"), tr("frame times, menu, full screen")) +
        row(tr("Ctrl L, Ctrl B"), tr("copy the server's address, open it in the browser")) +
        row(tr("Ctrl Page down, Page up"), tr("the lesson's next page, the one before")) +
        row(tr("Ctrl Home"), tr("back to the lesson's page, from wherever you are")) +
        row(tr("Ctrl O, Ctrl Shift O"), tr("open a scenario, a recording")) +
        row(tr("Ctrl S, Ctrl E"), tr("save the recording, export what is shown")) + row(tr("Ctrl Q"), tr("quit")) +
        row(tr("?"), tr("this page")) + QStringLiteral("</table>");
    showPage(parent, QStringLiteral("keysPage"), tr("Keys"), text);
}

void showAbout(QWidget& parent) {
    const auto text =
        QObject::tr("<h3>Proactor Lab %1</h3>"
                    "<p>One Web server in the shapes of several concurrency models, run for real and shown event by "
                    "event. The question behind every picture: <b>while the server waits, what is waiting in the "
                    "kernel: a thread, or an operation?</b></p>"
                    "<p>Everything on show is a fold of the events that the server records about itself. Nothing is "
                    "animated that did not happen. A run that was held back by the pace is never offered as a "
                    "measurement.</p>"
                    "<p>The participants carry the names of the papers on the Proactor, Reactor and Acceptor patterns "
                    "and on the JAWS framework by Schmidt, Pyarali, Harrison, Hu and Jordan.</p>"
                    "<p>Free software under the GNU General Public License, version 3 or later. Drawn with Qt %2.</p>")
            .arg(QStringLiteral(LAB_VERSION), QString::fromLatin1(qVersion()));
    showPage(parent, QStringLiteral("aboutPage"), QObject::tr("About"), text);
}

} // namespace lab
