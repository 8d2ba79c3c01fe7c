// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/service_list.h"
#include "engine/http/status.h"
#include "engine/protocol/request_share.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace lab {

namespace {

enum class FaultKind : std::uint8_t { Error, Close, Truncate, Mixed };
constexpr auto faultWords = std::to_array<std::string_view>({"error", "close", "truncate", "mixed"});
constexpr unsigned differentFaults = 3;

/// Of the content, header not counted; 0 where there is none to be cut.
std::int64_t contentLength(const ResponseDraft& draft) {
    const auto* length = draft.fields.find("Content-Length");
    std::int64_t octets = 0;
    if (length != nullptr && !draft.isHead) {
        std::from_chars(length->data(), length->data() + length->size(), octets);
    }
    return draft.content && !draft.isHead ? static_cast<std::int64_t>(draft.content->size()) : octets;
}

/// Answers some requests wrongly, so that one sees what clients make of it.
class Fault final : public Service {
public:
    explicit Fault(const ServiceParameters& parameters)
        : m_share(parameters) {
        const auto found = std::find(faultWords.begin(), faultWords.end(), parameters.text("kind"));
        m_kind = static_cast<FaultKind>(found - faultWords.begin());
    }

    std::optional<ServiceRefusal> authorize(Exchange& exchange) override {
        if (m_share.contains(exchange) && kindFor(exchange) == FaultKind::Error) {
            return ServiceRefusal{.status = status::internalServerError};
        }
        return std::nullopt;
    }

    void filterAnswer(const Exchange& exchange, ResponseDraft& draft) override {
        if (!m_share.contains(exchange)) {
            return;
        }
        const auto kind = kindFor(exchange);
        if (kind == FaultKind::Close) {
            draft.ending = ResponseDraft::Ending::Nothing;
        } else if (const auto octets = contentLength(draft); kind == FaultKind::Truncate && octets > 0) {
            draft.ending = ResponseDraft::Ending::CutOff;
            draft.cutAfter = octets / 2;
        }
    }

private:
    FaultKind kindFor(const Exchange& exchange) const {
        return m_kind == FaultKind::Mixed ? static_cast<FaultKind>(m_share.choose(exchange, differentFaults)) : m_kind;
    }

    const RequestShare m_share;
    FaultKind m_kind = FaultKind::Mixed;
};

constexpr std::array faultParameters{
    ServiceParameter{.name = "kind",
                     .about = "error: status 500; close: the connection, without an answer; truncate: half of the "
                              "content, then the connection is closed; mixed: each of them in turn, as the seed says",
                     .kind = ServiceParameter::Kind::Choice,
                     .byDefault = "mixed",
                     .words = faultWords},
    requestShareParameters[0],
    requestShareParameters[1],
    requestShareParameters[2],
};

} // namespace

const ServiceDescription faultService{
    .id = "fault",
    .title = "Faults",
    .source = "the lab's own",
    .about = "Answers a share of the requests wrongly: by an error, not at all, or only in part.",
    .hooks = {ServiceHook::Authorize, ServiceHook::FilterAnswer},
    .parameters = faultParameters,
    .create = [](const ServiceParameters& parameters, const ServiceNeeds&) -> Result<std::shared_ptr<Service>> {
        return std::shared_ptr<Service>(std::make_shared<Fault>(parameters));
    },
};

} // namespace lab
