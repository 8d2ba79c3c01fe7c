// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/services_view.h"

#include "engine/configuration/service_reader.h"
#include "gui/model/number_text.h"
#include "gui/model/text.h"
#include "gui/view/picker.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPointer>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <map>
#include <memory>

namespace lab {

namespace {

enum Column { serviceColumn, stateColumn, askedColumn, parametersColumn };

void describeWidget(QWidget& widget, const QString& objectName, const QString& name, const QString& about) {
    widget.setObjectName(objectName);
    widget.setAccessibleName(name);
    widget.setToolTip(about);
}

/// "level: From 1, fast, to 9, small; must be a whole number from 1 to 9 (6)"
QString parameterLine(const ServiceParameter& parameter) {
    const auto byDefault =
        parameter.byDefault.empty() ? QString() : QStringLiteral(" (%1)").arg(text(parameter.byDefault));
    return QStringLiteral("%1: %2; %3%4")
        .arg(text(parameter.name), text(parameter.about), text(parameter.expected()), byDefault);
}

} // namespace

ServicesView::ServicesView(LabSession& session, Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent)
    , m_session(session)
    , m_title(new QLabel(tr("Protocol Pipeline"), this))
    , m_state(new QLabel(this))
    , m_list(new QTreeWidget(this))
    , m_service(new Picker(this))
    , m_about(new QLabel(this))
    , m_parameters(new QLineEdit(this))
    , m_message(new QLabel(this)) {
    describeWidget(*this, QStringLiteral("services"), tr("Services"),
                   tr("What is linked into the server's Protocol Pipeline, and how to change it while it serves"));
    describeWidget(*m_title, {}, m_title->text(), toolTip());
    describeWidget(*m_state, QStringLiteral("servicesState"), tr("State of the pipeline"), toolTip());
    describeWidget(*m_message, QStringLiteral("servicesMessage"), tr("What went wrong"),
                   tr("Why the last change failed"));
    buildList();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->addWidget(m_title);
    layout->addWidget(m_state);
    layout->addWidget(m_list, 1);
    buildForm();
    for (auto* label : {m_state, m_about, m_message}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    connect(m_list, &QTreeWidget::itemSelectionChanged, this, &ServicesView::showChosen);
    connect(m_service, &QComboBox::currentIndexChanged, this, &ServicesView::showAbout);
    connect(m_parameters, &QLineEdit::returnPressed, this, [this] {
        if (m_canChange && !m_isChanging) {
            chosen().empty() ? link() : reconfigure();
        }
    });
    // A server that comes or goes is no event at the playhead yet.
    connect(&m_session, &LabSession::phaseChanged, this, &ServicesView::showRows);
    connect(&m_session, &LabSession::runsChanged, this, &ServicesView::showRows);
    connect(&m_session, &LabSession::changeMissed, this, &ServicesView::changeMissed);
    showAbout();
    showRows();
}

void ServicesView::buildList() {
    describeWidget(*m_list, QStringLiteral("serviceList"), tr("Linked services"),
                   tr("In the order in which they are asked; choose one to suspend, reconfigure or unlink it"));
    m_list->setHeaderLabels({tr("Service"), tr("State"), tr("Asked"), tr("Parameters")});
    m_list->header()->setAccessibleName(tr("Columns"));
    m_list->header()->setToolTip(tr("Name, state, for how many requests it was asked, and parameters"));
    for (const auto column : {serviceColumn, stateColumn, askedColumn}) {
        m_list->header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    }
    m_list->setRootIsDecorated(false);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    setFocusProxy(m_list);
}

void ServicesView::buildForm() {
    describeWidget(*m_service, QStringLiteral("serviceKind"), tr("Service"), tr("What is to be linked"));
    for (const auto* service : serviceDescriptions()) {
        m_service->addItem(QStringLiteral("%1 (%2)").arg(text(service->title), text(service->id)), text(service->id));
    }
    describeWidget(*m_about, QStringLiteral("serviceAbout"), tr("About the service"), tr("What it does and takes"));
    describeWidget(*m_parameters, QStringLiteral("serviceParameters"), tr("Parameters"),
                   tr("name=value, several with commas between; a comma in a value is written \\,"));
    m_parameters->setPlaceholderText(tr("name=value,…"));
    auto* layout = static_cast<QVBoxLayout*>(this->layout());
    layout->addWidget(m_service);
    layout->addWidget(m_parameters);
    auto* first = new QHBoxLayout;
    first->addWidget(
        addButton("serviceLink", tr("Link"), tr("Link this service behind the others"), &ServicesView::link));
    first->addWidget(addButton("serviceReconfigure", tr("Reconfigure"),
                               tr("Give the chosen service these parameters in place of its own"),
                               &ServicesView::reconfigure));
    first->addWidget(addButton("serviceFile", tr("Read file…"),
                               tr("Link what a configuration file says, and nothing else; it may name a model, too"),
                               &ServicesView::askForFile));
    auto* second = new QHBoxLayout;
    m_suspend = addButton("serviceSuspend", tr("Suspend"), tr("Leave the chosen service linked, and do not ask it"),
                          &ServicesView::suspendOrResume);
    second->addWidget(m_suspend);
    second->addWidget(
        addButton("serviceUnlink", tr("Unlink"), tr("Take the chosen service out"), &ServicesView::unlink));
    second->addStretch(1);
    layout->addLayout(first);
    layout->addLayout(second);
    layout->addWidget(m_message);
    // However long it is, the buttons stay where they are.
    auto* about = new QScrollArea(this);
    about->setWidget(m_about);
    about->setWidgetResizable(true);
    about->setFrameShape(QFrame::NoFrame);
    about->setFocusPolicy(Qt::NoFocus);
    about->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Ignored);
    m_about->setAlignment(Qt::AlignTop);
    layout->addWidget(about, 1);
}

QPushButton* ServicesView::addButton(const char* objectName, const QString& title, const QString& about,
                                     void (ServicesView::*act)()) {
    auto* button = new QPushButton(title, this);
    describeWidget(*button, QString::fromLatin1(objectName), title, about);
    connect(button, &QPushButton::clicked, this, act);
    m_buttons.push_back(button);
    return button;
}

std::string ServicesView::chosen() const {
    const auto* item = m_list->currentItem();
    return item != nullptr && item->isSelected() ? item->text(0).toStdString() : std::string();
}

/// One change at a time: the buttons wait for it.
void ServicesView::change(std::function<Result<void>(ServiceConfigurator&)> what) {
    m_isChanging = true;
    showWords();
    m_session.configureServices(std::move(what), whenDone());
}

/// For whatever has been asked of the server.
ServicesView::WhenDone ServicesView::whenDone() {
    return [self = QPointer(this)](const Result<void>& done) {
        if (self) {
            self->m_isChanging = false;
            self->m_wantsServer = false;
            self->finish(done);
        }
    };
}

void ServicesView::link() {
    auto parameters = parseParameters(m_parameters->text().toStdString());
    if (!parameters) {
        return finish(parameters.error());
    }
    change([service = m_service->currentData().toString().toStdString(),
            parameters = std::move(*parameters)](ServiceConfigurator& configurator) {
        std::vector<ServiceSpec> services;
        for (auto& entry : configurator.services()) {
            services.push_back(std::move(entry.spec));
        }
        addService(services, {.service = service, .name = {}, .parameters = parameters});
        return configurator.link(services.back());
    });
}

void ServicesView::unlink() {
    change([name = chosen()](ServiceConfigurator& configurator) { return configurator.unlink(name); });
}

void ServicesView::suspendOrResume() {
    const auto name = chosen();
    const auto row =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const auto& each) { return each.spec.called() == name; });
    if (row != m_rows.end()) {
        change([name, isSuspended = row->spec.suspended](ServiceConfigurator& configurator) {
            return isSuspended ? configurator.resume(name) : configurator.suspend(name);
        });
    }
}

