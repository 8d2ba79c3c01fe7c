// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/metrics_bar.h"
#include "sample_recording.h"

#include <QTest>

using namespace lab;
using namespace lab::test;

namespace {

/// A bar with the figures at the end of `sample`.
class ShownBar {
public:
    explicit ShownBar(const SampleRecording& sample, const QString& theme = {}) {
        m_playhead.show(sample.recording(), true);
        while (m_playhead.end() < m_playhead.recorded()) {
            m_playhead.frame(0.016, std::chrono::microseconds(2'000'000));
        }
        m_bar.resize(1280, 60);
        if (!theme.isEmpty()) {
            m_bar.setTheme(findTheme(theme));
        }
        m_bar.show();
        m_bar.frame(1'000);
        m_bar.grab();
    }

    const MetricsBar& operator*() const { return m_bar; }
    const MetricCell* find(const QString& title) const {
        const auto found = std::ranges::find(m_bar.cells(), title, &MetricCell::title);
        return found == m_bar.cells().end() ? nullptr : &*found;
    }

private:
    Playhead m_playhead;
    SharedSelection m_selection;
    MetricsBar m_bar{m_playhead, m_selection};
};

SampleRecording herd(int wakeUps, int forNothing) {
    RunInfo info;
    info.model = "reactor-independent";
    SampleRecording sample(info);
    sample.startThread(1, "loop-1");
    for (int count = 0; count < wakeUps; ++count) {
        sample.add(1, EventType::HandleReady, {.kind = static_cast<std::uint8_t>(Interest::Accept)});
        if (count < forNothing) {
            sample.add(1, EventType::AcceptWokenForNothing);
        }
    }
    return sample;
}

} // namespace

/// If these fail, somebody reads a figure below the stage that is not the recording's.
class MetricsBarTest : public QObject {
    Q_OBJECT

private slots:
    void tellsTheHerd();
    void tellsNoHerdWhereNobodyIsWoken();
    void theHerdHasRoomInEveryTheme();
};

void MetricsBarTest::tellsTheHerd() {
    const ShownBar many(herd(1'204, 903));
    QVERIFY(many.find(QStringLiteral("accept")) != nullptr);
    QCOMPARE(many.find(QStringLiteral("accept"))->value, QStringLiteral("1,204 wake-ups, 903 for nothing"));
    QVERIFY((*many).accessibleDescription().contains(QStringLiteral("accept: 1,204 wake-ups, 903 for nothing")));
    const ShownBar one(herd(1, 0));
    QCOMPARE(one.find(QStringLiteral("accept"))->value, QStringLiteral("1 wake-up, 0 for nothing"));
}

void MetricsBarTest::tellsNoHerdWhereNobodyIsWoken() {
    const ShownBar bar(threadPoolSample());
    QVERIFY(!(*bar).cells().empty());
    QVERIFY(bar.find(QStringLiteral("accept")) == nullptr);
}

void MetricsBarTest::theHerdHasRoomInEveryTheme() {
    for (const auto& theme : themes()) {
        const ShownBar bar(herd(81'204, 60'903), theme.id);
        QCOMPARE((*bar).places().size(), (*bar).cells().size());
        const auto& place = (*bar).places()[(*bar).cells().size() - 1];
        QCOMPARE((*bar).cells().back().title, QStringLiteral("accept"));
        QVERIFY2(!place.isEmpty() && place.right() <= 1280, qPrintable(theme.id));
        const QFontMetricsF metrics(theme.font(theme.smallSize, true));
        QVERIFY2(metrics.horizontalAdvance((*bar).cells().back().value) <= place.width(), qPrintable(theme.id));
    }
}

QTEST_MAIN(MetricsBarTest)
#include "tst_metrics_bar.moc"
