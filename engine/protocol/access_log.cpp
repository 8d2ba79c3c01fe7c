// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/file_descriptor.h"
#include "engine/configuration/service_list.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <mutex>
#include <optional>
#include <poll.h>
#include <pthread.h>
#include <stop_token>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace lab {

namespace {

constexpr std::size_t logBufferOctets = 64 * 1024; ///< so many are written at once
constexpr std::chrono::milliseconds longestInBuffer{500};
constexpr std::size_t mostWaitingOctets = 16 * 1024 * 1024; ///< of lines that the file has no room for yet
constexpr std::chrono::milliseconds longestForTheRest{1'000};
constexpr std::size_t longestLoggedLine = 8'000;

/// What a peer has sent must neither end the line nor the quotes around it.
void appendEscaped(std::string& line, std::string_view text) {
    for (const char letter : text.substr(0, longestLoggedLine)) {
        const auto octet = static_cast<unsigned char>(letter);
        if (octet >= 0x20 && octet < 0x7f && letter != '"' && letter != '\\') {
            line.push_back(letter);
            continue;
        }
        char escape[5];
        std::snprintf(escape, sizeof escape, "\\x%02x", octet);
        line += escape;
    }
}

/// host ident user [date] "request" status octets, as NCSA's httpd and all after it wrote it. In UTC.
std::string commonLogLine(const Exchange& exchange, const ExchangeOutcome& outcome) {
    std::tm parts{};
    ::gmtime_r(&exchange.began, &parts);
    std::array<char, 40> date;
    const auto length = std::strftime(date.data(), date.size(), "%d/%b/%Y:%H:%M:%S +0000", &parts);
    std::string line = exchange.peer.text() + " - ";
    if (exchange.user.empty()) {
        line += "-";
    } else {
        appendEscaped(line, exchange.user);
    }
    line.append(" [").append(date.data(), length).append("] \"");
    appendEscaped(line, exchange.requestLine());
    line += "\" " + (outcome.status != 0 ? std::to_string(outcome.status) : "-");
    line += " " + (outcome.whole && outcome.contentOctets > 0 ? std::to_string(outcome.contentOctets) : "-") + "\n";
    return line;
}

/// While it lives, a pipe whose reader has gone is an error of write(), and not the end of the program. For one thread.
class BrokenPipeTold {
public:
    BrokenPipeTold() {
        sigset_t pending;
        sigemptyset(&pending);
        ::sigpending(&pending);
        m_wasPending = sigismember(&pending, SIGPIPE) == 1;
        sigemptyset(&m_signal);
        sigaddset(&m_signal, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &m_signal, &m_former);
    }
    ~BrokenPipeTold() {
        constexpr timespec atOnce{};
        while (!m_wasPending && ::sigtimedwait(&m_signal, nullptr, &atOnce) < 0 && errno == EINTR) {
        }
        ::pthread_sigmask(SIG_SETMASK, &m_former, nullptr);
    }
    BrokenPipeTold(const BrokenPipeTold&) = delete;
    BrokenPipeTold& operator=(const BrokenPipeTold&) = delete;

private:
    sigset_t m_signal{};
    sigset_t m_former{};
    bool m_wasPending = false;
};

/// Nobody waits here for somebody who is to read: neither for one who opens the other end of a pipe, nor for one who
/// makes room in it.
Result<FileDescriptor> openLog(const std::string& path) {
    constexpr mode_t readable = 0644;
    constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    FileDescriptor file(::open(path.c_str(), flags, readable));
    if (file) {
        return Result<FileDescriptor>(boost::system::in_place_value, std::move(file));
    }
    const int failure = errno;
    struct stat status {};
    if (failure == ENXIO && ::stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode)) {
        return Error{"cannot open " + path + ": it is a pipe, and nobody has opened it to read"};
    }
    return Error::ofSystem("cannot open " + path, failure);
}

/// Writes a line for each request in the Common Log Format.
///
/// Threads: lines come from all of the server's, and none of them waits for the file: a thread of its own writes. In
/// one of several processes (not buffered) who brings a line writes it. Whoever asks for trouble waits for nobody.
class AccessLog final : public Service {
public:
    AccessLog(std::string path, FileDescriptor file, bool isBuffered)
        : m_path(std::move(path))
        , m_isBuffered(isBuffered)
        , m_file(std::make_shared<const FileDescriptor>(std::move(file))) {
        if (isBuffered) {
            m_writer = std::jthread([this](const std::stop_token& stop) { writeNowAndThen(stop); });
            ::pthread_setname_np(m_writer.native_handle(), "access-log");
        }
    }
    ~AccessLog() override {
        m_writer = {};
        writeTheRest();
    }

    void finished(const Exchange& exchange, const ExchangeOutcome& outcome) override {
        const auto line = commonLogLine(exchange, outcome);
        bool isNews = false;
        {
            const std::lock_guard lock(m_mutex);
            const auto before = m_lines.size();
            if (before + line.size() > mostWaitingOctets) {
                m_failure = m_path + " takes lines more slowly than they come";
                ++m_lost;
                return;
            }
            m_lines += line;
            isNews = before == 0 || (before < logBufferOctets && m_lines.size() >= logBufferOctets);
        }
        if (!m_isBuffered) {
            writeOut(); // what finds no room waits for the next one
        } else if (isNews) {
            m_came.notify_one();
        }
    }

