// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/file_descriptor.h"
#include "engine/configuration/service_list.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <fcntl.h>
#include <mutex>
#include <pthread.h>
#include <stop_token>
#include <thread>
#include <unistd.h>

namespace lab {

namespace {

constexpr std::size_t logBufferOctets = 64 * 1024; ///< so many are written at once
constexpr std::chrono::milliseconds longestInBuffer{500};
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

/// Writes a line for each request in the Common Log Format.
///
/// Threads: lines come from all of the server's; a thread of its own writes what is left over when nothing more comes.
class AccessLog final : public Service {
public:
    AccessLog(std::string path, FileDescriptor file, bool isBuffered)
        : m_path(std::move(path))
        , m_isBuffered(isBuffered)
        , m_file(std::move(file)) {
        if (isBuffered) {
            m_writer = std::jthread([this](const std::stop_token& stop) { writeNowAndThen(stop); });
            ::pthread_setname_np(m_writer.native_handle(), "access-log");
        }
    }
    ~AccessLog() override {
        m_writer = {};
        flush();
    }

    static FileDescriptor open(const std::string& path) {
        constexpr mode_t readable = 0644;
        return FileDescriptor(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, readable));
    }

    void finished(const Exchange& exchange, const ExchangeOutcome& outcome) override {
        const auto line = commonLogLine(exchange, outcome);
        bool isFull = false;
        {
            const std::lock_guard lock(m_mutex);
            m_lines += line;
            ++m_count;
            isFull = !m_isBuffered || m_lines.size() >= logBufferOctets;
        }
        if (isFull) {
            flush();
        } else {
            m_came.notify_one();
        }
    }

    void refresh() override {
        auto file = open(m_path);
        const int failure = errno;
        flush();
        const std::lock_guard lock(m_writing);
        if (file) {
            m_file = std::move(file);
            m_failure = m_lost == 0 ? std::string() : m_failure;
        } else {
            m_failure = Error::ofSystem("cannot open " + m_path, failure).message;
        }
    }

    void serverStopped() override { flush(); }

    std::string trouble() const override {
        const std::lock_guard lock(m_writing);
        return m_lost == 0 ? m_failure : m_failure + "; lines that are missing: " + std::to_string(m_lost);
    }

private:
    void writeNowAndThen(const std::stop_token& stop) {
        std::unique_lock lock(m_mutex);
        while (m_came.wait(lock, stop, [this] { return !m_lines.empty(); })) {
            m_came.wait_for(lock, stop, longestInBuffer, [] { return false; });
            lock.unlock();
            flush();
            lock.lock();
        }
    }

    void flush() {
        const std::lock_guard writing(m_writing);
        std::string lines;
        std::uint64_t count = 0;
        {
            const std::lock_guard lock(m_mutex);
            lines.swap(m_lines);
            count = std::exchange(m_count, 0);
        }
        std::string_view left = lines;
        while (!left.empty()) {
            const auto taken = ::write(m_file.get(), left.data(), left.size());
            if (taken < 0 && errno != EINTR) {
                m_failure = Error::ofSystem("cannot write " + m_path, errno).message;
                m_lost += left.size() == lines.size()
                              ? count
                              : static_cast<std::uint64_t>(std::count(left.begin(), left.end(), '\n'));
                return;
            }
            left.remove_prefix(taken > 0 ? static_cast<std::size_t>(taken) : 0);
        }
    }

    const std::string m_path;
    const bool m_isBuffered;

    mutable std::mutex m_writing; ///< taken before m_mutex
    FileDescriptor m_file;        ///< guarded by m_writing, as the next two
    std::string m_failure;
    std::uint64_t m_lost = 0;

    std::mutex m_mutex;
    std::condition_variable_any m_came;
    std::string m_lines;       ///< guarded by m_mutex, as the next one
    std::uint64_t m_count = 0; ///< of lines
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
        auto file = AccessLog::open(path);
        if (!file) {
            return Error::ofSystem("file: cannot open " + path, errno);
        }
        return std::shared_ptr<Service>(std::make_shared<AccessLog>(path, std::move(file), !needs.isOfProcess));
    },
};

} // namespace lab
