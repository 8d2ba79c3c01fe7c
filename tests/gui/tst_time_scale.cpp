// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/time_scale.h"

#include <QTest>

#include <cmath>

using namespace lab;

/// Spans at the wrong place, zooming that runs away from the mouse, rulers with crooked or crowded numbers.
class TestTimeScale : public QObject {
    Q_OBJECT

private slots:
    void pixelsAndBack_data() {
        QTest::addColumn<double>("start");
        QTest::addColumn<double>("perPixel");
        QTest::addColumn<double>("left");
        QTest::newRow("a nanosecond a pixel") << 0.0 << 1.0 << 0.0;
        QTest::newRow("beside names") << 5e6 << 1000.0 << 120.0;
        QTest::newRow("an hour on") << 3.6e12 << 0.5 << 90.0;
    }
    void pixelsAndBack() {
        QFETCH(double, start);
        QFETCH(double, perPixel);
        QFETCH(double, left);
        const TimeScale scale{start, perPixel, left};
        QCOMPARE(scale.toPixel(start), left);
        for (const double pixel : {left, left + 1, left + 777.5}) {
            QVERIFY(std::abs(scale.toPixel(scale.toNanoseconds(pixel)) - pixel) < 1e-3);
        }
        QCOMPARE(scale.toNanoseconds(left + 10), start + 10 * perPixel);
    }

    void zoomingStaysUnderTheMouse() {
        TimeScale scale{1e6, 2000, 100};
        const double before = scale.toNanoseconds(640);
        for (const double factor : {1.2, 1.2, 0.5, 8.0}) {
            scale = scale.zoomed(factor, 640);
            QVERIFY(std::abs(scale.toNanoseconds(640) - before) < 1e-3);
        }
        QVERIFY(std::abs(scale.nanosecondsPerPixel - 2000 / (1.2 * 1.2 * 0.5 * 8)) < 1e-9);
        QCOMPARE(scale.left, 100.0);
    }

    void movedToAPixel() {
        const auto scale = TimeScale{0, 250, 90}.movedTo(42e6, 500);
        QVERIFY(std::abs(scale.toPixel(42e6) - 500) < 1e-9);
        QCOMPARE(scale.nanosecondsPerPixel, 250.0);
    }

    void ticksAreRoundAndApart_data() {
        QTest::addColumn<double>("perPixel");
        for (const double perPixel : {0.7, 3.0, 44.0, 999.0, 12345.0, 5e6}) {
            QTest::addRow("%g ns a pixel", perPixel) << perPixel;
        }
    }
    void ticksAreRoundAndApart() {
        QFETCH(double, perPixel);
        const TimeScale scale{123456789, perPixel, 100};
        const auto ticks = scale.ticks(1900, 90);
        QVERIFY(ticks.size() >= 3);
        const double step = ticks[1] - ticks[0];
        const double mantissa = step / std::pow(10, std::floor(std::log10(step) + 1e-9));
        QVERIFY(std::abs(mantissa - 1) < 1e-6 || std::abs(mantissa - 2) < 1e-6 || std::abs(mantissa - 5) < 1e-6);
        for (const double tick : ticks) {
            QVERIFY(scale.toPixel(tick) >= 100 - 1e-6 && scale.toPixel(tick) <= 1900 + 1e-6);
            QVERIFY(std::abs(std::remainder(tick, step)) < 1e-6 * step);
        }
        QVERIFY(step / perPixel >= 90 - 1e-6);
    }

    void noRoomNoTicks() {
        QVERIFY((TimeScale{0, 1, 100}.ticks(100, 90).empty()));
        QVERIFY((TimeScale{0, 1, 100}.ticks(900, 0).empty()));
    }
};

QTEST_APPLESS_MAIN(TestTimeScale)
#include "tst_time_scale.moc"