    void refresh() override {
        auto file = openLog(m_path);
        if (file) {
            writeFor(longestForTheRest); // into the former one
            auto next = std::make_shared<const FileDescriptor>(std::move(*file));
            const std::lock_guard writing(m_writing);
            m_file.swap(next);
        }
        const std::lock_guard lock(m_mutex);
        if (!file) {
            m_failure = file.error().message;
        } else if (m_lost == 0) {
            m_failure.clear();
        }
    }

    void serverStopped() override { writeTheRest(); }

    std::string trouble() const override {
        const std::lock_guard lock(m_mutex);
        return m_lost == 0 ? m_failure : m_failure + "; lines that are missing: " + std::to_string(m_lost);
    }

private:
    void writeNowAndThen(const std::stop_token& stop) {
        std::unique_lock lock(m_mutex);
        while (!stop.stop_requested() && m_came.wait(lock, stop, [this] { return !m_lines.empty(); })) {
            m_came.wait_for(lock, stop, longestInBuffer, [this] { return m_lines.size() >= logBufferOctets; });
            lock.unlock();
            while (!writeOut() && !stop.stop_requested()) {
                awaitRoom();
            }
            lock.lock();
        }
    }

    /// Hands over what has come. False: there is no room for all of it now.
    bool writeOut() {
        std::optional<BrokenPipeTold> told;
        if (m_isBuffered) { // otherwise the process cares for itself
            told.emplace();
        }
        const std::lock_guard writing(m_writing);
        while (takeLines()) {
            const auto left = std::string_view(m_taken).substr(m_written);
            const auto octets = ::write(m_file->get(), left.data(), left.size());
            if (octets >= 0) {
                m_written += static_cast<std::size_t>(octets);
            } else if (errno == EAGAIN) {
                return false;
            } else if (errno != EINTR) {
                lose(Error::ofSystem("cannot write " + m_path, errno).message);
            }
        }
        return true;
    }

    /// With m_writing held. False: there is nothing to write.
    bool takeLines() {
        if (m_written == m_taken.size()) {
            m_taken.clear();
            m_written = 0;
            const std::lock_guard lock(m_mutex);
            m_taken.swap(m_lines);
        }
        return !m_taken.empty();
    }

    /// With m_writing held: what has been taken to be written is not.
    void lose(std::string why) {
        const auto left = std::string_view(m_taken).substr(m_written);
        const std::lock_guard lock(m_mutex);
        m_lost += static_cast<std::uint64_t>(std::count(left.begin(), left.end(), '\n'));
        m_failure = std::move(why);
        m_written = m_taken.size();
    }

    /// Until there may be room in the file, or for a moment.
    void awaitRoom() {
        constexpr int moment = 100; // ms
        std::shared_ptr<const FileDescriptor> file;
        {
            const std::lock_guard writing(m_writing);
            file = m_file;
        }
        pollfd room{file->get(), POLLOUT, 0};
        ::poll(&room, 1, moment);
    }

    /// False: after that time there is still no room for all.
    bool writeFor(std::chrono::milliseconds limit) {
        const auto end = std::chrono::steady_clock::now() + limit;
        while (!writeOut()) {
            if (std::chrono::steady_clock::now() >= end) {
                return false;
            }
            awaitRoom();
        }
        return true;
    }

    void writeTheRest() {
        if (!writeFor(longestForTheRest)) {
            const std::lock_guard writing(m_writing);
            while (takeLines()) {
                lose("whoever reads " + m_path + " does not take what is left");
            }
        }
    }

    const std::string m_path;
    const bool m_isBuffered;

    std::mutex m_writing;                         ///< held while the file is written; taken before m_mutex
    std::shared_ptr<const FileDescriptor> m_file; ///< guarded by m_writing, as the next two
    std::string m_taken;                          ///< lines that are being written
    std::size_t m_written = 0;                    ///< octets of them

    mutable std::mutex m_mutex;
    std::condition_variable_any m_came;
    std::string m_lines; ///< that have come; guarded by m_mutex, as the next two
    std::string m_failure;
    std::uint64_t m_lost = 0; ///< lines
    std::jthread m_writer;
};

constexpr std::array accessLogParameters{
    ServiceParameter{.name = "file",
                     .about = "Where lines are added; made when it is not there",
                     .kind = ServiceParameter::Kind::File},
};

} // namespace

const ServiceDescription accessLogService{
    .id = "access-log",
    .title = "Access log",
    .source = "Hu, Pyarali, Schmidt, section 2 (Protocol Pipeline)",
    .about = "Writes a line for each request to a file, in the Common Log Format, with times in UTC.",
    .hooks = {ServiceHook::Finished},
    .parameters = accessLogParameters,
    .create = [](const ServiceParameters& parameters, const ServiceNeeds& needs) -> Result<std::shared_ptr<Service>> {
        const auto& path = parameters.text("file");
        auto file = openLog(path);
        if (!file) {
            return Error{"file: " + file.error().message};
        }
        return std::shared_ptr<Service>(std::make_shared<AccessLog>(path, std::move(*file), !needs.isOfProcess));
    },
};

} // namespace lab
