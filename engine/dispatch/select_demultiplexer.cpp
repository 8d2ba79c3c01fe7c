// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/demultiplexer.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <sys/select.h>

namespace lab {

namespace {

/// select(): the sets are copied in and out of the kernel, and looked through, at every call.
class SelectDemultiplexer final : public EventDemultiplexer {
public:
    SelectDemultiplexer() {
        FD_ZERO(&m_reading);
        FD_ZERO(&m_writing);
    }

    Result<void> takes(int handle) const override {
        if (handle < FD_SETSIZE) {
            return EventDemultiplexer::takes(handle);
        }
        return Error{"select() cannot watch descriptor " + std::to_string(handle) + ": it takes those below " +
                     std::to_string(FD_SETSIZE) + " only (FD_SETSIZE)"};
    }

    int add(int handle, void* key, Interest interest) override {
        if (!isPossible(handle)) {
            return handle < 0 ? EBADF : EMFILE;
        }
        m_highest = std::max(m_highest, handle);
        change(handle, key, interest);
        return 0;
    }

    void change(int handle, void* key, Interest interest) override {
        m_keys[static_cast<std::size_t>(handle)] = {key, interest};
        set(handle, m_reading, contains(interest, Interest::Read | Interest::Accept));
        set(handle, m_writing, contains(interest, Interest::Write));
    }

    void remove(int handle) override {
        if (!isPossible(handle)) {
            return; // was never taken
        }
        FD_CLR(handle, &m_reading);
        FD_CLR(handle, &m_writing);
        m_keys[static_cast<std::size_t>(handle)] = {};
        // The wake-up handle has no key, and must stay watched.
        while (m_highest >= 0 && m_keys[static_cast<std::size_t>(m_highest)].key == nullptr &&
               m_keys[static_cast<std::size_t>(m_highest)].interest == Interest::None) {
            --m_highest;
        }
    }

    void wait(int milliseconds, std::vector<ReadyHandle>& ready) override {
        ready.clear();
        fd_set reading = m_reading;
        fd_set writing = m_writing;
        timeval limit{.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};
        int left = ::select(m_highest + 1, &reading, &writing, nullptr, milliseconds < 0 ? nullptr : &limit);
        for (int handle = 0; handle <= m_highest && left > 0; ++handle) {
            const auto& [key, interest] = m_keys[static_cast<std::size_t>(handle)];
            auto found = Interest::None;
            if (FD_ISSET(handle, &reading)) {
                found = found | (interest == Interest::Accept ? Interest::Accept : Interest::Read);
                --left;
            }
            if (FD_ISSET(handle, &writing)) {
                found = found | Interest::Write;
                --left;
            }
            if (found != Interest::None) {
                ready.push_back({key, found});
            }
            if (found != Interest::None && m_once && key != nullptr) {
                FD_CLR(handle, &m_reading);
                FD_CLR(handle, &m_writing);
            }
        }
    }

    void reportOnce() override { m_once = true; }
    SystemCall call() const override { return SystemCall::Select; }

private:
    static bool isPossible(int handle) { return handle >= 0 && handle < FD_SETSIZE; }

    static void set(int handle, fd_set& handles, bool wanted) {
        if (wanted) {
            FD_SET(handle, &handles);
        } else {
            FD_CLR(handle, &handles);
        }
    }

    struct Watched {
        void* key = nullptr;
        Interest interest = Interest::None;
    };
    fd_set m_reading;
    fd_set m_writing;
    bool m_once = false;
    int m_highest = -1;
    std::array<Watched, FD_SETSIZE> m_keys{};
};

} // namespace

std::unique_ptr<EventDemultiplexer> makeSelectDemultiplexer() { return std::make_unique<SelectDemultiplexer>(); }

} // namespace lab
