// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/command.h"
#include "gui/window/headless_demonstration.h"
#include "gui/window/lab_window.h"
#include "gui/window/picture_exporters.h"
#include "gui/window/program_options.h"

#include <QApplication>
#include <QGuiApplication>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace lab;

bool opensWindow(std::span<const Command> commands, std::span<const std::string> arguments) {
    if (arguments.empty()) {
        return true;
    }
    const auto& first = arguments.front();
    const bool isCommand = std::ranges::find(commands, first, &Command::name) != commands.end();
    const bool isOption = first == "--help" || first == "-h" || first == "help" || first == "--version";
    // A file is opened in the window; any other word is a command that there is not.
    const bool looksLikeFile = first.starts_with("--") || first.find_first_of("./") != std::string::npos;
    return !isCommand && !isOption && looksLikeFile;
}

int runCommand(std::span<const Command> commands, std::span<const std::string> arguments, int& count, char** values) {
    const bool help = arguments.front() == "--help" || arguments.front() == "-h" || arguments.front() == "help";
    if (arguments.front() != "export") {
        const int code = runCommandLine(commands, arguments, std::cout, std::cerr);
        if (help) {
            std::cout << '\n' << windowHelp();
        }
        return code;
    }
    // Pictures need fonts, but no display.
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QGuiApplication application(count, values);
    return runCommandLine(commands, arguments, std::cout, std::cerr);
}

int openWindow(const WindowOptions& options, int& count, char** values) {
    const bool platformGiven = qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
    if (!platformGiven) {
        // Qt tries them in this order; where only the last one works there is no display.
        qputenv("QT_QPA_PLATFORM", qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ? "wayland;xcb;offscreen"
                                   : qEnvironmentVariableIsSet("DISPLAY")       ? "xcb;offscreen"
                                                                                : "offscreen");
    }
    QApplication application(count, values);
    if (!platformGiven && QGuiApplication::platformName() == QStringLiteral("offscreen")) {
        return demonstrateWithoutDisplay(options, std::cout, std::cerr);
    }
    LabWindow window(options);
    window.show();
    window.begin();
    return QApplication::exec();
}

} // namespace

int main(int count, char** values) {
    std::signal(SIGXFSZ, SIG_IGN); // a file size limit is an error of writing, not the program's end
    QCoreApplication::setApplicationName(QStringLiteral("proactor-lab"));
    QCoreApplication::setOrganizationName(QStringLiteral("proactor-lab"));
    QCoreApplication::setApplicationVersion(QStringLiteral(LAB_VERSION));
    const std::vector<std::string> arguments(values + 1, values + count);
    const auto commands = engineCommands(allExporters());
    if (!opensWindow(commands, arguments)) {
        return runCommand(commands, arguments, count, values);
    }
    const auto options = windowOptionsFrom(arguments);
    if (!options) {
        std::cerr << "proactor-lab: " << options.error().message << "\nSee proactor-lab --help\n";
        return exitUsage;
    }
    return openWindow(*options, count, values);
}
