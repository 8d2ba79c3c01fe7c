// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/configuration/service_configurator.h"
#include "engine/configuration/wanted_server.h"
#include "gui/bridge/lab_session.h"
#include "gui/view/lab_view.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>

#include <functional>
#include <vector>

namespace lab {

/// The services of the Protocol Pipeline: what is linked into the running server, and how to change it while it serves.
///
/// Of a recording it shows what was linked at the playhead, and changes nothing. Does what a configuration file does,
/// with the same words, by the server's Service Configurator. Threads: GUI. Owner: the window; borrows its session.
class ServicesView : public LabView {
    Q_OBJECT

public:
    using WhenDone = std::function<void(const Result<void>&)>; ///< gets what came of it

    ServicesView(LabSession& session, Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    QTreeWidget& list() { return *m_list; }
    QString message() const { return m_message->text(); }
    bool isChanging() const { return m_isChanging; } ///< a change is under way

    /// Links what a configuration file says in place of what is linked, and asks for the server that it names; a wrong
    /// file changes nothing.
    void readFile(const QString& file);

signals:
    /// What is linked now, so that the next server can begin with it.
    void servicesChanged(const std::vector<ServiceSpec>& services);
    /// The present server is to go on with this model, these options and services; `then` is to be called with what came
    /// of it, unless LabSession::changeMissed() tells it.
    void serverWanted(const WantedServer& wanted, const WhenDone& then);

protected:
    void refresh() override;
    void themeChanged() override;

private:
    void buildList();
    void buildForm();
    QPushButton* addButton(const char* objectName, const QString& title, const QString& about,
                           void (ServicesView::*act)());
    void change(std::function<Result<void>(ServiceConfigurator&)> what);
    WhenDone whenDone();
    void takeConfiguration(const Result<WantedServer>& wanted);
    void link();
    void unlink();
    void suspendOrResume();
    void reconfigure();
    void askForFile();
    void changeMissed();
    void finish(const Result<void>& done);
    /// What of the list is chosen; empty: nothing.
    std::string chosen() const;
    void showChosen();
    void showAbout();
    void showRows();
    void showWords();

    struct Row {
        ServiceSpec spec;
        QString trouble;
        std::uint64_t asked = 0;
        friend bool operator==(const Row&, const Row&) = default;
    };
    std::vector<Row> rowsNow() const;

    LabSession& m_session;
    std::vector<Row> m_rows;
    bool m_canChange = false;
    bool m_isChanging = false;
    bool m_wantsServer = false; ///< the change that is under way is one of the server
    QLabel* m_title;
    QLabel* m_state;
    QTreeWidget* m_list;
    QComboBox* m_service;
    QLabel* m_about;
    QLineEdit* m_parameters;
    QLabel* m_message;
    std::vector<QPushButton*> m_buttons; ///< all of them
    QPushButton* m_suspend = nullptr;
};

} // namespace lab
