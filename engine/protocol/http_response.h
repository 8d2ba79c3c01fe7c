// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/configuration/service.h"
#include "engine/http/http_version.h"
#include "engine/protocol/answer.h"
#include "engine/protocol/protocol_handler.h"
#include "engine/server/server_options.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lab {

class PipelineRun;

/// The octets of a response: header in memory of its own, content from the file or the file's copy in memory.
///
/// Role: from an Answer to segments. Allocates nothing for a file answered whole, once its memory has grown to the
/// size of a header. Threads: one at a time. Owner: a protocol handler.
class HttpResponse {
public:
    /// What is said of the connection's future (RFC 9112 section 9.3).
    enum class Announce : std::uint8_t {
        Nothing,   ///< 1.1, goes on
        KeepAlive, ///< 1.0, goes on
        Close
    };

    explicit HttpResponse(HttpVersion version = HttpVersion::Http11);

    void build(Answer answer, Announce announce);
    /// As the services of `run` make it. Returns how it is to end; where nothing is to be sent, there is nothing.
    ResponseDraft::Ending build(Answer answer, Announce announce, PipelineRun& run);
    void buildContinue(); ///< 100

    /// Stays valid and in place until build(), buildContinue() or clear().
    std::span<const Segment> segments() const { return m_segments; }
    std::int64_t octets() const;

    /// How its content travels, when files that are not in memory travel by `transfer`.
    Transfer transferBy(FileTransfer transfer) const;

    void clear(); ///< lets go of the file

private:
    void write(ResponseDraft& draft, Announce announce);
    void cutOff(std::int64_t octets);
    void addFields();
    void addConnection(Announce announce);
    void addField(std::string_view name, std::string_view value);
    void addLength(std::int64_t octets) { addField("Content-Length", std::to_string(octets)); }
    void addPageFields();
    void addRangeFields();
    void addContent();
    void addPart(const ByteRange& range);

    const HttpVersion m_version;
    Answer m_answer;
    std::string m_header;                ///< and the page behind it, for a status that has one
    std::string m_delimiters;            ///< between several ranges, one behind the other
    std::vector<std::size_t> m_partEnds; ///< where in m_delimiters the one before each range ends
    std::vector<Segment> m_segments;
    std::shared_ptr<const std::string> m_madeContent; ///< by a service, or a page that services have seen
};

} // namespace lab
