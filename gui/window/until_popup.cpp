// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/until_popup.h"

#include "gui/view/picker.h"

#include <QFormLayout>

#include <cmath>

namespace lab {

namespace {

using Kind = Condition::Kind;

/// How a condition's value is asked for.
struct Asked {
    Kind kind;
    const char* title;
    const char* label;
    const char* unit;
    int decimals;
    double least;
};

constexpr Asked conditions[] = {
    {Kind::QueueDepth, QT_TR_NOOP("so much waits in a queue"), QT_TR_NOOP("&Depth"), "", 0, 1},
    {Kind::Connections, QT_TR_NOOP("so many connections are open"), QT_TR_NOOP("&Connections"), "", 0, 1},
    {Kind::Latency, QT_TR_NOOP("a request took so long"), QT_TR_NOOP("&At least"), " ms", 2, 0.01},
    {Kind::Thread, QT_TR_NOOP("a thread takes its turn"), QT_TR_NOOP("&Thread"), "", 0, 0},
    {Kind::EventNumber, QT_TR_NOOP("an event's number is reached"), QT_TR_NOOP("&Number"), "", 0, 1},
    {Kind::Time, QT_TR_NOOP("a time is reached"), QT_TR_NOOP("&Time"), " s", 3, 0},
};

const Asked& askedFor(Kind kind) {
    for (const auto& asked : conditions) {
        if (asked.kind == kind) {
            return asked;
        }
    }
    return conditions[0];
}

void describe(QWidget& widget, const char* objectName, const QString& name, const QString& about) {
    widget.setObjectName(QString::fromLatin1(objectName));
    widget.setAccessibleName(name);
    widget.setToolTip(about);
}

} // namespace

UntilPopup::UntilPopup(Playhead& playhead, QWidget* parent)
    : QWidget(parent)
    , m_playhead(playhead)
    , m_kind(new Picker(this))
    , m_value(new QDoubleSpinBox(this))
    , m_thread(new Picker(this))
    , m_valueLabel(new QLabel(this))
    , m_words(new QLabel(this))
    , m_go(new QPushButton(tr("Run until then"), this)) {
    describe(*this, "until", tr("Run until"), tr("Let the server go on, and hold it when this comes about"));
    describe(*m_kind, "untilKind", tr("Until what"), tr("What the run is to be held at"));
    describe(*m_value, "untilValue", tr("Value"), tr("The value at which the run is to be held"));
    describe(*m_thread, "untilThread", tr("Thread"), tr("The thread at whose next event the run is to be held"));
    describe(*m_valueLabel, "untilLabel", tr("Value"), m_value->toolTip());
    describe(*m_words, "untilWords", tr("What will happen"), tr("What will happen"));
    describe(*m_go, "untilGo", tr("Run until then"), tr("Go on, at the pace, and hold the server there (Enter)"));
    for (const auto& asked : conditions) {
        m_kind->addItem(tr(asked.title), static_cast<int>(asked.kind));
    }
    m_words->setWordWrap(true);
    m_value->setMaximum(1e9);
    m_value->setValue(proposal());
    m_value->setButtonSymbols(QAbstractSpinBox::NoButtons); // the keys do that
    m_go->setDefault(true);
    addToLayout();
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        m_value->setValue(proposal());
        showKind();
    });
    connect(m_value, &QDoubleSpinBox::valueChanged, this, &UntilPopup::showKind);
    connect(m_thread, &QComboBox::currentIndexChanged, this, &UntilPopup::showKind);
    connect(m_go, &QPushButton::clicked, this, [this] { emit chosen(condition()); });
    showKind();
}

void UntilPopup::addToLayout() {
    auto* layout = new QFormLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    auto* kindLabel = new QLabel(tr("&Until"), this);
    describe(*kindLabel, "", tr("Until what"), m_kind->toolTip());
    kindLabel->setBuddy(m_kind);
    layout->addRow(kindLabel, m_kind);
    layout->addRow(m_valueLabel, m_value);
    layout->addRow(QString{}, m_thread);
    layout->addRow(m_words);
    layout->addRow(m_go);
}

Kind UntilPopup::kind() const { return static_cast<Kind>(m_kind->currentData().toInt()); }

void UntilPopup::fillThreads() {
    const auto former = m_thread->currentText();
    m_thread->clear();
    const auto& glossary = m_playhead.follower().glossary();
    for (const auto& [actor, thread] : m_playhead.follower().newest().threads) {
        if (!thread.isClient) {
            m_thread->addItem(QString::fromStdString(threadName(actor, m_playhead.follower().newest(), glossary)));
        }
    }
    m_thread->setCurrentIndex(std::max(0, m_thread->findText(former)));
}

void UntilPopup::prepare() {
    if (m_playhead.hasRecording()) {
        fillThreads();
        const bool ahead = kind() == Kind::EventNumber || kind() == Kind::Time;
        if (ahead || m_value->value() <= 0) {
            m_value->setValue(proposal());
        }
    }
    showKind();
    m_kind->setFocus();
}

/// Something that lies ahead of where the playhead is.
double UntilPopup::proposal() const {
    if (!m_playhead.hasRecording()) {
        return 1;
    }
    const auto& state = m_playhead.state();
    switch (kind()) {
    case Kind::Time: return std::floor(static_cast<double>(state.time) / 1e9) + 1;
    case Kind::EventNumber: return static_cast<double>((m_playhead.position() / 100 + 1) * 100);
    case Kind::Connections: return static_cast<double>(state.connections.size() + 1);
    case Kind::Latency: return 10;
    default: return 2;
    }
}

Condition UntilPopup::condition() const {
    Condition condition;
    condition.kind = kind();
    condition.value = m_value->value();
    if (condition.kind == Kind::Thread) {
        condition.thread = m_thread->currentText().toStdString();
    }
    return condition;
}

void UntilPopup::setCondition(const Condition& condition) {
    m_kind->setCurrentIndex(m_kind->findData(static_cast<int>(condition.kind)));
    m_value->setValue(condition.value);
    m_thread->setCurrentIndex(m_thread->findText(QString::fromStdString(condition.thread)));
    showKind();
}

void UntilPopup::showKind() {
    const auto& asked = askedFor(kind());
    const bool isThread = asked.kind == Kind::Thread;
    m_value->setDecimals(asked.decimals);
    m_value->setMinimum(asked.least);
    m_value->setSuffix(QString::fromUtf8(asked.unit));
    m_valueLabel->setText(tr(asked.label));
    m_valueLabel->setBuddy(isThread ? static_cast<QWidget*>(m_thread) : m_value);
    auto* layout = static_cast<QFormLayout*>(this->layout());
    m_value->setVisible(!isThread);
    layout->setRowVisible(m_thread, isThread);
    layout->setRowVisible(m_value, !isThread);
    m_go->setEnabled(!isThread || m_thread->count() > 0);
    m_words->setText(tr("The server goes on %1, and is held there.").arg(QString::fromStdString(condition().words())));
}

} // namespace lab
