// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/followed_folder.h"

#include <ctime>
#include <utility>

namespace lab {

namespace {

constexpr std::int64_t betweenLooks = 900'000'000; // ns: a change is noticed within a second
constexpr std::size_t pathsNamed = 64;

std::int64_t coarseNow() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

} // namespace

FollowedFolder::FollowedFolder(Open open, Recording* recording, const Options& options, const std::string& mountedAt)
    : m_open(std::move(open))
    , m_recording(recording)
    , m_options(options)
    , m_mountedAt(mountedAt)
    , m_names(recording, pathsNamed) {
    refresh();
}

FollowedFolder::Present FollowedFolder::present() const {
    const std::lock_guard lock(m_mutex);
    return m_present;
}

int FollowedFolder::error() {
    lookIfDue();
    return present().error;
}

void FollowedFolder::refresh() {
    const std::lock_guard looking(m_looking);
    look();
}

/// Of several that ask at the same time one looks; the others take what is open.
void FollowedFolder::lookIfDue() {
    const auto now = coarseNow();
    auto due = m_due.load(std::memory_order_relaxed);
    if (now < due || !m_due.compare_exchange_strong(due, now + betweenLooks, std::memory_order_relaxed)) {
        return;
    }
    const std::unique_lock looking(m_looking, std::try_to_lock);
    if (looking) {
        look();
    }
}

void FollowedFolder::look() {
    m_due.store(coarseNow() + betweenLooks, std::memory_order_relaxed);
    auto opened = m_open();
    auto former = present();
    if (former.files && opened.isTrouble()) {
        return;
    }
    Present next{.files = nullptr, .error = opened.error};
    if (opened.error == 0) {
        next.device = opened.status.st_dev;
        next.number = opened.status.st_ino;
        if (former.files && former.device == next.device && former.number == next.number) {
            return;
        }
        next.files = CachedFilesystem::open(DocumentRoot(std::move(opened.descriptor)), m_mountedAt, m_recording,
                                            m_options, m_mountedAt)
                         .value();
    }
    const auto counts = former.files ? former.files->counts() : CacheCounts{};
    const std::lock_guard lock(m_mutex);
    m_former += counts;
    m_present = std::move(next); // the former one goes without the lock
}

FileLookup FollowedFolder::find(std::string_view path, std::uint32_t connection) {
    lookIfDue();
    const auto now = present();
    if (now.files) {
        return now.files->find(path, connection);
    }
    const auto found = isShortage(now.error) ? FileLookup::Found::Trouble : FileLookup::Found::Nothing;
    return {found, FileSource::NotFound, m_names.of(m_mountedAt + std::string(path)), nullptr};
}

CacheCounts FollowedFolder::counts() {
    const auto now = present();
    const auto counts = now.files ? now.files->counts() : CacheCounts{};
    const std::lock_guard lock(m_mutex);
    auto sum = m_former;
    sum += counts;
    return sum;
}

} // namespace lab
