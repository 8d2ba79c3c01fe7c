// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/process/process_watch.h"

#include <QTest>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <unistd.h>

namespace lab::test {

namespace {

struct Seen {
    int parent = 0;
    char state = ' ';
};

/// As /proc/ID/stat tells; a parent of 0 where there is none.
Seen see(const std::string& process) {
    std::ifstream file("/proc/" + process + "/stat");
    std::string text;
    std::getline(file, text, '\0'); // fails where the process goes while it is read; an iterator would throw then
    Seen seen;
    if (const auto end = text.rfind(") "); end != std::string::npos) {
        seen.state = text[end + 2];
        seen.parent = std::atoi(text.c_str() + end + 4);
    }
    return seen;
}

} // namespace

std::unique_ptr<Server> startServer(const std::string& model, const std::string& root, Trace* trace) {
    ServerOptions options;
    options.model = model;
    options.root = root;
    options.threads = 3;
    auto server = Server::start(std::move(options), trace);
    if (!server) {
        qFatal("%s", server.error().message.c_str());
    }
    return std::move(*server);
}

std::set<int> descendants() {
    std::map<int, int> parents;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const auto name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") == std::string::npos) {
            parents[std::atoi(name.c_str())] = see(name).parent;
        }
    }
    std::set<int> all;
    for (bool grows = true; grows;) {
        grows = false;
        for (const auto& [process, parent] : parents) {
            if (parent == ::getpid() || all.contains(parent)) {
                grows = all.insert(process).second || grows;
            }
        }
    }
    return all;
}

bool hasGone(int process) {
    const auto seen = see(std::to_string(process));
    return seen.parent == 0 || seen.state == 'Z' || seen.state == 'X';
}

std::size_t openDescriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

bool eventually(const std::function<bool()>& holds) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!holds() && std::chrono::steady_clock::now() < until) {
        QTest::qWait(5);
    }
    return holds();
}

std::vector<Event> eventsOf(const Recording& recording) {
    std::vector<Event> events;
    const auto view = recording.view();
    for (auto index = view.first(); index < view.end(); ++index) {
        events.push_back(view[index]);
    }
    return events;
}

std::size_t countOf(const std::vector<Event>& events, EventType type) {
    return static_cast<std::size_t>(
        std::count_if(events.begin(), events.end(), [&](const Event& event) { return event.type() == type; }));
}

} // namespace lab::test
