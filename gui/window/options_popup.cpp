// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/options_popup.h"

#include "engine/concurrency/combination.h"
#include "gui/model/text.h"
#include "gui/view/picker.h"

#include <QFormLayout>
#include <QScreen>
#include <QSignalBlocker>
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
    box->setButtonSymbols(QAbstractSpinBox::NoButtons); // the keys and the wheel do that
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
    auto* box = new Picker(parent);
    for (const auto& one : setting.words) {
        box->addItem(text(one.title));
    }
    return box;
}

} // namespace

OptionsPopup::OptionsPopup(QWidget* parent)
    : QWidget(parent)
    , m_note(new QLabel(this))
    , m_restart(new QPushButton(tr("Restart with these"), this)) {
    setAccessibleName(tr("Options of the server"));
    setToolTip(tr("Options of the server that the model takes"));
    m_note->setObjectName(QStringLiteral("optionNote"));
    m_note->setAccessibleName(tr("What has given way"));
    m_note->setToolTip(tr("What has given way to another choice, and why"));
    m_note->setWordWrap(true);
    m_note->hide();
    m_restart->setObjectName(QStringLiteral("optionRestart"));
    m_restart->setAccessibleName(tr("Restart with these options"));
    m_restart->setToolTip(tr("Start the server again with these options"));
    auto* layout = new QFormLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    for (const auto& setting : serverSettings()) {
        addField(setting, *layout);
    }
    layout->addRow(m_note);
    layout->addRow(m_restart);
    showValues();
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
    connectField(field);
}

void OptionsPopup::connectField(const Field& field) {
    const auto& setting = *field.setting;
    if (field.choice != nullptr) {
        connect(field.choice, &QComboBox::currentIndexChanged, this, [this, &setting](int index) {
            take(setting, index);
            judge(false);
        });
    } else {
        connect(field.number, &QSpinBox::valueChanged, this,
                [this, &setting](int value) { take(setting, isSize(setting) ? value * octetsShown : value); });
    }
}

void OptionsPopup::take(const ServerSetting& setting, std::int64_t value) {
    setting.put(m_wanted, value);
    emit chosen(setting, value);
}

/// The sizes' odd octets are not shown, and stay.
void OptionsPopup::showValues() {
    for (const auto& field : m_fields) {
        if (field.number != nullptr) {
            const auto value = field.setting->get(m_wanted);
            const QSignalBlocker blocker(field.number);
            field.number->setValue(static_cast<int>(isSize(*field.setting) ? value / octetsShown : value));
        } else if (!field.taken || m_model.isEmpty()) { // else it is judged
            const QSignalBlocker blocker(field.choice);
            field.choice->setCurrentIndex(static_cast<int>(field.setting->get(m_wanted)));
        }
    }
}

QString OptionsPopup::judgeChoice(Field& field, const ModelDescription& model, const ServerOptions& above,
                                  bool others) {
    const auto& setting = *field.setting;
    const auto& words = setting.words;
    const auto wanted = static_cast<std::size_t>(setting.get(m_wanted));
    auto* items = qobject_cast<QStandardItemModel*>(field.choice->model());
    std::string whyNot;
    for (std::size_t index = 0; items != nullptr && index < words.size(); ++index) {
        const auto reason = refusal(model, setting, words[index].word, above);
        auto* item = items->item(static_cast<int>(index));
        item->setEnabled(reason.empty());
        item->setToolTip(text(reason));
        item->setAccessibleDescription(text(reason));
        whyNot = index == wanted ? reason : whyNot;
    }
    const bool isBack = whyNot.empty() && field.gaveWay == wanted && !others;
    const bool isToldAlready = !whyNot.empty() && field.gaveWay == wanted;
    const auto next = whyNot.empty() ? wanted : static_cast<std::size_t>(setting.get(ServerOptions{}));
    field.gaveWay = whyNot.empty() ? std::nullopt : std::optional(wanted);
    const QSignalBlocker blocker(field.choice);
    field.choice->setCurrentIndex(static_cast<int>(next));
    const auto title = text(setting.title);
    if (isBack) {
        return tr("%1: “%2” again, as it was chosen.").arg(title, text(words[wanted].title));
    }
    return whyNot.empty() || isToldAlready
               ? QString{}
               : tr("%1: “%2” gives way to “%3”: %4.")
                     .arg(title, text(words[wanted].title), text(words[next].title), text(whyNot));
}

void OptionsPopup::judge(bool others) {
    const auto* model = findModel(m_model.toStdString());
    ServerOptions above;
    QStringList sentences;
    for (auto& field : m_fields) {
        const auto& setting = *field.setting;
        field.taken = model != nullptr && takes(*model, setting);
        field.widget()->setEnabled(field.taken);
        field.widget()->setToolTip(field.taken ? text(setting.about) : tr("This model does not take this option"));
        if (field.taken && field.choice != nullptr) {
            if (const auto sentence = judgeChoice(field, *model, above, others); !sentence.isEmpty()) {
                sentences += sentence;
            }
            setting.put(above, field.choice->currentIndex());
        }
    }
    tell(sentences);
}

void OptionsPopup::tell(const QStringList& sentences) {
    const auto words = sentences.join(QLatin1Char(' '));
    m_note->setText(words);
    fitNote();
    if (!words.isEmpty()) {
        emit told(words);
    }
}

/// A menu asks for no height that goes with a width. Where the screen has no room for a note, it stands in the window only.
void OptionsPopup::fitNote() {
    m_note->hide();
    const int others = sizeHint().height();
    const int high = std::max(0, m_note->heightForWidth(m_restart->width()));
    m_note->setMinimumHeight(high);
    m_note->setVisible(!m_note->text().isEmpty() && others + high < screen()->availableSize().height());
    emit resized();
}

void OptionsPopup::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitNote();
}

void OptionsPopup::setModel(const QString& id) {
    if (id != m_model) {
        m_model = id;
        judge(false);
    }
}

void OptionsPopup::setOptions(const ServerOptions& options) { setServer(m_model, options); }

void OptionsPopup::setServer(const QString& model, const ServerOptions& options) {
    m_model = model;
    m_wanted = options;
    judge(true);
    showValues();
}

ServerOptions OptionsPopup::applied(ServerOptions options) const {
    const ServerOptions byDefault;
    for (const auto& field : m_fields) {
        const auto& setting = *field.setting;
        if (field.choice == nullptr) {
            setting.put(options, setting.get(m_wanted));
        } else {
            setting.put(options, field.taken ? field.choice->currentIndex() : setting.get(byDefault));
        }
    }
    return options;
}

} // namespace lab
