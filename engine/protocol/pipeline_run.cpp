// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/protocol/pipeline_run.h"

#include "engine/trace/trace.h"

namespace lab {

namespace {

constexpr unsigned firstErrorStatus = 400;

/// "example.org:8080" without its port; an address in brackets keeps them.
std::string_view hostWithoutPort(std::string_view authority) {
    const auto behindAddress = authority.starts_with('[') ? authority.find(']') : 0;
    return authority.substr(0, authority.find(':', behindAddress == std::string_view::npos ? 0 : behindAddress));
}

} // namespace

PipelineRun::~PipelineRun() { tell(); }

void PipelineRun::targetKnown(std::string_view host, std::string_view path) {
    m_host = hostWithoutPort(host);
    m_path = path;
    m_exchange.host = m_host;
    m_exchange.path = m_path;
}

/// `call` returns true when it wants no more to be asked.
template <typename Call>
void PipelineRun::ask(ServiceHook hook, Call call) {
    for (const auto& stage : m_pipeline->at(hook)) {
        LAB_MARK(ServiceEntered, HttpHandler, "service hook", .connection = m_exchange.connection, .kind = hook,
                 .value = stage.name);
        const bool isEnough = call(*stage.service);
        LAB_MARK(ServiceLeft, HttpHandler, "service hook", .connection = m_exchange.connection, .kind = hook,
                 .value = stage.name);
        if (isEnough) {
            return;
        }
    }
}

unsigned PipelineRun::authorize() {
    unsigned status = 0;
    ask(ServiceHook::Authorize, [&](Service& service) {
        if (auto refusal = service.authorize(m_exchange)) {
            status = refusal->status;
            m_refusalFields = std::move(refusal->fields);
        }
        return status != 0;
    });
    return status;
}

void PipelineRun::chooseFile(FileChoice& choice) {
    ask(ServiceHook::ChooseFile, [&](Service& service) {
        service.chooseFile(m_exchange, choice);
        return choice.status != 0;
    });
}

void PipelineRun::filter(ResponseDraft& draft) {
    if (draft.status >= firstErrorStatus) {
        ask(ServiceHook::ErrorContent, [&](Service& service) {
            auto content = service.errorContent(m_exchange, draft.status);
            if (content) {
                draft.content = std::move(content->octets);
                draft.fields.set("Content-Type", content->type);
            }
            return content.has_value();
        });
    }
    for (const auto& [name, value] : m_refusalFields) {
        draft.fields.add(name, value);
    }
    ask(ServiceHook::FilterAnswer, [&](Service& service) {
        service.filterAnswer(m_exchange, draft);
        return draft.ending == ResponseDraft::Ending::Nothing;
    });
}

void PipelineRun::begun(unsigned status, std::int64_t octets, std::int64_t contentOctets, bool whole) {
    m_outcome = {.status = status, .octets = octets, .contentOctets = contentOctets};
    m_isWhole = whole;
}

void PipelineRun::finished() {
    m_outcome.whole = m_isWhole;
    tell();
}

void PipelineRun::tell() {
    if (!m_isTold) {
        m_isTold = true;
        ask(ServiceHook::Finished, [&](Service& service) {
            service.finished(m_exchange, m_outcome);
            return false;
        });
    }
}

} // namespace lab
