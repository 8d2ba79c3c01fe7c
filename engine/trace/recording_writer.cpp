// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/file_descriptor.h"
#include "engine/trace/readable.h"
#include "engine/trace/recording_file.h"
#include "engine/trace/recording_format.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <fcntl.h>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <unistd.h>

namespace lab {

namespace {

using format::BlockType;
using format::Octets;
using namespace std::chrono_literals;

constexpr auto flushInterval = 250ms;

class FileWriter final : public RecordingWriter {
public:
    FileWriter(std::string file, FileDescriptor descriptor, std::shared_ptr<Recording> recording)
        : m_file(std::move(file))
        , m_descriptor(std::move(descriptor))
        , m_recording(std::move(recording))
        , m_follower(m_recording->addFollower())
        , m_next(m_recording->first())
        , m_begin(m_next) {}
    ~FileWriter() override { (void)finish(); }

    Result<void> begin();
    Result<void> finish() override;
    std::string trouble() const override {
        const std::lock_guard lock(m_mutex);
        return m_trouble;
    }
    std::size_t written() const override { return m_written.load(std::memory_order_relaxed); }

private:
    void run(const std::stop_token& stop);
    void flush();
    bool add(BlockType type, const Octets& payload);
    bool write(const Octets& octets);
    void fail(int errorNumber);

    const std::string m_file;
    FileDescriptor m_descriptor;
    std::shared_ptr<Recording> m_recording;
    std::size_t m_follower;
    std::size_t m_next;        ///< index of the event to be written next
    const std::size_t m_begin; ///< index of the file's first event
    std::size_t m_names = 0;
    std::size_t m_sites = 0;
    off_t m_length = 0; ///< of the whole blocks in the file
    bool m_following = true;
    std::atomic<std::size_t> m_written{0};

    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::string m_trouble; ///< guarded by m_mutex
    std::jthread m_thread;
};

Result<void> FileWriter::begin() {
    Octets header;
    format::appendHeader(header);
    if (!write(header) || !add(BlockType::Info, format::encodeInfo(m_recording->info()))) {
        return Error{trouble()};
    }
    m_thread = std::jthread([this](const std::stop_token& stop) {
        pthread_setname_np(pthread_self(), "recorder");
        run(stop);
    });
    return {};
}

void FileWriter::run(const std::stop_token& stop) {
    while (!stop.stop_requested() && m_following) {
        flush();
        std::unique_lock lock(m_mutex);
        m_wake.wait_for(lock, stop, flushInterval, [] { return false; });
    }
}

/// Everything that has come since the last time. The view is taken first, so that the names and sites taken after
/// it include all that its events use.
void FileWriter::flush() {
    const auto view = m_recording->view();
    const auto names = m_recording->names();
    while (m_following && m_names < names.size()) {
        add(BlockType::Names, format::encodeNames(names, m_names));
    }
    const auto sites = m_recording->sites();
    while (m_following && m_sites < sites.size()) {
        add(BlockType::Sites, format::encodeSites(sites, m_sites));
    }
    const bool grown = m_next < view.end();
    while (m_following && m_next < view.end()) {
        const auto events = view.run(m_next);
        if (add(BlockType::Events, format::encodeEvents(m_next - m_begin, events))) {
            m_next += events.size();
            m_written.store(m_next - m_begin, std::memory_order_relaxed);
            m_recording->letGo(m_follower, m_next);
        }
    }
    if (m_following && grown) {
        add(BlockType::Counts, format::encodeCounts(m_recording->counts()));
    }
}

Result<void> FileWriter::finish() {
    if (m_thread.joinable()) {
        m_thread.request_stop();
        m_thread.join();
    }
    if (m_following) {
        flush();
        // The info again: whether the run was paced is known only now.
        if (m_following && add(BlockType::Info, format::encodeInfo(m_recording->info())) &&
            add(BlockType::Counts, format::encodeCounts(m_recording->counts()))) {
            add(BlockType::End, format::encodeEnd(m_next - m_begin));
        }
    }
    if (m_following) {
        m_following = false;
        m_recording->removeFollower(m_follower);
        // Network file systems tell only now that the disk is full.
        if (::close(m_descriptor.release()) != 0) {
            fail(errno);
        }
    }
    if (const auto text = trouble(); !text.empty()) {
        return Error{text};
    }
    return {};
}

bool FileWriter::add(BlockType type, const Octets& payload) {
    Octets block;
    block.reserve(format::blockHeaderLength + payload.size());
    format::appendBlock(block, type, payload);
    return write(block);
}

bool FileWriter::write(const Octets& octets) {
    std::size_t done = 0;
    while (done < octets.size()) {
        const auto written = ::write(m_descriptor.get(), octets.data() + done, octets.size() - done);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            fail(written == 0 ? ENOSPC : errno);
            return false;
        }
        done += static_cast<std::size_t>(written);
    }
    m_length += static_cast<off_t>(octets.size());
    return true;
}

/// Writing is over; what is in the file can be read. The recording must not wait for this follower any more.
void FileWriter::fail(int errorNumber) {
    auto text = Error::ofSystem("cannot write " + m_file, errorNumber).message;
    if (m_descriptor) {
        if (::ftruncate(m_descriptor.get(), m_length) == 0) {
            text += "; the file ends after event " + readableNumber(static_cast<std::int64_t>(written()));
        }
        m_descriptor.reset();
    }
    if (m_following) {
        m_following = false;
        m_recording->removeFollower(m_follower);
    }
    const std::lock_guard lock(m_mutex);
    m_trouble = std::move(text);
}

} // namespace

Result<std::unique_ptr<RecordingWriter>> RecordingWriter::create(const std::string& file,
                                                                 std::shared_ptr<Recording> recording) {
    FileDescriptor descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (!descriptor) {
        return Error::ofSystem("cannot write " + file, errno);
    }
    auto writer = std::make_unique<FileWriter>(file, std::move(descriptor), std::move(recording));
    if (auto begun = writer->begin(); !begun) {
        return begun.error();
    }
    return std::unique_ptr<RecordingWriter>(std::move(writer));
}

} // namespace lab
