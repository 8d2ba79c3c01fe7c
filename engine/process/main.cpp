// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/parent_roles.h"
#include "engine/process/process_parent.h"
#include "engine/process/process_words.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

/// Where the lab's socket is, for whoever was started by it.
constexpr int fromLab = 3;

int fail(int socket, const std::string& why) {
    lab::ParentWord word{.kind = lab::ParentWord::Kind::Failed};
    const auto length = std::min(why.size(), word.text.size() - 1);
    std::copy_n(why.begin(), length, word.text.begin());
    static_cast<void>(lab::say(socket, word));
    return 1;
}

} // namespace

/// The program that the lab starts beside itself for models with processes; of no use alone.
int main() {
    int kind = 0;
    socklen_t size = sizeof kind;
    if (::getsockopt(fromLab, SOL_SOCKET, SO_TYPE, &kind, &size) < 0 || kind != SOCK_SEQPACKET) {
        std::fputs("proactor-lab-processes: the lab starts this program by itself; start proactor-lab instead\n",
                   stderr);
        return 2;
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // a lab that went before this is seen at the socket
    ::close_range(fromLab + 1, ~0U, 0);
    std::signal(SIGPIPE, SIG_IGN);
    lab::FileDescriptor spare(::dup(fromLab)); // for the word that it has failed
    auto parent = lab::ProcessParent::join(lab::FileDescriptor(fromLab));
    if (!parent) {
        return fail(spare.get(), parent.error().message);
    }
    spare.reset();
    const auto role = lab::findParentRole((*parent)->options().model);
    if (role == nullptr) {
        return 1;
    }
    role(**parent);
    return 0;
}
