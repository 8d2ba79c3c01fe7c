// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/first_difference.h"

#include <QTest>

namespace lab {

/// If these fail, two runs are called the same that are not, or the other way round.
class FirstDifferenceTest : public QObject {
    Q_OBJECT

private slots:
    void timesAndClientsDoNotCount();
    void threadsOfAPoolAreInterchangeable();
    void threadsKeepTheirPartners();
    void theFirstDifferenceIsTold();
    void oneThatEndsEarlierDiffers();
    void afterTheEndNothingCounts();
};

namespace {

/// A recording made by hand.
class Tale {
public:
    Tale& start(std::uint16_t actor, const char* name) {
        return add(EventType::ThreadStarted, actor, 0, 0, m_recording.intern(name));
    }
    Tale& add(EventType type, std::uint16_t actor, std::uint32_t connection = 0, std::uint32_t operation = 0,
              std::int64_t value = 0) {
        const Event event{.time = m_time += m_step,
                          .kindAndValue = Event::pack(0, value),
                          .connection = connection,
                          .operation = operation,
                          .typeAndSequence = static_cast<std::uint32_t>(type),
                          .actor = actor,
                          .site = 0};
        m_recording.append({&event, 1});
        return *this;
    }
    void setStep(std::uint64_t step) { m_step = step; }
    const Recording& recording() const { return m_recording; }

private:
    Recording m_recording{1'000};
    std::uint64_t m_time = 0;
    std::uint64_t m_step = 10;
};

using enum EventType;

} // namespace

void FirstDifferenceTest::timesAndClientsDoNotCount() {
    Tale a;
    Tale b;
    a.setStep(1'000);
    a.start(0, "clients").start(1, "event loop").add(ClientConnecting, 0, 1).add(HandleReady, 1, 0, 0, 7);
    b.start(3, "event loop").add(HandleReady, 3, 0, 0, 9).start(0, "sampler").add(ResourceSampled, 0);
    const auto compared = comparePatterns(a.recording(), b.recording());
    QVERIFY(compared.isSame());
    QCOMPARE(compared.same, std::size_t{2});
}

void FirstDifferenceTest::threadsOfAPoolAreInterchangeable() {
    Tale a;
    Tale b;
    a.start(1, "pool-1").start(2, "pool-2").add(CallEntered, 1).add(CallEntered, 2);
    b.start(1, "pool-2").start(2, "pool-1").add(CallEntered, 1).add(CallEntered, 2);
    QVERIFY(comparePatterns(a.recording(), b.recording()).isSame());
    Tale c;
    c.start(1, "processor").start(2, "pool-1").add(CallEntered, 1).add(CallEntered, 2);
    QCOMPARE(comparePatterns(a.recording(), c.recording()).same, std::size_t{0});
}

void FirstDifferenceTest::threadsKeepTheirPartners() {
    Tale a;
    Tale b;
    a.start(1, "pool-1").start(2, "pool-2").add(CallEntered, 1).add(CallLeft, 1);
    b.start(1, "pool-1").start(2, "pool-2").add(CallEntered, 1).add(CallLeft, 2);
    QCOMPARE(comparePatterns(a.recording(), b.recording()).same, std::size_t{3});
    // But an actor that is used again is another thread.
    Tale c;
    Tale d;
    c.start(1, "request-1").add(ThreadEnded, 1).start(1, "request-2").add(CallEntered, 1);
    d.start(1, "request-1").add(ThreadEnded, 1).start(2, "request-2").add(CallEntered, 2);
    QVERIFY(comparePatterns(c.recording(), d.recording()).isSame());
}

void FirstDifferenceTest::theFirstDifferenceIsTold() {
    Tale a;
    Tale b;
    a.start(1, "pool-1").add(CallEntered, 1, 4).add(CallLeft, 1, 4).add(RequestParsed, 1, 4);
    b.start(0, "clients").start(1, "pool-1").add(CallEntered, 1, 4).add(CallLeft, 1, 4).add(RequestParsed, 1, 5);
    const auto compared = comparePatterns(a.recording(), b.recording(), 2);
    QVERIFY(!compared.isSame());
    QCOMPARE(compared.same, std::size_t{3});
    QCOMPARE(*compared.inA, std::size_t{3});
    QCOMPARE(*compared.inB, std::size_t{4});
    QCOMPARE(compared.beforeA, (std::vector<std::size_t>{1, 2}));
    QCOMPARE(compared.beforeB, (std::vector<std::size_t>{2, 3}));
}

void FirstDifferenceTest::oneThatEndsEarlierDiffers() {
    Tale a;
    Tale b;
    a.start(1, "pool-1").add(CallEntered, 1);
    b.start(1, "pool-1").add(CallEntered, 1).add(CallLeft, 1);
    const auto compared = comparePatterns(a.recording(), b.recording());
    QVERIFY(!compared.inA);
    QCOMPARE(*compared.inB, std::size_t{2});
}

void FirstDifferenceTest::afterTheEndNothingCounts() {
    Tale a;
    Tale b;
    a.start(1, "pool-1").start(0, "main").add(DrainStarted, 0).add(CallEntered, 1);
    b.start(1, "pool-1").start(0, "main").add(DrainStarted, 0).add(HookLeft, 1);
    QVERIFY(comparePatterns(a.recording(), b.recording()).isSame());
}

} // namespace lab

QTEST_GUILESS_MAIN(lab::FirstDifferenceTest)
#include "tst_first_difference.moc"
