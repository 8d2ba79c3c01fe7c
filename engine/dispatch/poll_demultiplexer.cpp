// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/demultiplexer.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <cerrno>
#include <poll.h>

namespace lab {

namespace {

/// poll(): no limit on handles, but the whole list goes into the kernel and is looked through at every call.
class PollDemultiplexer final : public EventDemultiplexer {
public:
    int add(int handle, void* key, Interest interest) override {
        if (handle < 0) {
            return EBADF; // poll() itself would leave it out without a word
        }
        m_places[handle] = m_handles.size();
        m_handles.push_back({handle, events(interest), 0});
        m_keys.push_back({key, interest});
        return 0;
    }

    void change(int handle, void* key, Interest interest) override {
        const auto place = m_places.at(handle);
        m_handles[place].fd = handle;
        m_handles[place].events = events(interest);
        m_keys[place] = {key, interest};
    }

    void remove(int handle) override {
        const auto found = m_places.find(handle);
        if (found == m_places.end()) {
            return;
        }
        // The last one takes the free place, so that the list stays without holes.
        const auto place = found->second;
        m_handles[place] = m_handles.back();
        m_keys[place] = m_keys.back();
        m_places[handleAt(place)] = place;
        m_handles.pop_back();
        m_keys.pop_back();
        m_places.erase(handle);
    }

    void wait(int milliseconds, std::vector<ReadyHandle>& ready) override {
        ready.clear();
        int left = ::poll(m_handles.data(), m_handles.size(), milliseconds);
        for (std::size_t place = 0; place < m_handles.size() && left > 0; ++place) {
            const auto happened = m_handles[place].revents;
            if (happened == 0) {
                continue;
            }
            --left;
            const auto& [key, interest] = m_keys[place];
            auto found = Interest::None;
            if ((happened & (POLLIN | POLLHUP | POLLERR)) != 0) {
                found = found | (interest == Interest::Accept ? Interest::Accept : Interest::Read);
            }
            if ((happened & (POLLOUT | POLLHUP | POLLERR)) != 0) {
                found = found | Interest::Write;
            }
            ready.push_back({key, found});
            if (m_once && key != nullptr) {
                m_handles[place].fd = ~m_handles[place].fd; // poll() leaves out what is negative
            }
        }
    }

    void reportOnce() override { m_once = true; }
    SystemCall call() const override { return SystemCall::Poll; }

private:
    int handleAt(std::size_t place) const {
        const int handle = m_handles[place].fd;
        return handle < 0 ? ~handle : handle;
    }

    static short events(Interest interest) {
        return static_cast<short>((contains(interest, Interest::Read | Interest::Accept) ? POLLIN : 0) |
                                  (contains(interest, Interest::Write) ? POLLOUT : 0));
    }

    struct Watched {
        void* key;
        Interest interest;
    };
    bool m_once = false;
    std::vector<pollfd> m_handles;
    std::vector<Watched> m_keys; ///< same places as m_handles
    boost::unordered_flat_map<int, std::size_t> m_places;
};

} // namespace

std::unique_ptr<EventDemultiplexer> makePollDemultiplexer() { return std::make_unique<PollDemultiplexer>(); }

} // namespace lab
