// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/configuration/exchange.h"
#include "engine/configuration/service_parameters.h"
#include "engine/trace/event.h"

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lab {

// How to add a service: write engine/protocol/my_service.cpp (or where it belongs) with a class derived from Service
// that overrides the hooks it takes part in, and a ServiceDescription that names just these hooks; declare the
// description in service_list.h and put it into the list in service_list.cpp. `--filter`, configuration files,
// scenarios, the window's panel, `check`, `services` and the tests that go through the list know it from then on.

class CachedFilesystem;
class Recording;
struct ServedFile;
enum class ServerState : std::uint8_t;

/// Instead of a file: a status with fields of its own, such as 401 with WWW-Authenticate. The page is the status's own,
/// or what errorContent() gives.
struct ServiceRefusal {
    unsigned status = 0; ///< one that statusLine() knows
    std::vector<HeaderField> fields{};
};

/// Which file answers a request. A service changes what it wants changed.
struct FileChoice {
    std::string path;                  ///< in `files`, decoded; begins with '/', and ends with it for a directory
    CachedFilesystem* files = nullptr; ///< never null; one of a service's own lives as long as the service
    /// Not 0: no file is looked for, and this is the answer. 301 leads to the same address with a slash behind it.
    unsigned status = 0;
};

/// What is sent with an error status in place of its small page.
struct ErrorContent {
    std::shared_ptr<const std::string> octets; ///< not null
    std::string type;                          ///< "text/html; charset=utf-8"
};

/// A response before it is written: what a filter may change. Whoever puts in other content need not care for
/// Content-Length: it is made to fit afterwards. Date and Connection are added behind the last filter.
struct ResponseDraft {
    enum class Ending : std::uint8_t {
        Whole,
        CutOff,  ///< the header and `cutAfter` octets of the content are sent, then the connection is closed
        Nothing, ///< the connection is closed without an answer
    };

    const unsigned status;
    const bool isHead;   ///< the content is not sent, but the fields must be the same as for a GET
    HeaderFields fields; ///< all others
    /// The file that the answer is about (200, 206, 304, 416), not to be changed; null: none.
    std::shared_ptr<const ServedFile> file;
    /// The content, where it is not the file's: a page, or what a filter has made of the file. Null: for 200 the whole
    /// file, for 206 parts of it, which no filter can change; otherwise none.
    std::shared_ptr<const std::string> content;
    Ending ending = Ending::Whole;
    std::int64_t cutAfter = 0;
};

/// How a request ended.
struct ExchangeOutcome {
    unsigned status = 0;            ///< of the answer; 0: none was begun
    std::int64_t octets = 0;        ///< of the answer, header included, as it was to be sent
    std::int64_t contentOctets = 0; ///< of these, the content
    bool whole = false;             ///< all was handed to the operating system; false: the connection broke before
};

/// A part of a running server that can be linked, unlinked, suspended, resumed and reconfigured while it serves.
///
/// Role: service object of the Service Configurator; stage of the Protocol Pipeline (Pipes and Filters; P section 2).
/// Decides: what its hooks say. Threads: every hook by any of the server's threads, several at the same time, for
/// different requests; so what hooks change is guarded. Owner: shared by the configurator and the requests that began
/// while it was linked; a request sees the same services from its header to its end. A suspended service is not asked.
/// To reconfigure means that a new one is made of the new parameters and put in its place, so that none is ever seen
/// half changed; the former one is destroyed with the last request that began with it.
///
/// Hooks are called in this order; at each of them, services in the order in which they were linked. In event-driven
/// models they run in the event loop: what takes its time there keeps everybody waiting, which may be just what is to
/// be seen.
class Service {
public:
    Service() = default;
    virtual ~Service() = default;
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// Of a request whose method and target are good: whether it is answered at all. The first refusal counts; it comes
    /// before the file is looked for, and so tells nothing of what is there. May set exchange.user.
    virtual std::optional<ServiceRefusal> authorize(Exchange& /*exchange*/) { return std::nullopt; }

    /// Of a request that nobody refused: which file is looked for, and where. Each service sees what the one before it
    /// has chosen.
    virtual void chooseFile(const Exchange& /*exchange*/, FileChoice& /*choice*/) {}

    /// Of an answer with an error status (400 and above), also such as came before the first hook: what is sent as its
    /// content. The first that gives something counts. `exchange` may be of a broken request.
    virtual std::optional<ErrorContent> errorContent(const Exchange& /*exchange*/, unsigned /*status*/) {
        return std::nullopt;
    }

    /// Of every answer, before it is written: fields and content can be changed. Each service sees what the one before
    /// it has made.
    virtual void filterAnswer(const Exchange& /*exchange*/, ResponseDraft& /*draft*/) {}

    /// The answer has been sent, or the connection broke. Last of all, once for each exchange.
    virtual void finished(const Exchange& /*exchange*/, const ExchangeOutcome& /*outcome*/) {}

    /// The configuration has been read again, and says the same of this service: what comes from outside (files, lists
    /// of users) is looked at anew. Any thread, while requests are served.
    virtual void refresh() {}

    /// The server has stopped: no further request comes, and what was kept back is written now. Once.
    virtual void serverStopped() {}

    /// A sentence when something goes wrong that no answer can tell (the disk is full); empty: all is well. Any thread.
    virtual std::string trouble() const { return {}; }
};

/// What a service may use of the server that it is made for; all of it outlives the service.
struct ServiceNeeds {
    Recording* recording = nullptr; ///< for CachedFilesystem::open(); null: nothing is recorded
    const std::atomic<ServerState>* state = nullptr;
    std::string root{}; ///< the document root's path
    bool isOfProcess =
        false; ///< in one of several processes, which share no memory: nothing may be kept back for later
};

/// A service as data: what command line, configuration files, window and tests know of it.
struct ServiceDescription {
    std::string_view id;                      ///< "gzip"
    std::string_view title;                   ///< "Compression"
    std::string_view source;                  ///< where in the papers: "López Ortega, Cherokee, section VI"
    std::string_view about;                   ///< one sentence or two
    std::initializer_list<ServiceHook> hooks; ///< those that it overrides: only they are called
    std::span<const ServiceParameter> parameters;
    /// Error: what cannot be with these parameters (a file that cannot be opened), naming the parameter.
    Result<std::shared_ptr<Service>> (*create)(const ServiceParameters& parameters, const ServiceNeeds& needs);
    /// What is wrong with parameters that each fit by themselves, as far as can be told without making anything, for
    /// `check` and configuration files; names the parameter. Null: nothing more can be told.
    Result<void> (*check)(const ServiceParameters& parameters) = nullptr;
};

} // namespace lab
