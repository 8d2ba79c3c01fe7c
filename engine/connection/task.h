// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <coroutine>
#include <exception>
#include <utility>

namespace lab {

/// A coroutine that another one waits for: begins when it is awaited, and goes back there with its value.
///
/// Threads: whichever resumes it, one at a time. Owner: the expression that awaits it. Nothing in it throws.
template <typename T>
class [[nodiscard]] Task {
public:
    struct promise_type {
        Task get_return_object() { return Task(Handle::from_promise(*this)); }
        std::suspend_always initial_suspend() noexcept { return {}; }
        auto final_suspend() noexcept { return GoBack{}; }
        void return_value(T result) { value = std::move(result); }
        void unhandled_exception() noexcept { std::terminate(); }

        T value{};
        std::coroutine_handle<> awaitedBy;
    };

    Task(Task&& other) noexcept
        : m_handle(std::exchange(other.m_handle, nullptr)) {}
    Task& operator=(Task&&) = delete;
    ~Task() {
        if (m_handle) {
            m_handle.destroy();
        }
    }

    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
        m_handle.promise().awaitedBy = awaiting;
        return m_handle;
    }
    T await_resume() { return std::move(m_handle.promise().value); }

private:
    using Handle = std::coroutine_handle<promise_type>;
    struct GoBack {
        bool await_ready() const noexcept { return false; }
        std::coroutine_handle<> await_suspend(Handle ended) noexcept { return ended.promise().awaitedBy; }
        void await_resume() const noexcept {}
    };
    explicit Task(Handle handle)
        : m_handle(handle) {}
    Handle m_handle;
};

} // namespace lab
