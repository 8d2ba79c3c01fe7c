// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/recording_file.h"

#include "engine/base/file_descriptor.h"
#include "engine/trace/readable.h"
#include "engine/trace/recording_format.h"

#include <cerrno>
#include <fcntl.h>
#include <new>
#include <sys/stat.h>
#include <unistd.h>

namespace lab {

namespace {

using format::BlockType;
using format::HeaderKind;
using format::Octets;
using format::Payload;

/// Reads one file from front to end, block by block, and stops at the first damage.
class Reader {
public:
    Reader(const std::string& file, const ReadWatch& watch)
        : m_file(file)
        , m_watch(watch) {}
    Result<ReadRecording> read();

private:
    enum class Step : std::uint8_t { Goes, Ended, CutOff, Damaged, Unreadable };

    Result<void> open();
    /// Fills `out`; how many octets there were, or -1.
    ssize_t fill(std::span<unsigned char> out);
    Step readBlock();
    bool use(BlockType type, Payload payload);
    bool useEvents(Payload payload);
    std::string remark(Step step) const;

    std::string m_file;
    const ReadWatch& m_watch;
    FileDescriptor m_descriptor;
    std::uint64_t m_length = 0; ///< octets of the file
    std::uint64_t m_left = 0;   ///< octets of the file not read yet
    std::shared_ptr<Recording> m_recording;
    Octets m_payload;
    std::vector<Event> m_events;
    std::uint64_t m_count = 0;
    std::uint64_t m_lastTime = 0;
    RunInfo m_info;
    std::vector<std::string> m_names;
    std::vector<SiteInfo> m_sites;
    std::vector<ActorCount> m_counts;
    bool m_hasInfo = false;
    bool m_ended = false;
    int m_errorNumber = 0;
};

Result<void> Reader::open() {
    m_descriptor.reset(::open(m_file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    if (!m_descriptor || ::fstat(m_descriptor.get(), &status) != 0) {
        return Error::ofSystem("cannot read " + m_file, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return Error{"cannot read " + m_file + ": it is not a file"};
    }
    m_length = static_cast<std::uint64_t>(status.st_size);
    m_left = m_length;
    // So that nothing that the file holds is dropped again.
    m_recording = std::make_shared<Recording>(m_left / format::eventLength + 1);
    Octets header(format::headerLength);
    const auto got = fill(header);
    if (got < 0) {
        return Error::ofSystem("cannot read " + m_file, m_errorNumber);
    }
    switch (format::readHeader(Payload(header).first(static_cast<std::size_t>(got)))) {
    case HeaderKind::Good: return {};
    case HeaderKind::Newer: return Error{m_file + " is a recording of a newer format than this program reads"};
    case HeaderKind::Damaged: return Error{m_file + " is a recording whose header is damaged"};
    default: return Error{m_file + " is not a recording"};
    }
}

ssize_t Reader::fill(std::span<unsigned char> out) {
    std::size_t got = 0;
    while (got < out.size()) {
        const auto octets = ::read(m_descriptor.get(), out.data() + got, out.size() - got);
        if (octets < 0 && errno == EINTR) {
            continue;
        }
        if (octets < 0) {
            m_errorNumber = errno;
            return -1;
        }
        if (octets == 0) {
            break;
        }
        got += static_cast<std::size_t>(octets);
    }
    m_left -= std::min<std::uint64_t>(m_left, got);
    return static_cast<ssize_t>(got);
}

Result<ReadRecording> Reader::read() {
    if (auto opened = open(); !opened) {
        return opened.error();
    }
    auto step = Step::Goes;
    while (step == Step::Goes) {
        if (m_watch.stop.stop_requested()) {
            return Error{"reading " + m_file + " was ended before its end"};
        }
        if (m_watch.progress && m_length > 0) {
            m_watch.progress(static_cast<double>(m_length - m_left) / static_cast<double>(m_length));
        }
        step = readBlock();
    }
    if (step != Step::Ended && m_count == 0) {
        return Error{"cannot read " + m_file + ": " + remark(step)};
    }
    m_recording->setInfo(m_info);
    m_recording->setNames(m_names);
    m_recording->setSites(m_sites);
    m_recording->setCounts(m_counts);
    return ReadRecording{m_recording, remark(step), step == Step::Ended};
}

Reader::Step Reader::readBlock() {
    Octets start(format::blockHeaderLength);
    auto got = fill(start);
    if (got < 0) {
        return Step::Unreadable;
    }
    if (static_cast<std::size_t>(got) < start.size()) {
        return m_ended && got == 0 ? Step::Ended : m_ended ? Step::Damaged : Step::CutOff;
    }
    const auto header = format::readBlockHeader(start);
    if (header.length > format::maximumPayload || m_ended) {
        return Step::Damaged;
    }
    if (header.length > m_left) {
        return Step::CutOff;
    }
    m_payload.resize(header.length);
    got = fill(m_payload);
    if (got < 0) {
        return Step::Unreadable;
    }
    if (static_cast<std::size_t>(got) < m_payload.size()) {
        return Step::CutOff;
    }
    return format::isIntact(header, m_payload) && use(header.type, m_payload) ? Step::Goes : Step::Damaged;
}

bool Reader::use(BlockType type, Payload payload) {
    if (!m_hasInfo && type != BlockType::Info) {
        return false;
    }
    switch (type) {
    case BlockType::Info: m_hasInfo = true; return format::decodeInfo(payload, m_info);
    case BlockType::Events: return useEvents(payload);
    case BlockType::Names: return format::decodeNames(payload, m_names);
    case BlockType::Sites: return format::decodeSites(payload, m_sites);
    case BlockType::Counts: return format::decodeCounts(payload, m_counts);
    case BlockType::End: {
        std::uint64_t events = 0;
        m_ended = true;
        return format::decodeEnd(payload, events) && events == m_count;
    }
    }
    return true; // a kind of block that came later
}

bool Reader::useEvents(Payload payload) {
    std::uint64_t first = 0;
    if (!format::decodeEvents(payload, first, m_events) || first != m_count) {
        return false;
    }
    for (const auto& event : m_events) {
        if (event.time < m_lastTime) {
            return false;
        }
        m_lastTime = event.time;
    }
    m_count += m_recording->append(m_events);
    return true;
}

std::string Reader::remark(Step step) const {
    const auto place = m_count == 0 ? std::string{"before its first event"}
                                    : "after event " + readableNumber(static_cast<std::int64_t>(m_count));
    switch (step) {
    case Step::CutOff: return "cut off " + place;
    case Step::Damaged: return "damaged " + place;
    case Step::Unreadable: return Error::ofSystem("not readable " + place, m_errorNumber).message;
    default: return {};
    }
}

} // namespace

Result<ReadRecording> readRecording(const std::string& file, const ReadWatch& watch) {
    try {
        return Reader(file, watch).read();
    } catch (const std::bad_alloc&) {
        return Error{"cannot read " + file + ": it takes more memory than there is"};
    }
}

Result<void> writeRecording(std::shared_ptr<Recording> recording, const std::string& file) {
    auto writer = RecordingWriter::create(file, std::move(recording));
    if (!writer) {
        return writer.error();
    }
    return (*writer)->finish();
}

} // namespace lab
