// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_driver.h"

#include "engine/state/state_history.h"
#include "engine/state/state_json.h"

#include <QAbstractButton>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace lab::test {

namespace {

constexpr int patience = 30'000; // ms, until something is taken not to come

} // namespace

WindowDriver::WindowDriver(const QString& scenario, const QString& model, double pace) {
    WindowOptions options;
    options.scenario = scenario;
    options.model = model;
    options.pace = pace;
    options.rememberSettings = false;
    m_window = std::make_unique<LabWindow>(options);
    m_window->resize(1280, 720);
    m_window->show();
    m_window->begin();
}

void WindowDriver::click(const char* button) { QTest::mouseClick(find<QAbstractButton>(button), Qt::LeftButton); }

void WindowDriver::press(Qt::Key key, Qt::KeyboardModifiers modifiers) {
    QTest::keyClick(m_window.get(), key, modifiers);
}

bool WindowDriver::waitForEvents(std::size_t events) {
    return QTest::qWaitFor(
        [&] { return playhead().hasRecording() && !session().isBusy() && playhead().end() >= events; }, patience);
}

bool WindowDriver::waitForModel(const QString& id) {
    return QTest::qWaitFor(
        [&] {
            return session().phase() == LabSession::Phase::Running && playhead().hasRecording() &&
                   QString::fromStdString(session().recording()->info().model) == id && playhead().end() > 0;
        },
        patience);
}

std::string WindowDriver::shownState() {
    return boost::json::serialize(toJson(playhead().state(), Glossary::of(*session().recording())));
}

std::string WindowDriver::freshState(std::size_t index) {
    StateHistory history(session().recording());
    while (history.newest().next < index) {
        history.follow(index - history.newest().next);
    }
    return boost::json::serialize(toJson(history.at(index), Glossary::of(*session().recording())));
}

QByteArray fetch(const QString& url, const QByteArray& path) {
    const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(QUrl(url).port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval limit{10, 0};
    ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    QByteArray answer;
    if (::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        const QByteArray request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
        if (::send(client, request.constData(), static_cast<std::size_t>(request.size()), MSG_NOSIGNAL) > 0) {
            char buffer[4096];
            // The kernel wakes this thread for other work of the lab's too (io_uring), and a receive with a time limit is
            // not begun again by itself.
            ssize_t got = 0;
            while ((got = ::recv(client, buffer, sizeof buffer, 0)) > 0 || (got < 0 && errno == EINTR)) {
                answer.append(buffer, std::max<ssize_t>(got, 0));
            }
        }
    }
    ::close(client);
    return answer;
}

QString scenarioFile(const char* name, const QByteArray& text) {
    static const QTemporaryDir folder;
    const auto file = folder.filePath(QString::fromLatin1(name));
    QFile output(file);
    if (output.open(QIODevice::WriteOnly)) {
        output.write(text);
    }
    return file;
}

QString lightScenario() {
    return scenarioFile("light.json", R"({
  "title": "Light", "description": "A few clients.", "seed": 3,
  "files": [{ "path": "page.html", "octets": 5000, "share": 1 }],
  "phases": [{ "name": "all", "seconds": 20,
    "groups": [{ "name": "readers", "clients": 4, "thinkSeconds": 0.02, "requestsPerConnection": 5 }] }]
})");
}

QString busyScenario() {
    return scenarioFile("busy.json", R"({
  "title": "Busy", "description": "As fast as it goes.", "seed": 3,
  "files": [{ "path": "500.txt", "octets": 500, "share": 1 }, { "path": "50k.bin", "octets": 50000, "share": 0.1 }],
  "phases": [{ "name": "all", "seconds": 60,
    "groups": [{ "name": "clients", "clients": 8, "requestsPerConnection": 50 }] }]
})");
}

} // namespace lab::test
