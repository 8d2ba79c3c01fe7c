// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/protocol/pipeline.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lab {

/// One request's way through the pipeline that it began with.
///
/// Role: calls the hooks, in order, and records each call. Threads: one at a time, whichever serves the request.
/// Owner: the protocol handler, from the request's header to the end of its answer.
class PipelineRun {
public:
    /// `pipeline` is not null. `exchange.head` and `exchange.request` stay in place as long as this.
    PipelineRun(std::shared_ptr<const Pipeline> pipeline, const Exchange& exchange)
        : m_pipeline(std::move(pipeline))
        , m_exchange(exchange) {}
    /// An answer that was not sent whole is told as such.
    ~PipelineRun();
    PipelineRun(const PipelineRun&) = delete;
    PipelineRun& operator=(const PipelineRun&) = delete;

    /// The target was understood: whom it asks, and for what.
    void targetKnown(std::string_view host, std::string_view path);

    /// The status of the first refusal, whose fields are kept for the answer; 0: nobody refuses.
    unsigned authorize();
    void chooseFile(FileChoice& choice);
    /// The error's content and the refusal's fields, then the filters.
    void filter(ResponseDraft& draft);

    void begun(unsigned status, std::int64_t octets, std::int64_t contentOctets, bool whole);
    void finished(); ///< all was sent

private:
    template <typename Call>
    void ask(ServiceHook hook, Call call);
    void tell();

    const std::shared_ptr<const Pipeline> m_pipeline;
    Exchange m_exchange;
    std::string m_path;
    std::string m_host;
    std::vector<HeaderField> m_refusalFields;
    ExchangeOutcome m_outcome;
    bool m_isWhole = false; ///< once it will have been sent
    bool m_isTold = false;
};

} // namespace lab