void ServicesView::reconfigure() {
    auto parameters = parseParameters(m_parameters->text().toStdString());
    if (!parameters) {
        return finish(parameters.error());
    }
    change([name = chosen(), parameters = std::move(*parameters)](ServiceConfigurator& configurator) {
        return configurator.reconfigure(name, parameters);
    });
}

void ServicesView::askForFile() {
    const auto file =
        QFileDialog::getOpenFileName(this, tr("Read a configuration file"), {}, tr("Configuration (*.json)"));
    if (!file.isEmpty()) {
        readFile(file);
    }
}

/// On a worker thread: a file may come slowly.
void ServicesView::readFile(const QString& file) {
    m_isChanging = true;
    showWords();
    const auto read = std::make_shared<Result<WantedServer>>(WantedServer{});
    m_session.work([file = file.toStdString(), read] { *read = readConfiguration(file); },
                   [self = QPointer(this), read] {
                       if (self) {
                           self->takeConfiguration(*read);
                       }
                   });
}

void ServicesView::takeConfiguration(const Result<WantedServer>& wanted) {
    if (!wanted) {
        whenDone()(wanted.error());
    } else if (wanted->changesModelOrSettings()) {
        m_wantsServer = true;
        emit serverWanted(*wanted, whenDone());
    } else {
        change([services = *wanted->services](ServiceConfigurator& configurator) {
            return configurator.configure(services);
        });
    }
}

/// What was asked for is lost with its run; the next one can be asked.
void ServicesView::changeMissed() {
    if (m_wantsServer) {
        whenDone()(Error{tr("The run ended before its server was changed.").toStdString()});
    }
}

