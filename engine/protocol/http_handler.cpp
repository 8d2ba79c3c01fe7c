// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/protocol/http_handler.h"

#include "engine/http/chunked_body.h"
#include "engine/http/header_scanner.h"
#include "engine/http/http_date.h"
#include "engine/http/request_parser.h"
#include "engine/http/status.h"
#include "engine/protocol/answer.h"
#include "engine/protocol/http_response.h"
#include "engine/protocol/input_buffer.h"
#include "engine/protocol/pipeline_run.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <string>

namespace lab {

namespace {

class HttpHandler final : public ProtocolHandler {
public:
    HttpHandler(std::uint32_t connection, CachedFilesystem& files, const Limits& limits, FileTransfer transfer,
                const HandlerPipeline& pipeline, HttpVersion version, std::uint32_t served)
        : m_connection(connection)
        , m_files(files)
        , m_limits(limits)
        , m_transfer(transfer)
        , m_pipeline(pipeline)
        , m_input(limits.headerOctets)
        , m_scanner(limits)
        , m_parser(version)
        , m_body(limits)
        , m_response(version)
        , m_served(served) {}

    Action start() override { return receive(m_served == 0 ? Deadline::Header : Deadline::Idle); }
    std::span<char> receiveBuffer() override { return m_input.room(); }
    Action received(std::size_t octets) override;
    std::span<const Segment> segments() const override { return m_response.segments(); }
    Action sent() override;
    void separateAnswers() override { m_separates = true; }
    void use(FileTransfer transfer) override { m_transfer = transfer; }
    Action answer() override;
    Action reject() override;
    Action finishedSending() override;
    Action expired(Deadline deadline) override;
    CloseReason closeReason() const override { return m_closeReason; }
    bool isBetweenRequests() const override {
        return m_state == State::Header && !hasBegun() && !m_peerEnded && !m_refusing;
    }
    std::uint32_t requestsServed() const override { return m_served; }
    bool isUrgent() const override { return m_answer.isUrgent; }
    void refuseMoreRequests() override { m_refusing = true; }

private:
    enum class State : std::uint8_t { Header, Body, Continue, Response, Linger };

    /// Of the next request something has come that must not get lost. Whole empty lines before it may; of one, the
    /// carriage return alone may not.
    bool hasBegun() const { return m_scanner.begun() || m_input.octets().ends_with('\r'); }
    Action readHeader();
    Action headerComplete();
    Action beginBody();
    Action readBody();
    void decide();
    Action requestWhole();
    Action inputEnded();
    Action linger(std::size_t octets);

    Action receive(Deadline deadline);
    Action respond(bool keepAlive);
    Action refuse(unsigned status);
    void buildResponse(HttpResponse::Announce announce);
    void beginRun(std::string_view head, const Request& request);
    Action responseSent();
    Action close(CloseReason reason);

    const std::uint32_t m_connection;
    CachedFilesystem& m_files;
    const Limits& m_limits;
    FileTransfer m_transfer;
    const HandlerPipeline m_pipeline;

    InputBuffer m_input;
    HeaderScanner m_scanner;
    RequestParser m_parser;
    ChunkedBody m_body;
    std::string m_heldHeader; ///< of the request under way, where answers are separate or services are linked
    std::string m_pathStorage;
    Answer m_answer; ///< decided when the header was read, given when the content has been
    HttpResponse m_response;
    std::unique_ptr<PipelineRun> m_run; ///< of the request under way; null while nothing is linked

