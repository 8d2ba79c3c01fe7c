// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/text_table.h"
#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/cli/server_arguments.h"
#include "engine/cli/signal_watch.h"
#include "engine/run/lab_run.h"
#include "engine/run/running_server.h"
#include "engine/run/trouble_watch.h"

#include <boost/asio/ip/address.hpp>

#include <filesystem>
#include <ostream>

namespace lab {

namespace {

static_assert(LabRun::eventsKeptLive == 4'000'000, "--help of serve tells this figure");

Arguments declareServe() {
    Arguments command(
        "serve", "--model ID --root DIR [options]",
        "Serves the files under DIR by HTTP until interrupted (SIGINT, SIGTERM). Then it stops accepting,\n"
        "finishes what is in flight within three seconds, and ends with code 0.\n"
        "Prints one line when it is ready: listening on http://ADDRESS:PORT/\n"
        "With --config, SIGHUP has the file read again: what it says now is linked, and the server goes on\n"
        "under the model and with the options that it names, without a pause. A file that is wrong changes\n"
        "nothing, and what is wrong is told on standard error.");
    command.addOption("model", "ID", "concurrency model, where --config names none; see proactor-lab models");
    command.addOption("root", "DIR", "document root");
    command.addOption("address", "A", "numeric address to listen on (127.0.0.1)");
    command.addOption("port", "N", "port to listen on; 0: any free one (0)");
    command.addSwitch("allow-remote", "permit an --address that other machines can reach: everybody who reaches it\n"
                                      "can read all files under DIR, unencrypted and without a password");
    command.addOption("trace", "FILE", "record every event to FILE");
    command.addSwitch("record", "record every event in memory only, as the window does: to measure what it costs");
    command.addOption("keep", "N", "how many events a recording keeps in memory, the newest (4000000)");
    addServerOptions(command);
    return command;
}

Result<ServerOptions> readOptions(const Arguments& command) {
    ServerOptions options;
    if (!command.has("root")) {
        return Error{"--root is missing"};
    }
    options.model = command.text("model");
    options.root = command.text("root");
    options.address = command.text("address", options.address);
    const auto port = command.whole("port", 0, 0, 65'535);
    if (!port) {
        return port.error();
    }
    options.port = static_cast<std::uint16_t>(*port);
    if (auto read = readServerOptions(command, options); !read) {
        return read.error();
    }
    if (options.model.empty()) {
        return Error{"--model is missing"};
    }
    if (auto known = checkModel(options.model); !known) {
        return known.error();
    }
    if (auto good = checkCombination(options); !good) {
        return good.error();
    }
    std::error_code failure;
    if (options.root.empty() || !std::filesystem::is_directory(options.root, failure)) {
        return Error{"the document root " + options.root + " is not a folder" +
                     (failure ? ": " + failure.message() : std::string())};
    }
    return options;
}

/// Error: not an address, or one that others can reach without leave.
Result<bool> opensToOthers(const ServerOptions& options, bool allowed) {
    boost::system::error_code failure;
    const auto address = boost::asio::ip::make_address(options.address, failure);
    if (failure) {
        return Error{"--address must be a numeric address such as 127.0.0.1 or ::1, not \"" + options.address + "\""};
    }
    if (address.is_loopback()) {
        return false;
    }
    if (!allowed) {
        return Error{"other machines can reach " + options.address +
                     ": with --allow-remote, everybody who does can "
                     "read all files under " +
                     options.root};
    }
    return true;
}

constexpr const char* notServing = "nobody is served now; it is tried again and again";

/// What was short may be there again: the server goes on as it was before the change that failed.
void tryToServeAgain(LabRun& run, std::ostream& out) {
    auto& server = run.server();
    if (!server.whyNotServing().empty() && server.change(server.options())) {
        out << "serving again: " << server.options().model << std::endl;
    }
}

/// What the configuration file says now takes the place of what was.
void configureAnew(const Arguments& command, LabRun& run, std::ostream& out, std::ostream& err) {
    const auto options = readOptions(command);
    auto& server = run.server();
    const auto former = server.options().model;
    const auto done = options ? reconfigure(server, *options) : Result<void>(options.error());
    if (!done) {
        const auto* outcome = server.whyNotServing().empty() ? "nothing has changed" : notServing;
        command.complain(err, done.error().message + "; " + outcome, exitFailed);
        return;
    }
    std::string list;
    for (const auto& service : options->services) {
        list += (list.empty() ? "" : ", ") + service.called() + (service.suspended ? " (suspended)" : "");
    }
    out << "configured anew: " << (options->model == former ? std::string() : options->model + ", ")
        << (list.empty() ? "no services" : list) << std::endl;
}

int serveUntilInterrupted(const Arguments& command, LabRun::Options options, std::ostream& out, std::ostream& err) {
    SignalWatch interruption(command.has("config"));
    auto started = LabRun::start(std::move(options));
    if (!started) {
        return command.complain(err, started.error().message, exitFailed);
    }
    auto& run = **started;
    out << "listening on " << run.server().url() << std::endl;
    TroubleWatch watch;
    constexpr std::chrono::milliseconds betweenLooks{500};
    while (!interruption.wait(betweenLooks)) {
        if (interruption.takeHangUp()) {
            configureAnew(command, run, out, err);
        }
        tryToServeAgain(run, out);
        if (const auto news = watch.look(run.trouble())) {
            command.complain(err, *news + "; still serving", exitFailed);
        }
    }
    const auto whyNotServing = run.server().whyNotServing();
    run.stop();
    if (!whyNotServing.empty()) {
        return command.complain(err, "nobody was served in the end: " + whyNotServing, exitFailed);
    }
    if (const auto trouble = run.trouble(); !trouble.empty()) {
        return command.complain(err, trouble, exitFailed);
    }
    return exitDone;
}

} // namespace

int serve(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    auto command = declareServe();
    if (const auto code = command.read(arguments, out, err)) {
        return *code;
    }
    auto options = readOptions(command);
    if (!options) {
        return command.complain(err, options.error().message, exitUsage);
    }
    const auto open = opensToOthers(*options, command.has("allow-remote"));
    if (!open) {
        return command.complain(err, open.error().message, exitUsage);
    }
    if (*open) {
        err << "proactor-lab serve: open to other machines: everybody who reaches " << options->address
            << " can read all files under " << options->root << '\n';
    }
    const bool traced = command.has("trace") || command.has("record");
    const auto kept = command.whole("keep", LabRun::eventsKeptLive, 2 * eventsPerBlock, 1'000'000'000);
    if (!kept) {
        return command.complain(err, kept.error().message, exitUsage);
    }
    if (command.has("keep") && !traced) {
        return command.complain(err, "--keep is for a recording: --record or --trace FILE", exitUsage);
    }
    return serveUntilInterrupted(command,
                                 {.server = *options,
                                  .scenario = {},
                                  .trace = traced,
                                  .recordingFile = command.text("trace"),
                                  .maximumEvents = static_cast<std::size_t>(*kept)},
                                 out, err);
}

} // namespace lab
