// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/program_options.h"

#include "engine/concurrency/model.h"
#include "gui/theme/theme.h"

#include <QCommandLineParser>

#include <algorithm>

namespace lab {

namespace {

const QCommandLineOption modelOption(QStringLiteral("model"), QStringLiteral("Begin with this concurrency model."),
                                     QStringLiteral("id"));
const QCommandLineOption themeOption(QStringLiteral("theme"),
                                     QStringLiteral("light, dark, projector-light or projector-dark."),
                                     QStringLiteral("id"));
const QCommandLineOption paceOption(QStringLiteral("pace"), QStringLiteral("Events a second; 0 is full speed."),
                                    QStringLiteral("events"));
const QCommandLineOption quitOption(QStringLiteral("quit-after"),
                                    QStringLiteral("Close the window after some seconds."), QStringLiteral("seconds"));
const QCommandLineOption reportOption(QStringLiteral("frame-report"),
                                      QStringLiteral("Write frame times to this file at the end, as JSON."),
                                      QStringLiteral("file"));
const QCommandLineOption
    screenshotOption(QStringLiteral("screenshot"),
                     QStringLiteral("With --quit-after: write a picture of the window at the end."),
                     QStringLiteral("file"));

/// A number from `least` on, or an error that names the option.
Result<double> number(const QCommandLineParser& parser, const QCommandLineOption& option, double least) {
    bool good = false;
    const double value = parser.value(option).toDouble(&good);
    if (!good || value < least) {
        return Error{"--" + option.names().first().toStdString() + ": \"" + parser.value(option).toStdString() +
                     "\" is not a number from " + QString::number(least).toStdString() + " on"};
    }
    return value;
}

Result<void> readNames(const QCommandLineParser& parser, WindowOptions& options) {
    options.model = parser.value(modelOption);
    options.theme = parser.value(themeOption);
    if (!options.model.isEmpty()) {
        const auto* model = findModel(options.model.toStdString());
        if (model == nullptr) {
            return Error{"--model: there is no model \"" + options.model.toStdString() + "\"; see proactor-lab models"};
        }
    }
    if (!options.theme.isEmpty() && std::ranges::find(themes(), options.theme, &Theme::id) == themes().end()) {
        return Error{"--theme: there is no theme \"" + options.theme.toStdString() + "\""};
    }
    return {};
}

} // namespace

Result<WindowOptions> windowOptionsFrom(std::span<const std::string> arguments) {
    QStringList list{QStringLiteral("proactor-lab")};
    for (const auto& argument : arguments) {
        list += QString::fromStdString(argument);
    }
    QCommandLineParser parser;
    parser.addOptions({modelOption, themeOption, paceOption, quitOption, reportOption, screenshotOption});
    if (!parser.parse(list)) {
        return Error{parser.errorText().toStdString()};
    }
    WindowOptions options;
    const auto files = parser.positionalArguments();
    if (files.size() > 1) {
        return Error{"one scenario or recording at a time, please: " + files.at(1).toStdString() + " is one too many"};
    }
    options.scenario = files.value(0);
    if (auto named = readNames(parser, options); !named) {
        return named.error();
    }
    if (parser.isSet(quitOption)) {
        auto value = number(parser, quitOption, 0);
        if (!value) {
            return value.error();
        }
        options.quitAfter = *value;
    }
    if (parser.isSet(paceOption)) {
        auto value = number(parser, paceOption, 0);
        if (!value) {
            return value.error();
        }
        options.pace = *value;
    }
    options.frameReport = parser.value(reportOption);
    options.screenshot = parser.value(screenshotOption);
    return options;
}

std::string windowHelp() {
    return "Without a command, the window opens:\n"
           "  proactor-lab [SCENARIO.json | RECORDING] [options]\n"
           "  --model ID           begin with this concurrency model\n"
           "  --theme ID           light, dark, projector-light or projector-dark\n"
           "  --pace EVENTS        events a second; 0 is full speed\n"
           "  --quit-after SECONDS close the window after so long\n"
           "  --frame-report FILE  write frame times at the end, as JSON\n"
           "  --screenshot FILE    with --quit-after: a picture of the window at the end\n";
}

} // namespace lab
