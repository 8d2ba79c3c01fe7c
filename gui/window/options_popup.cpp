// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/options_popup.h"

#include "engine/concurrency/model.h"

#include <QFormLayout>
#include <QLabel>

#include <algorithm>

namespace lab {

namespace {

void describe(QWidget& widget, const QString& name, const QString& about) {
    widget.setAccessibleName(name);
    widget.setToolTip(about);
}

void enable(QWidget& widget, const ModelDescription* model, std::string_view option, const QString& about) {
    const bool takes = model != nullptr && std::ranges::find(model->options, option) != model->options.end();
    widget.setEnabled(takes);
    widget.setToolTip(takes ? about : QObject::tr("This model does not take this option"));
}

} // namespace

OptionsPopup::OptionsPopup(QWidget* parent)
    : QWidget(parent)
    , m_threads(new QSpinBox(this))
    , m_demultiplexer(new QComboBox(this))
    , m_transfer(new QComboBox(this))
    , m_restart(new QPushButton(tr("Restart with these"), this)) {
    describe(*this, tr("Options of the server"), tr("Options of the server that the model takes"));
    m_threads->setRange(1, 256);
    m_threads->setObjectName(QStringLiteral("optionThreads"));
    m_demultiplexer->addItems({QStringLiteral("select"), QStringLiteral("poll"), QStringLiteral("epoll")});
    m_demultiplexer->setObjectName(QStringLiteral("optionDemultiplexer"));
    m_transfer->addItems({tr("read and write"), tr("TransmitFile")});
    m_transfer->setObjectName(QStringLiteral("optionTransfer"));
    m_restart->setObjectName(QStringLiteral("optionRestart"));
    describe(*m_threads, tr("Threads of the pool"), tr("How many threads the pool has"));
    describe(*m_demultiplexer, tr("Demultiplexer"), tr("The system call that waits for many handles at once"));
    describe(*m_transfer, tr("Transfer of files"), tr("How a file comes to the peer"));
    describe(*m_restart, tr("Restart with these options"), tr("Start the server again with these options"));
    auto* layout = new QFormLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    const auto addRow = [&](const QString& text, QWidget* field) {
        auto* label = new QLabel(text, this);
        describe(*label, text, field->toolTip());
        label->setBuddy(field);
        layout->addRow(label, field);
    };
    addRow(tr("&Threads"), m_threads);
    addRow(tr("&Demultiplexer"), m_demultiplexer);
    addRow(tr("Trans&fer"), m_transfer);
    layout->addRow(m_restart);
    connect(m_restart, &QPushButton::clicked, this, &OptionsPopup::restartWanted);
}

void OptionsPopup::setModel(const QString& id) {
    const auto* model = findModel(id.toStdString());
    enable(*m_threads, model, "threads", tr("How many threads the pool has"));
    enable(*m_demultiplexer, model, "demultiplexer", tr("The system call that waits for many handles at once"));
    enable(*m_transfer, model, "transfer",
           tr("How a file comes to the peer: read into a buffer and written, or sent by "
              "one operation"));
}

void OptionsPopup::setOptions(const ServerOptions& options) {
    m_threads->setValue(static_cast<int>(options.threads));
    m_demultiplexer->setCurrentIndex(static_cast<int>(options.demultiplexer));
    m_transfer->setCurrentIndex(static_cast<int>(options.transfer));
}

ServerOptions OptionsPopup::applied(ServerOptions options) const {
    options.threads = static_cast<unsigned>(m_threads->value());
    options.demultiplexer = static_cast<Demultiplexer>(m_demultiplexer->currentIndex());
    options.transfer = static_cast<FileTransfer>(m_transfer->currentIndex());
    return options;
}

} // namespace lab
