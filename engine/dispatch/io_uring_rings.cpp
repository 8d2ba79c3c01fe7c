// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/io_uring_rings.h"

#include <array>
#include <cerrno>
#include <fstream>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace lab {

namespace {

constexpr unsigned submissionEntries = 1024;
constexpr unsigned completionEntries = 16 * 1024; // beyond these the kernel keeps a list

/// Why io_uring_setup() failed with `errorNumber`, for a person.
std::string explain(int errorNumber) {
    switch (errorNumber) {
    case ENOSYS: return "this kernel has no io_uring";
    case EPERM:
    case EACCES: {
        int disabled = 0;
        if (std::ifstream("/proc/sys/kernel/io_uring_disabled") >> disabled && disabled != 0) {
            return "the kernel does not permit io_uring: kernel.io_uring_disabled is " + std::to_string(disabled);
        }
        return "the kernel does not permit io_uring: a seccomp filter, as containers have, or a security module "
               "forbids "
               "it";
    }
    case EOPNOTSUPP: return "this kernel's io_uring is too old; Linux 5.17 is needed";
    case ENOMEM: return "the kernel has no memory for the rings; the limit of locked memory (ulimit -l) may be too low";
    default: return Error::ofSystem("the kernel refuses io_uring", errorNumber).message;
    }
}

} // namespace

Result<std::unique_ptr<IoUringRings>> IoUringRings::create(std::function<void()> wake) {
    std::unique_ptr<IoUringRings> rings(new IoUringRings(std::move(wake)));
    if (const int error = rings->open(); error != 0) {
        rings->m_ring.ring_fd = -1;
        return Error{explain(error)};
    }
    return rings;
}

/// What newer kernels can do is tried first.
int IoUringRings::open() {
    constexpr unsigned oneThread = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_R_DISABLED;
    constexpr std::array<unsigned, 3> tries{oneThread | IORING_SETUP_SUBMIT_ALL,
                                            IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SUBMIT_ALL, 0};
    int error = 0;
    for (const auto flags : tries) {
        io_uring_params parameters{};
        parameters.flags = flags | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
        parameters.cq_entries = completionEntries;
        error = -::io_uring_queue_init_params(submissionEntries, &m_ring, &parameters);
        if (error == 0 && (parameters.features & IORING_FEAT_CQE_SKIP) == 0) {
            ::io_uring_queue_exit(&m_ring);
            return EOPNOTSUPP;
        }
        if (error != EINVAL) {
            m_enabled = (flags & IORING_SETUP_R_DISABLED) == 0;
            return error;
        }
    }
    return error;
}

IoUringRings::~IoUringRings() {
    if (m_ring.ring_fd >= 0) {
        ::io_uring_queue_exit(&m_ring);
    }
}

/// From now on the kernel takes submissions from this thread and no other.
void IoUringRings::becomePerformer() {
    if (m_performer.load(std::memory_order_relaxed) == std::thread::id()) {
        m_performer.store(std::this_thread::get_id(), std::memory_order_relaxed);
        if (!m_enabled) {
            // Not by liburing, whose shared library of version 2.3 lacks its own function for it.
            m_enabled = ::syscall(SYS_io_uring_register, m_ring.ring_fd, IORING_REGISTER_ENABLE_RINGS, nullptr, 0) == 0;
        }
        ::io_uring_register_ring_fd(&m_ring); // saves looking the descriptor up; no harm where it cannot be done
    }
}

void IoUringRings::queue(std::span<const io_uring_sqe> entries) {
    if (isPerformer()) {
        put(entries);
        return;
    }
    bool wakes = false;
    {
        const std::lock_guard lock(m_mutex);
        m_ofOthers.insert(m_ofOthers.end(), entries.begin(), entries.end());
        wakes = std::exchange(m_sleeps, false);
    }
    if (wakes) {
        m_wake();
    }
}

void IoUringRings::put(std::span<const io_uring_sqe> entries) {
    while (::io_uring_sq_space_left(&m_ring) < entries.size()) {
        ::io_uring_submit(&m_ring);
    }
    for (const auto& entry : entries) {
        *::io_uring_get_sqe(&m_ring) = entry;
    }
}

/// Puts what others have submitted into the ring.
void IoUringRings::takeOver(bool sleeps) {
    becomePerformer();
    const std::lock_guard lock(m_mutex);
    for (std::span<const io_uring_sqe> rest = m_ofOthers; !rest.empty();) {
        const auto next = rest.first((rest.front().flags & IOSQE_IO_LINK) != 0 ? 2 : 1); // linked ones side by side
        put(next);
        rest = rest.subspan(next.size());
    }
    m_ofOthers.clear();
    m_sleeps = sleeps;
}

void IoUringRings::enterAndWait(std::optional<std::chrono::milliseconds> limit) {
    takeOver(true);
    if (limit) {
        __kernel_timespec most{};
        most.tv_sec = limit->count() / 1000;
        most.tv_nsec = limit->count() % 1000 * 1'000'000;
        io_uring_cqe* first = nullptr;
        ::io_uring_submit_and_wait_timeout(&m_ring, &first, 1, &most, nullptr);
    } else {
        ::io_uring_submit_and_wait(&m_ring, 1);
    }
    const std::lock_guard lock(m_mutex);
    m_sleeps = false;
}

void IoUringRings::enter() {
    takeOver(false);
    ::io_uring_submit_and_get_events(&m_ring);
}

std::span<const IoUringRings::Completion> IoUringRings::reap() {
    m_found.clear();
    unsigned head = 0;
    io_uring_cqe* completion = nullptr;
    io_uring_for_each_cqe(&m_ring, head, completion) {
        m_found.push_back({static_cast<RingRequest*>(::io_uring_cqe_get_data(completion)), completion->res,
                           (completion->flags & IORING_CQE_F_MORE) != 0});
    }
    ::io_uring_cq_advance(&m_ring, static_cast<unsigned>(m_found.size()));
    return m_found;
}

std::string ioUringUnavailable() {
    const auto rings = IoUringRings::create({});
    return rings ? std::string() : rings.error().message;
}

} // namespace lab
