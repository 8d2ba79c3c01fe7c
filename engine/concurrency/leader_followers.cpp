// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/leader_followers.h"

#include "engine/concurrency/event_loops.h"
#include "engine/concurrency/model_list.h"
#include "engine/connection/http_acceptor.h"
#include "engine/server/server_context.h"

#include <fcntl.h>
#include <memory>

namespace lab {

namespace {

/// Threads take turns at one handle set: no request changes threads, and no thread but the leader waits at handles.
class LeaderFollowersModel final : public ConcurrencyModel {
public:
    explicit LeaderFollowersModel(ServerContext& context)
        : m_context(context) {}

    Result<void> start() override {
        auto demultiplexer = makeDemultiplexer(m_context, m_context.listeningSocket);
        if (!demultiplexer) {
            return demultiplexer.error();
        }
        auto dispatcher = LeaderFollowers::create(m_context, std::move(*demultiplexer));
        if (!dispatcher) {
            return dispatcher.error();
        }
        ::fcntl(m_context.listeningSocket, F_SETFL, O_NONBLOCK);
        m_dispatcher = std::move(*dispatcher);
        return startThreads(m_context, "pool", [this](std::size_t index) {
            if (index == 0) {
                m_dispatcher->registerHandler(std::make_unique<HttpAcceptor>(m_context, *m_dispatcher),
                                              Interest::Accept);
            }
            m_dispatcher->work();
        });
    }

    void wake() override {
        if (m_dispatcher) {
            m_dispatcher->wake();
        }
    }

private:
    ServerContext& m_context;
    std::unique_ptr<LeaderFollowers> m_dispatcher;
};

} // namespace

const ModelDescription leaderFollowersModel{
    .id = "leader-followers",
    .family = Family::Reactive,
    .title = "Leader/Followers",
    .threads = "a pool that takes turns at one handle set",
    .source = "beyond the source documents (Schmidt and others, Leader/Followers)",
    .summary = "The leader waits for all handles; when one is ready it promotes a follower, and serves that handle "
               "itself.",
    .options = {"threads", "demultiplexer", "transfer", "massive-accept"},
    .steps = {"leader-followers"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<LeaderFollowersModel>(context);
    },
};

} // namespace lab
