// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/lesson/question_card.h"

#include "gui/model/text.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QIntValidator>
#include <QRadioButton>

namespace lab {

namespace {

constexpr int mostDigits = 6;

QLabel* makeLabel(const QString& name, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::NoTextInteraction);
    return label;
}

} // namespace

QuestionCard::QuestionCard(const LessonQuestion& question, std::vector<LessonChoice> choices, QWidget* parent)
    : QFrame(parent)
    , m_layout(new QVBoxLayout(this))
    , m_ask(makeLabel(QStringLiteral("ask"), this))
    , m_choices(std::move(choices))
    , m_observe(new QPushButton(this))
    , m_verdict(makeLabel(QStringLiteral("verdict"), this))
    , m_why(makeLabel(QStringLiteral("why"), this))
    , m_hasObservation(question.observe.has_value()) {
    setObjectName(QStringLiteral("card"));
    setAccessibleName(text(question.ask));
    setToolTip(tr("Predict first: the run shows what is right"));
    m_layout->setContentsMargins(14, 12, 14, 12);
    m_layout->setSpacing(8);
    m_ask->setText(text(question.ask));
    m_ask->setAccessibleName(text(question.ask));
    m_layout->addWidget(m_ask);
    m_choices.empty() ? addNumber(text(question.unit)) : addChoices(m_choices);
    m_observe->setObjectName(QStringLiteral("observe"));
    m_observe->setText(m_hasObservation ? tr("Let it happen, and see") : tr("Look, and see"));
    m_observe->setAccessibleName(m_observe->text());
    m_layout->addWidget(m_observe, 0, Qt::AlignLeft);
    m_layout->addWidget(m_verdict);
    m_layout->addWidget(m_why);
    connect(m_observe, &QPushButton::clicked, this, &QuestionCard::observeWanted);
    refresh();
}

void QuestionCard::addChoices(const std::vector<LessonChoice>& choices) {
    for (const auto& choice : choices) {
        // A label beside the button, since a button's own text cannot wrap.
        auto* row = new QHBoxLayout;
        row->setSpacing(8);
        auto* button = new QRadioButton(this);
        auto* label = makeLabel(QStringLiteral("choice"), this);
        label->setText(text(choice.text));
        label->setBuddy(button);
        label->setAccessibleName(text(choice.text));
        button->setObjectName(QStringLiteral("choice-") + text(choice.value));
        button->setAccessibleName(text(choice.text));
        button->setToolTip(text(choice.text));
        label->installEventFilter(this);
        row->addWidget(button, 0, Qt::AlignTop);
        row->addWidget(label, 1);
        m_layout->addLayout(row);
        m_group.addButton(button, static_cast<int>(m_buttons.size()));
        m_buttons.push_back(button);
        m_labels.push_back(label);
    }
    connect(&m_group, &QButtonGroup::idToggled, this, [this] { refresh(); });
}

void QuestionCard::addNumber(const QString& unit) {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_number = new QLineEdit(this);
    m_number->setObjectName(QStringLiteral("number"));
    m_number->setValidator(new QIntValidator(0, 999'999, m_number));
    m_number->setMaxLength(mostDigits);
    m_number->setFixedWidth(m_number->fontMetrics().horizontalAdvance(QStringLiteral("000000000")));
    m_number->setAccessibleName(tr("Your prediction, a number"));
    m_number->setToolTip(tr("Your prediction, a number"));
    m_unit = makeLabel(QStringLiteral("unit"), this);
    m_unit->setText(unit);
    m_unit->setAccessibleName(unit);
    row->addWidget(m_number);
    row->addWidget(m_unit, 1);
    m_layout->addLayout(row);
    connect(m_number, &QLineEdit::textChanged, this, [this] { refresh(); });
    connect(m_number, &QLineEdit::returnPressed, m_observe, &QPushButton::click);
}

bool QuestionCard::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::MouseButtonRelease) {
        for (std::size_t place = 0; place < m_labels.size(); ++place) {
            if (m_labels[place] == watched && m_buttons[place]->isEnabled()) {
                m_buttons[place]->setChecked(true);
                return true;
            }
        }
    }
    return QFrame::eventFilter(watched, event);
}

QString QuestionCard::prediction() const {
    if (m_number != nullptr) {
        return m_number->text();
    }
    const int chosen = m_group.checkedId();
    return chosen < 0 ? QString{} : text(m_choices[static_cast<std::size_t>(chosen)].value);
}

void QuestionCard::setPrediction(const QString& value) {
    if (m_number != nullptr) {
        m_number->setText(value);
    }
    for (std::size_t place = 0; place < m_buttons.size(); ++place) {
        m_buttons[place]->setChecked(text(m_choices[place].value) == value);
    }
}

void QuestionCard::showAnswer(const QString& value, const QString& shown, const QString& why) {
    m_answered = true;
    m_waiting = false;
    const bool right = prediction() == value;
    m_verdict->setText(right ? tr("✓ As you said: %1").arg(shown) : tr("✗ Not this time. In the run: %1").arg(shown));
    m_why->setText(why);
    refresh();
}

void QuestionCard::showTrouble(const QString& why) {
    m_waiting = false;
    m_verdict->setText(tr("The run does not tell: %1").arg(why));
    refresh();
}

void QuestionCard::setWaiting(bool waiting) {
    m_waiting = waiting;
    refresh();
}

void QuestionCard::refresh() {
    const bool open = !m_answered && !m_waiting;
    for (auto* button : m_buttons) {
        button->setEnabled(open);
    }
    if (m_number != nullptr) {
        m_number->setEnabled(open);
    }
    m_observe->setVisible(!m_answered);
    m_observe->setEnabled(open && !prediction().isEmpty());
    m_observe->setToolTip(prediction().isEmpty() ? tr("Choose your prediction first")
                                                 : tr("Then see what the run does"));
    m_verdict->setVisible(!m_verdict->text().isEmpty());
    m_verdict->setAccessibleName(m_verdict->text());
    m_why->setVisible(m_answered && !m_why->text().isEmpty());
    m_why->setAccessibleName(m_why->text());
}

void QuestionCard::setTheme(const Theme& theme) {
    m_ask->setFont(theme.font(theme.typeSize + 1, true));
    for (auto* label : m_labels) {
        label->setFont(theme.font(theme.typeSize));
    }
    if (m_unit != nullptr) {
        m_unit->setFont(theme.font(theme.typeSize));
    }
    m_verdict->setFont(theme.font(theme.typeSize, true));
    m_why->setFont(theme.font(theme.typeSize));
}

} // namespace lab
