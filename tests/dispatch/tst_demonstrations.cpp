// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/demonstration/demonstration.h"

#include <QTest>

#include <csignal>
#include <sstream>
#include <string>

namespace {

std::string shown(std::string_view id) {
    std::ostringstream out;
    const auto* demonstration = lab::findDemonstration(id);
    const auto done = demonstration != nullptr ? demonstration->run(out) : lab::Error{"not there"};
    return done ? out.str() : "failed: " + done.error().message;
}

int times(const std::string& text, std::string_view part) {
    int count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) {
        ++count;
    }
    return count;
}

} // namespace

/// If these fail, a demonstration tells something that did not happen.
class TestDemonstrations : public QObject {
    Q_OBJECT

private slots:
    void signalsCompleteEachRead();
    void aQueuedCallWaitsForTheAlertableWait();
    void signalsAreGivenBack();
    void unknownOnesAreNotThere() { QVERIFY(lab::findDemonstration("completion-port") == nullptr); }
};

void TestDemonstrations::signalsCompleteEachRead() {
    const auto text = shown("signals");
    QVERIFY2(times(text, ": 4096 octets.") == 3, text.c_str());
    for (const auto* read : {"read 1:", "read 2:", "read 3:"}) {
        QVERIFY2(times(text, read) == 1, text.c_str());
    }
    QVERIFY2(times(text, "sent for asynchronous I/O") == 3, text.c_str());
}

void TestDemonstrations::aQueuedCallWaitsForTheAlertableWait() {
    const auto text = shown("apc");
    QVERIFY2(times(text, "has read 300 octets") == 1, text.c_str());
    QVERIFY2(times(text, "queued and not carried out") == 1, text.c_str());
    QVERIFY2(times(text, "the one that initiated the read") == 1, text.c_str());
}

void TestDemonstrations::signalsAreGivenBack() {
    for (const int offset : {4, 5, 6}) {
        struct sigaction action {};
        QCOMPARE(::sigaction(SIGRTMIN + offset, nullptr, &action), 0);
        QVERIFY((action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL);
    }
}

QTEST_GUILESS_MAIN(TestDemonstrations)
#include "tst_demonstrations.moc"