    State m_state = State::Header;
    CloseReason m_closeReason = CloseReason::Finished;
    bool m_isHttp11 = true;
    bool m_isHead = false;         ///< the request under way is a HEAD, as far as is known
    bool m_keepAlive = false;      ///< the peer's wish in the request under way
    bool m_closing = false;        ///< the response under way is the last
    bool m_framingInDoubt = false; ///< what comes after the response cannot be understood
    bool m_peerEnded = false;
    bool m_refusing = false;
    bool m_separates = false; ///< reading and answering
    bool m_withholds = false; ///< a service wants the connection closed without an answer
    std::uint32_t m_served;
    std::uint64_t m_lingeringOctets = 0;
};

Action HttpHandler::received(std::size_t octets) {
    if (m_state == State::Linger) {
        return linger(octets);
    }
    if (octets == 0) {
        m_peerEnded = true;
        return inputEnded();
    }
    m_input.filled(octets);
    return m_state == State::Body ? readBody() : readHeader();
}

Action HttpHandler::readHeader() {
    switch (m_scanner.scan(m_input.octets())) {
    case HeaderScanner::Outcome::Complete: return headerComplete();
    case HeaderScanner::Outcome::Refused:
        LAB_MARK(RequestParsed, HttpHandler, "refuse request", .connection = m_connection, .kind = Method::Unknown,
                 .value = static_cast<std::int64_t>(m_scanner.end()));
        return refuse(m_scanner.status());
    case HeaderScanner::Outcome::NeedMore: break;
    }
    return receive(hasBegun() || m_served == 0 ? Deadline::Header : Deadline::Idle);
}

Action HttpHandler::headerComplete() {
    const auto octets = m_scanner.end() - m_scanner.begin();
    auto header = m_input.writable().subspan(m_scanner.begin(), octets);
    const bool isLinked = m_pipeline.slot != nullptr && m_pipeline.slot->isLinked();
    if (m_separates || isLinked) {
        m_heldHeader.assign(header.begin(), header.end());
        header = m_heldHeader;
    }
    if (isLinked) {
        beginRun(m_heldHeader, m_parser.request());
    }
    const auto status = m_parser.parse(header);
    const auto& request = m_parser.request();
    LAB_MARK(RequestParsed, HttpHandler, "parse request", .connection = m_connection, .kind = request.method,
             .value = static_cast<std::int64_t>(octets));
    m_isHead = request.method == Method::Head;
    if (status != 0) {
        return refuse(status);
    }
    m_isHttp11 = request.isHttp11;
    if (!m_separates) {
        decide();
    }
    // From here on the octets of the header are not needed, and their place may be used again.
    m_input.drop(m_scanner.end());
    m_scanner.reset();
    return request.hasContent() ? beginBody() : requestWhole();
}

void HttpHandler::decide() {
    const auto& request = m_parser.request();
    m_answer = decideAnswer(request, m_files, m_connection, m_pathStorage, m_run.get());
    m_keepAlive = request.keepAlive && !request.isConnect && m_answer.status != status::badRequest;
}

Action HttpHandler::requestWhole() {
    if (m_separates) {
        return {.next = Action::Next::Send, .unanswered = true};
    }
    return respond(m_keepAlive);
}

Action HttpHandler::answer() {
    decide();
    return respond(m_keepAlive);
}

/// RFC 9110 section 15.6.4. The request was understood, so the connection can stay.
Action HttpHandler::reject() {
    m_answer = Answer::ofStatus(status::unavailable);
    m_answer.withContent = !m_isHead;
    return respond(m_parser.request().keepAlive && !m_parser.request().isConnect);
}

Action HttpHandler::beginBody() {
    const auto& request = m_parser.request();
    if (request.chunked) {
        m_body.beginChunked();
    } else if (request.contentLength > m_limits.bodyOctets) {
        return refuse(status::contentTooLarge);
    } else {
        m_body.beginLength(request.contentLength);
    }
    if (request.expectsContinue && m_input.empty()) {
        m_state = State::Continue;
        m_response.buildContinue();
        return {Action::Next::Send};
    }
    m_state = State::Body;
    return readBody();
}

Action HttpHandler::readBody() {
    auto left = m_input.octets();
    const auto before = left.size();
    const auto outcome = m_body.take(left);
    m_input.drop(before - left.size());
    switch (outcome) {
    case ChunkedBody::Outcome::Complete: return requestWhole();
    case ChunkedBody::Outcome::Refused: return refuse(m_body.status());
    case ChunkedBody::Outcome::NeedMore: break;
    }
    return receive(Deadline::Body);
}

/// The peer sends no more. What it has asked for whole has been answered; half a request is told so.
Action HttpHandler::inputEnded() {
    if (m_state == State::Body || m_scanner.begun()) {
        return refuse(status::badRequest);
    }
    return close(CloseReason::PeerClosed);
}

Action HttpHandler::linger(std::size_t octets) {
    m_lingeringOctets += octets;
    if (octets == 0 || m_lingeringOctets > maximumLingeringOctets) {
        return close(m_closeReason);
    }
    return receive(Deadline::Linger);
}

Action HttpHandler::receive(Deadline deadline) {
    if (deadline == Deadline::Idle && m_refusing) {
        return close(CloseReason::ServerStopping);
    }
    m_input.makeRoom();
    return {Action::Next::Receive, deadline};
}

Action HttpHandler::respond(bool keepAlive) {
    m_closing = !keepAlive || m_refusing;
    if (keepAlive && m_refusing) {
        m_closeReason = CloseReason::ServerStopping;
    }
    const auto announce = m_closing    ? HttpResponse::Announce::Close
                          : m_isHttp11 ? HttpResponse::Announce::Nothing
                                       : HttpResponse::Announce::KeepAlive;
    const auto status = m_answer.status;
    buildResponse(announce);
    if (m_withholds) {
        return close(CloseReason::Failed);
    }
    m_state = State::Response;
    LAB_MARK_WITH(ResponseStarted, HttpHandler, "begin response", .connection = m_connection,
                  .kind = m_response.transferBy(m_transfer), .value = responseValue(status, m_response.octets()));
    return {Action::Next::Send};
}

/// Through the pipeline that the request began with, if it began with one.
void HttpHandler::buildResponse(HttpResponse::Announce announce) {
    if (!m_run) {
        m_response.build(std::move(m_answer), announce);
        return;
    }
    const auto ending = m_response.build(std::move(m_answer), announce, *m_run);
    if (ending != ResponseDraft::Ending::Whole) {
        m_closing = m_framingInDoubt = true;
        m_closeReason = CloseReason::Failed;
        m_withholds = ending == ResponseDraft::Ending::Nothing;
    }
}

/// `head` and `request` stay in place until the answer has been sent.
void HttpHandler::beginRun(std::string_view head, const Request& request) {
    if (auto pipeline = m_pipeline.slot->now()) {
        m_run = std::make_unique<PipelineRun>(std::move(pipeline), Exchange{.connection = m_connection,
                                                                            .number = m_served + 1,
                                                                            .files = &m_files,
                                                                            .peer = m_pipeline.peer,
                                                                            .began = wallSeconds(),
                                                                            .head = head,
                                                                            .request = &request,
                                                                            .path = {},
                                                                            .user = {},
                                                                            .host = {}});
    }
}

/// Answers and gives up on what the peer sends from here on.
Action HttpHandler::refuse(unsigned status) {
    if (!m_run && m_pipeline.slot != nullptr && m_pipeline.slot->isLinked()) {
        static const Request broken;
        m_heldHeader = m_input.octets();
        beginRun(m_heldHeader, broken);
    }
    m_answer = Answer::ofStatus(status);
    m_answer.withContent = !m_isHead;
    m_framingInDoubt = true;
    return respond(false);
}

Action HttpHandler::sent() {
    if (m_state == State::Continue) {
        m_state = State::Body;
        m_response.clear();
        return readBody();
    }
    auto action = responseSent();
    action.requestDone = true;
    return action;
}

Action HttpHandler::responseSent() {
    ++m_served;
    if (m_run) {
        m_run->finished();
        m_run.reset();
    }
    m_response.clear();
    if (m_refusing && !m_closing) {
        // The peer was told that more would be answered: what it may have sent meanwhile must not become a reset.
        m_closing = m_framingInDoubt = true;
        m_closeReason = CloseReason::ServerStopping;
    }
    if (!m_closing) {
        m_state = State::Header;
        m_isHead = false;
        return readHeader();
    }
    if (m_peerEnded || (!m_framingInDoubt && m_input.empty())) {
        return close(m_closeReason);
    }
    return {Action::Next::FinishSending};
}

Action HttpHandler::finishedSending() {
    m_state = State::Linger;
    m_input.drop(m_input.octets().size());
    return receive(Deadline::Linger);
}

Action HttpHandler::expired(Deadline deadline) {
    const bool requestUnderWay = (deadline == Deadline::Header && m_scanner.begun()) || deadline == Deadline::Body;
    if (requestUnderWay && m_state != State::Linger) {
        m_closeReason = CloseReason::DeadlineExpired;
        return refuse(status::requestTimeout);
    }
    return close(m_state == State::Linger ? m_closeReason : CloseReason::DeadlineExpired);
}

Action HttpHandler::close(CloseReason reason) {
    m_closeReason = reason;
    return {Action::Next::Close};
}

} // namespace

std::unique_ptr<ProtocolHandler> makeHttpHandler(std::uint32_t connection, CachedFilesystem& files,
                                                 const Limits& limits, FileTransfer transfer,
                                                 const HandlerPipeline& pipeline, HttpVersion version,
                                                 std::uint32_t served) {
    return std::make_unique<HttpHandler>(connection, files, limits, transfer, pipeline, version, served);
}

} // namespace lab
