// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/protocol/http_response.h"

#include "engine/http/http_date.h"
#include "engine/http/status.h"
#include "engine/protocol/pipeline_run.h"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>

namespace lab {

namespace {

constexpr std::size_t usualHeaderOctets = 512;

/// What the trace says of a transfer strategy.
Transfer announced(FileTransfer transfer) {
    switch (transfer) {
    case FileTransfer::Suited:
    case FileTransfer::BySize:
    case FileTransfer::ReadWrite: return Transfer::ReadWrite;
    case FileTransfer::MmapWritev: return Transfer::MmapWritev;
    case FileTransfer::Sendfile: return Transfer::Sendfile;
    case FileTransfer::Splice: return Transfer::Splice;
    case FileTransfer::AsyncReadWrite: return Transfer::AsyncReadWrite;
    case FileTransfer::TransmitFile: break;
    }
    return Transfer::TransmitFile;
}

/// A delimiter that is the same for the same version of a file and the same ranges, so that every server answers alike.
std::string makeBoundary(const Answer& answer) {
    std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a
    const auto add = [&hash](std::string_view text) {
        for (const char character : text) {
            hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3;
        }
    };
    add(answer.file->entityTag);
    for (const auto& range : answer.ranges) {
        add(contentRange(range, answer.file->size));
    }
    std::array<char, 32> text;
    const int length = std::snprintf(text.data(), text.size(), "byteranges-%016" PRIx64, hash);
    return {text.data(), static_cast<std::size_t>(length)};
}

} // namespace

HttpResponse::HttpResponse(HttpVersion version)
    : m_version(version) {
    m_header.reserve(usualHeaderOctets);
    m_segments.reserve(2);
}

void HttpResponse::build(Answer answer, Announce announce) {
    clear();
    m_answer = std::move(answer);
    m_header.append(statusLine(m_answer.status, m_version)).append(dateField());
    addFields();
    addConnection(announce);
    if (m_answer.withContent) {
        m_header.append(statusPage(m_answer.status));
    }
    m_segments.push_back(Segment{.memory = m_header});
    if (m_answer.withContent) {
        addContent();
    }
}

ResponseDraft::Ending HttpResponse::build(Answer answer, Announce announce, PipelineRun& run) {
    clear();
    m_answer = std::move(answer);
    addFields();
    ResponseDraft draft{.status = m_answer.status,
                        .isHead = !m_answer.withContent,
                        .fields = HeaderFields::parse(m_header),
                        .file = m_answer.file,
                        .content = nullptr};
    if (const auto page = statusPage(m_answer.status); !page.empty()) {
        draft.content = std::make_shared<const std::string>(page);
    }
    run.filter(draft);
    if (draft.ending == ResponseDraft::Ending::Nothing) {
        clear();
        return draft.ending;
    }
    write(draft, announce);
    const auto header = static_cast<std::int64_t>(m_header.size());
    if (draft.ending == ResponseDraft::Ending::CutOff) {
        cutOff(draft.cutAfter);
    }
    run.begun(m_answer.status, octets(), std::max<std::int64_t>(0, octets() - header),
              draft.ending == ResponseDraft::Ending::Whole);
    return draft.ending;
}

void HttpResponse::write(ResponseDraft& draft, Announce announce) {
    if (draft.content) { // what was said of the length before a filter put in its own content is not true any more
        draft.fields.set("Content-Length", std::to_string(draft.content->size()));
    }
    m_header.assign(statusLine(draft.status, m_version)).append(dateField());
    draft.fields.appendTo(m_header);
    addConnection(announce);
    m_segments.push_back(Segment{.memory = m_header});
    if (!m_answer.withContent) {
        return;
    }
    m_madeContent = draft.content;
    if (!m_madeContent) {
        addContent();
    } else if (!m_madeContent->empty()) {
        m_segments.push_back(Segment{.memory = *m_madeContent});
    }
}

void HttpResponse::cutOff(std::int64_t octets) {
    if (m_segments.empty()) {
        return;
    }
    for (auto segment = m_segments.begin() + 1; segment != m_segments.end(); ++segment) {
        if (segment->octets() < octets) {
            octets -= segment->octets();
            continue;
        }
        if (segment->isFile()) {
            segment->length = octets;
        } else {
            segment->memory = segment->memory.first(static_cast<std::size_t>(octets));
        }
        m_segments.erase(octets > 0 ? segment + 1 : segment, m_segments.end());
        return;
    }
}

void HttpResponse::buildContinue() {
    clear();
    m_header = "HTTP/1.1 100 Continue\r\n\r\n";
    m_segments.push_back(Segment{.memory = m_header});
}

void HttpResponse::clear() {
    m_segments.clear();
    m_header.clear();
    m_delimiters.clear();
    m_partEnds.clear();
    m_answer = Answer{};
    m_madeContent.reset();
}

std::int64_t HttpResponse::octets() const {
    std::int64_t sum = 0;
    for (const auto& segment : m_segments) {
        sum += segment.octets();
    }
    return sum;
}

Transfer HttpResponse::transferBy(FileTransfer transfer) const {
    if (const auto longest = longestFileStretch(m_segments)) {
        return announced(transferOf(transfer, *longest));
    }
    const bool hasContent = m_answer.withContent && m_answer.status != status::notModified;
    return hasContent ? Transfer::Memory : Transfer::None;
}

void HttpResponse::addFields() {
    switch (m_answer.status) {
    case status::ok: m_header.append(m_answer.file->fields.whole); return;
    case status::partialContent: return addRangeFields();
    case status::notModified: m_header.append(m_answer.file->fields.validators); return;
    case status::movedPermanently: addField("Location", m_answer.location); break;
    case status::methodNotAllowed: addField("Allow", "GET, HEAD"); break;
    case status::unavailable: addField("Retry-After", "1"); break;
    case status::rangeNotSatisfiable:
        addField("Content-Range", "bytes */" + std::to_string(m_answer.file->size));
        break;
    default: break;
    }
    addPageFields();
}

/// And the empty line that ends the header.
void HttpResponse::addConnection(Announce announce) {
    if (announce != Announce::Nothing) {
        addField("Connection", announce == Announce::Close ? "close" : "keep-alive");
    }
    m_header.append("\r\n");
}

void HttpResponse::addField(std::string_view name, std::string_view value) {
    m_header.append(name).append(": ").append(value).append("\r\n");
}

void HttpResponse::addPageFields() {
    addField("Content-Type", "text/html; charset=utf-8");
    addLength(static_cast<std::int64_t>(statusPage(m_answer.status).size()));
}

void HttpResponse::addRangeFields() {
    const auto& file = *m_answer.file;
    m_header.append(file.fields.validators);
    if (m_answer.ranges.size() == 1) {
        const auto& range = m_answer.ranges.front();
        addField("Content-Type", file.contentType);
        addField("Content-Range", contentRange(range, file.size));
        return addLength(range.octets());
    }
    // RFC 9110 section 14.6: each part with its own type and place.
    const auto boundary = makeBoundary(m_answer);
    std::int64_t octets = 0;
    for (const auto& range : m_answer.ranges) {
        m_delimiters.append("\r\n--").append(boundary);
        m_delimiters.append("\r\nContent-Type: ").append(file.contentType);
        m_delimiters.append("\r\nContent-Range: ").append(contentRange(range, file.size)).append("\r\n\r\n");
        m_partEnds.push_back(m_delimiters.size());
        octets += range.octets();
    }
    m_delimiters.append("\r\n--").append(boundary).append("--\r\n");
    addField("Content-Type", "multipart/byteranges; boundary=" + boundary);
    addLength(octets + static_cast<std::int64_t>(m_delimiters.size()));
}

void HttpResponse::addContent() {
    if (m_answer.status == status::ok) {
        return addPart({0, m_answer.file->size - 1});
    }
    if (m_answer.status != status::partialContent) {
        return;
    }
    if (m_answer.ranges.size() == 1) {
        return addPart(m_answer.ranges.front());
    }
    const std::string_view delimiters = m_delimiters;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < m_answer.ranges.size(); ++i) {
        m_segments.push_back(Segment{.memory = delimiters.substr(begin, m_partEnds[i] - begin)});
        addPart(m_answer.ranges[i]);
        begin = m_partEnds[i];
    }
    m_segments.push_back(Segment{.memory = delimiters.substr(begin)});
}

void HttpResponse::addPart(const ByteRange& range) {
    const auto& file = *m_answer.file;
    if (range.octets() == 0) {
        return;
    }
    if (file.inMemory()) {
        m_segments.push_back(Segment{
            .memory = std::string_view(file.content)
                          .substr(static_cast<std::size_t>(range.first), static_cast<std::size_t>(range.octets()))});
        return;
    }
    m_segments.push_back(
        Segment{.memory = {}, .file = file.descriptor.get(), .offset = range.first, .length = range.octets()});
}

} // namespace lab
