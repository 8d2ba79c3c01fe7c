// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/challenge/challenge_search.h"

#include <utility>

namespace lab {

ChallengeSearch::~ChallengeSearch() {
    cancel();
    m_worker.finish();
}

void ChallengeSearch::start(const Challenge& challenge, Variant variant) {
    cancel();
    m_running = true;
    m_stop = {};
    // What comes of a job that was cancelled, or followed by another, is not for anybody.
    const auto tell = [this, job = m_job](auto what) {
        QMetaObject::invokeMethod(
            this,
            [this, job, what = std::move(what)] {
                if (job == m_job) {
                    what();
                }
            },
            Qt::QueuedConnection);
    };
    m_worker.post([this, tell, &challenge, variant, stop = m_stop.get_token()] {
        auto result = findShortest(challenge, variant, stop, [this, &tell](const SearchProgress& progress) {
            tell([this, progress] { emit progressed(progress); });
        });
        tell([this, result = std::move(result)] {
            m_running = false;
            emit found(result);
        });
    });
}

void ChallengeSearch::cancel() {
    ++m_job;
    m_stop.request_stop();
    m_running = false;
}

} // namespace lab
