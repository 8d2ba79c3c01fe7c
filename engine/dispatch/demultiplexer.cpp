// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/demultiplexer.h"

namespace lab {

Result<void> EventDemultiplexer::takes(int handle) const {
    return handle >= 0 ? Result<void>() : Error{"there is no descriptor to watch"};
}

Result<std::unique_ptr<EventDemultiplexer>> EventDemultiplexer::create(Demultiplexer kind) {
    switch (kind) {
    case Demultiplexer::Select: return makeSelectDemultiplexer();
    case Demultiplexer::Poll: return makePollDemultiplexer();
    case Demultiplexer::Epoll: break;
    }
    return makeEpollDemultiplexer();
}

} // namespace lab
