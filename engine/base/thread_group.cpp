// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/thread_group.h"

#include "engine/trace/trace.h"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>

namespace lab {

namespace {

std::int64_t nanoseconds(const timeval& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + std::int64_t{time.tv_usec} * 1'000;
}

void add(ThreadUsage& sum, const ThreadUsage& other) {
    sum.processorNanoseconds += other.processorNanoseconds;
    sum.voluntarySwitches += other.voluntarySwitches;
    sum.involuntarySwitches += other.involuntarySwitches;
}

ThreadUsage usageOfThisThread() {
    rusage used{};
    getrusage(RUSAGE_THREAD, &used);
    return {.processorNanoseconds = nanoseconds(used.ru_utime) + nanoseconds(used.ru_stime),
            .voluntarySwitches = used.ru_nvcsw,
            .involuntarySwitches = used.ru_nivcsw};
}

/// Of a living thread, as the kernel's process file system tells; zeros when it has just gone.
ThreadUsage usageOf(int systemId) {
    ThreadUsage used;
    const auto folder = "/proc/self/task/" + std::to_string(systemId);
    std::ifstream(folder + "/schedstat") >> used.processorNanoseconds;
    std::ifstream status(folder + "/status");
    for (std::string word; status >> word;) {
        if (word == "voluntary_ctxt_switches:") {
            status >> used.voluntarySwitches;
        } else if (word == "nonvoluntary_ctxt_switches:") {
            status >> used.involuntarySwitches;
        }
    }
    return used;
}

/// Signals to the program go to the thread that waits for them; a write to a closed socket raises none.
void leaveSignalsToOthers() {
    sigset_t signals;
    sigfillset(&signals);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) {
        sigdelset(&signals, fault);
    }
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

} // namespace

ThreadGroup::~ThreadGroup() { join(); }

Result<void> ThreadGroup::start(std::string name, std::function<void()> work) {
    reap();
    const std::lock_guard lock(m_mutex);
    const auto member = m_members.emplace(m_members.end());
    try {
        member->thread = std::thread([this, member, name = std::move(name), work = std::move(work)] {
            pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
            leaveSignalsToOthers();
            {
                const std::lock_guard self(m_mutex);
                member->systemId = gettid();
            }
            {
                const TraceThread traced(m_trace, name, m_gated);
                work();
            }
            finish(member);
        });
    } catch (const std::system_error& failure) {
        m_members.erase(member);
        return Error{std::string("cannot start a thread: ") + failure.what()};
    }
    m_ended.peakThreads = std::max(m_ended.peakThreads, m_members.size());
    ++m_ended.startedThreads;
    return {};
}

void ThreadGroup::finish(std::list<Member>::iterator member) {
    const auto used = usageOfThisThread();
    const std::lock_guard lock(m_mutex);
    add(m_ended, used);
    m_finished.splice(m_finished.end(), m_members, member);
}

void ThreadGroup::reap() {
    std::list<Member> finished;
    {
        const std::lock_guard lock(m_mutex);
        finished.swap(m_finished);
    }
    for (auto& member : finished) {
        if (member.thread.joinable()) { // else join() below is waiting for it
            member.thread.join();
        }
    }
}

void ThreadGroup::join() {
    while (true) {
        std::thread running;
        {
            const std::lock_guard lock(m_mutex);
            if (m_members.empty()) {
                break;
            }
            running = std::move(m_members.front().thread);
        }
        running.join();
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_finished, [](const Member& member) { return !member.thread.joinable(); });
    }
    reap();
}

std::size_t ThreadGroup::alive() const {
    const std::lock_guard lock(m_mutex);
    return m_members.size();
}

ThreadUsage ThreadGroup::usage() const {
    std::vector<int> living;
    ThreadUsage sum;
    {
        const std::lock_guard lock(m_mutex);
        sum = m_ended;
        sum.threads = m_members.size();
        for (const auto& member : m_members) {
            living.push_back(member.systemId);
        }
    }
    for (const auto id : living) {
        add(sum, usageOf(id));
    }
    return sum;
}

} // namespace lab
