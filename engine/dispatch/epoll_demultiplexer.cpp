// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/file_descriptor.h"
#include "engine/dispatch/demultiplexer.h"

#include <array>
#include <cerrno>
#include <sys/epoll.h>

namespace lab {

namespace {

/// epoll: the kernel keeps the handle set, and a call costs by what is ready, not by what is watched.
/// Level-triggered, like the other two, so that the three differ in cost only.
class EpollDemultiplexer final : public EventDemultiplexer {
public:
    explicit EpollDemultiplexer(FileDescriptor epoll)
        : m_epoll(std::move(epoll)) {}

    int add(int handle, void* key, Interest interest) override {
        auto event = describe(key, interest);
        return ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, handle, &event) < 0 ? errno : 0;
    }

    void change(int handle, void* key, Interest interest) override {
        auto event = describe(key, interest);
        ::epoll_ctl(m_epoll.get(), EPOLL_CTL_MOD, handle, &event);
    }

    void remove(int handle) override { ::epoll_ctl(m_epoll.get(), EPOLL_CTL_DEL, handle, nullptr); }

    void wait(int milliseconds, std::vector<ReadyHandle>& ready) override {
        ready.clear();
        const int count = ::epoll_wait(m_epoll.get(), m_events.data(), static_cast<int>(m_events.size()), milliseconds);
        for (int index = 0; index < count; ++index) {
            const auto& event = m_events[static_cast<std::size_t>(index)];
            auto found = Interest::None;
            if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
                found = found | Interest::Read;
            }
            if ((event.events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) {
                found = found | Interest::Write;
            }
            ready.push_back({event.data.ptr, found});
        }
    }

    void reportOnce() override { m_once = EPOLLONESHOT; }
    bool changesWhileWaiting() const override { return true; }
    SystemCall call() const override { return SystemCall::Epoll; }

private:
    epoll_event describe(void* key, Interest interest) const {
        epoll_event event{};
        event.events = (contains(interest, Interest::Read | Interest::Accept) ? std::uint32_t{EPOLLIN} : 0U) |
                       (contains(interest, Interest::Write) ? std::uint32_t{EPOLLOUT} : 0U) |
                       (key != nullptr ? m_once : 0U);
        event.data.ptr = key;
        return event;
    }

    FileDescriptor m_epoll;
    std::uint32_t m_once = 0; ///< EPOLLONESHOT, or nothing
    std::array<epoll_event, 256> m_events;
};

} // namespace

Result<std::unique_ptr<EventDemultiplexer>> makeEpollDemultiplexer() {
    FileDescriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
    if (!epoll) {
        return Error::ofSystem("cannot make an epoll handle set", errno);
    }
    return std::unique_ptr<EventDemultiplexer>(std::make_unique<EpollDemultiplexer>(std::move(epoll)));
}

} // namespace lab