void ServicesView::finish(const Result<void>& done) {
    m_message->setText(done ? QString() : text(done.error().message));
    showRows();
    const auto* configurator = m_session.configurator();
    if (done && configurator != nullptr) {
        std::vector<ServiceSpec> services;
        for (auto& entry : configurator->services()) {
            services.push_back(std::move(entry.spec));
        }
        emit servicesChanged(services);
    }
}

/// The parameters of what is chosen stand in the line, so that they can be changed.
void ServicesView::showChosen() {
    const auto name = chosen();
    const auto row =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const auto& each) { return each.spec.called() == name; });
    if (row != m_rows.end() && !row->spec.service.empty()) {
        m_service->setCurrentIndex(std::max(0, m_service->findData(text(row->spec.service))));
        m_parameters->setText(text(textOf(row->spec.parameters)));
    }
    showWords();
}

void ServicesView::showAbout() {
    const auto* service = findService(m_service->currentData().toString().toStdString());
    if (service == nullptr) {
        return;
    }
    QString lines = text(service->about);
    for (const auto& parameter : service->parameters) {
        lines += QLatin1Char('\n') + parameterLine(parameter);
    }
    m_about->setText(lines + QLatin1Char('\n') + text(service->source));
}

/// Of a running server what is linked now, of a recording what was linked at the playhead.
std::vector<ServicesView::Row> ServicesView::rowsNow() const {
    std::vector<Row> rows;
    std::map<std::string, ServiceState> told;
    if (playhead().hasRecording()) {
        for (const auto& service : playhead().state().services) {
            told.emplace(playhead().follower().glossary().name(service.name), service);
        }
    }
    if (const auto* configurator = m_session.configurator()) {
        for (auto& entry : configurator->services()) {
            const auto asked = told.contains(entry.spec.name) ? told[entry.spec.name].asked : 0;
            rows.push_back({std::move(entry.spec), text(entry.trouble), asked});
        }
        return rows;
    }
    for (const auto& [name, service] : told) {
        rows.push_back(
            {{.service = {}, .name = name, .suspended = service.suspended, .parameters = {}}, {}, service.asked});
    }
    return rows;
}

void ServicesView::showRows() {
    auto rows = rowsNow();
    if (rows != m_rows) {
        const auto former = chosen();
        m_rows = std::move(rows);
        const QSignalBlocker quiet(m_list);
        m_list->clear();
        for (const auto& [spec, trouble, asked] : m_rows) {
            const auto state = !trouble.isEmpty() ? tr("trouble") : spec.suspended ? tr("suspended") : tr("linked");
            const auto parameters = text(textOf(spec.parameters));
            auto* item = new QTreeWidgetItem(
                m_list, {text(spec.called()), state, countText(asked), trouble.isEmpty() ? parameters : trouble});
            item->setTextAlignment(askedColumn, Qt::AlignRight | Qt::AlignVCenter);
            item->setToolTip(stateColumn, trouble.isEmpty() ? state : trouble);
            item->setToolTip(parametersColumn,
                             trouble.isEmpty() ? parameters : trouble + QLatin1Char('\n') + parameters);
            if (spec.called() == former) {
                m_list->setCurrentItem(item);
            }
        }
    }
    showWords();
}

void ServicesView::showWords() {
    const auto* configurator = m_session.configurator();
    const auto whyClosed = configurator != nullptr ? text(configurator->whyClosed())
                                                   : tr("No server runs: what the recording tells is shown.");
    m_canChange = whyClosed.isEmpty();
    const auto name = chosen();
    const auto row =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const auto& each) { return each.spec.called() == name; });
    for (auto* button : m_buttons) {
        // A file may name another model, which takes services where the present one takes none.
        const bool isFile = button->objectName() == QStringLiteral("serviceFile");
        const bool isForAny = isFile || button->objectName() == QStringLiteral("serviceLink");
        const bool canAct = isFile ? configurator != nullptr : m_canChange;
        button->setEnabled(canAct && !m_isChanging && (isForAny || row != m_rows.end()));
    }
    m_suspend->setText(row != m_rows.end() && row->spec.suspended ? tr("Resume") : tr("Suspend"));
    m_state->setText(!m_canChange     ? whyClosed
                     : m_rows.empty() ? tr("Nothing is linked: answers go out as the Protocol Handler makes them.")
                                      : tr("Every request that begins passes through these, in this order."));
}

void ServicesView::refresh() { showRows(); }

void ServicesView::themeChanged() {
    m_title->setFont(theme().font(theme().typeSize + 2, true));
    for (auto* label : {m_state, m_about, m_message}) {
        label->setFont(theme().font(theme().typeSize));
    }
}

} // namespace lab
