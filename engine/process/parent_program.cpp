// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/parent_program.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <spawn.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace lab {

namespace {

constexpr const char* programName = "proactor-lab-processes";
constexpr int inProgram = 3; ///< the socket's number there

bool canRun(const std::string& file) { return ::access(file.c_str(), X_OK) == 0; }

/// Its own process group, so that Ctrl-C at the terminal stays with the lab; and no signal is blocked or ignored.
class SpawnAttributes {
public:
    SpawnAttributes() {
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        ::posix_spawnattr_init(&m_attributes);
        ::posix_spawnattr_setpgroup(&m_attributes, 0);
        ::posix_spawnattr_setsigmask(&m_attributes, &none);
        ::posix_spawnattr_setsigdefault(&m_attributes, &all);
        ::posix_spawnattr_setflags(&m_attributes,
                                   POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnAttributes() { ::posix_spawnattr_destroy(&m_attributes); }
    SpawnAttributes(const SpawnAttributes&) = delete;
    SpawnAttributes& operator=(const SpawnAttributes&) = delete;
    const posix_spawnattr_t* get() const { return &m_attributes; }

private:
    posix_spawnattr_t m_attributes;
};

} // namespace

std::string parentProgram() {
    if (const auto* wanted = std::getenv("PROACTOR_LAB_PROCESSES")) {
        return canRun(wanted) ? wanted : std::string();
    }
    std::error_code failure;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", failure);
    if (const auto beside = (self.parent_path() / programName).string(); !failure && canRun(beside)) {
        return beside;
    }
    const auto built = std::string(LAB_PROGRAM_DIR "/") + programName;
    return canRun(built) ? built : std::string();
}

std::string whyNoProcesses() {
    return parentProgram().empty() ? std::string("the program ") + programName + " is not beside the lab's own"
                                   : std::string();
}

Result<StartedParent> startParent() {
    const auto program = parentProgram();
    if (program.empty()) {
        return Error{whyNoProcesses()};
    }
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
        return Error::ofSystem("cannot make a socket to speak with processes", errno);
    }
    FileDescriptor ours(ends[0]);
    const FileDescriptor theirs(ends[1]);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, theirs.get(), inProgram);
    const SpawnAttributes attributes;
    std::string argument = programName;
    char* arguments[] = {argument.data(), nullptr};
    int process = 0;
    const int failure = ::posix_spawn(&process, program.c_str(), &actions, attributes.get(), arguments, environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) {
        return Error::ofSystem("cannot start " + program, failure);
    }
    return StartedParent{process, std::move(ours)};
}

} // namespace lab
