// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/lane_index.h"
#include "gui/scene/lanes_painter.h"
#include "gui/scene/picture_export.h"
#include "tests/gui/sample_recording.h"

#include <QFile>
#include <QGuiApplication>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>

using namespace lab;
using namespace lab::test;

namespace {

struct Painted {
    LanesPainter painter;
    QImage image;
};

/// The whole recording across the picture.
void paint(Painted& painted, const LaneIndex& lanes, const Glossary& glossary, const QSize& size, const Theme& theme,
           Selection selection = {}) {
    painted.image = QImage(size, QImage::Format_RGB32);
    TimeScale scale;
    scale.left = LanesPainter::namesWidth(theme);
    scale.nanosecondsPerPixel = static_cast<double>(lanes.endTime()) / (size.width() - scale.left);
    const LanesInput input{lanes, glossary, scale, lanes.endTime(), lanes.next() - 1, selection, 0, {}};
    QPainter pencil(&painted.image);
    painted.painter.paint(pencil, QRectF(QPointF(), QSizeF(size)), input, theme);
}

/// A thread that runs for `busy` of every 1000 ns, for one second.
std::shared_ptr<Recording> halfBusy(std::uint64_t busy) {
    SampleRecording sample(RunInfo{});
    sample.startThread(1, "worker");
    for (int i = 0; i < 20000; ++i) {
        sample.add(1, EventType::CallEntered, {.kind = static_cast<std::uint8_t>(SystemCall::QueueWait)}, busy);
        sample.add(1, EventType::CallLeft, {.kind = static_cast<std::uint8_t>(SystemCall::QueueWait)}, 1000 - busy);
    }
    return sample.recording();
}

QByteArray contents(const QString& name) {
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/// Lanes that cannot be clicked, that lie when zoomed out, and exports that differ from run to run.
class TestLanesPainter : public QObject {
    Q_OBJECT

private slots:
    void theSameInputGivesTheSamePicture() {
        for (const auto& sample : {threadPoolSample(), reactorSample(), proactorSample()}) {
            LaneIndex lanes;
            lanes.follow(sample.recording()->view());
            const auto glossary = Glossary::of(*sample.recording());
            for (const auto& theme : themes()) {
                Painted one;
                Painted other;
                paint(other, lanes, glossary, {700, 200}, themes()[0]);
                paint(one, lanes, glossary, {1200, 300}, theme);
                paint(other, lanes, glossary, {1200, 300}, theme);
                QVERIFY(one.image == other.image);
                QVERIFY(one.painter.contentHeight() > 60);
            }
        }
    }

    void aSpanLeadsToItsEvent() {
        const auto sample = proactorSample();
        LaneIndex lanes;
        lanes.follow(sample.recording()->view());
        Painted painted;
        paint(painted, lanes, Glossary::of(*sample.recording()), {1600, 320}, themes()[0]);
        const auto view = sample.recording()->view();
        std::size_t threads = 0;
        std::size_t operations = 0;
        for (int y = 30; y < 320; y += 4) {
            for (int x = 150; x < 1590; x += 7) {
                const auto hit = painted.painter.at(QPointF(x, y));
                if (!hit) {
                    continue;
                }
                const auto& event = view[hit->event];
                if (hit->selection.kind == Selection::Kind::Operation) {
                    QCOMPARE(event.type(), EventType::OperationInitiated);
                    QCOMPARE(event.operation, hit->selection.id);
                    ++operations;
                } else {
                    QCOMPARE(static_cast<std::uint32_t>(event.actor), hit->selection.id);
                    ++threads;
                }
                QVERIFY(!painted.painter.toolTipAt(QPointF(x, y)).isEmpty());
            }
        }
        QVERIFY(threads > 50 && operations > 50);
    }

    void zoomedOutColumnsShowTheShareOfTime_data() {
        QTest::addColumn<int>("busy");
        for (const int busy : {100, 250, 500, 900}) {
            QTest::addRow("%d of 1000 ns", busy) << busy;
        }
    }
    void zoomedOutColumnsShowTheShareOfTime() {
        QFETCH(int, busy);
        const auto recording = halfBusy(static_cast<std::uint64_t>(busy));
        LaneIndex lanes;
        lanes.follow(recording->view());
        const auto& theme = themes()[0];
        Painted painted;
        paint(painted, lanes, Glossary::of(*recording), {900, 120}, theme);
        // In the middle of the lane, every column: how many pixels have the colour of running.
        const QRgb colour = theme.of(Work::None).rgb();
        double sum = 0;
        int columns = 0;
        int highest = 0;
        for (int x = 300; x < 800; ++x) {
            int pixels = 0;
            for (int y = 0; y < 120; ++y) {
                pixels += painted.image.pixel(x, y) == colour ? 1 : 0;
            }
            sum += pixels;
            highest = std::max(highest, pixels);
            ++columns;
        }
        const double lane = painted.painter.contentHeight() - QFontMetricsF(theme.font(theme.smallSize)).height() - 24;
        QVERIFY(highest > 0);
        const double share = sum / columns / lane;
        QVERIFY2(std::abs(share - busy / 1000.0) < 0.2, qPrintable(QString::number(share)));
    }

    void whatIsSelectedIsOutlined() {
        const auto sample = proactorSample();
        LaneIndex lanes;
        lanes.follow(sample.recording()->view());
        const auto glossary = Glossary::of(*sample.recording());
        Painted plain;
        Painted chosen;
        paint(plain, lanes, glossary, {1200, 300}, themes()[0]);
        paint(chosen, lanes, glossary, {1200, 300}, themes()[0], {Selection::Kind::Operation, 202});
        QVERIFY(plain.image != chosen.image);
    }

    void exportsAreTheSameEveryTime_data() {
        QTest::addColumn<QString>("format");
        QTest::addRow("svg") << QStringLiteral("svg");
        QTest::addRow("png") << QStringLiteral("png");
    }
    void exportsAreTheSameEveryTime() {
        QFETCH(QString, format);
        QTemporaryDir folder;
        const auto sample = proactorSample();
        const auto one = folder.filePath(QStringLiteral("one.") + format);
        const auto other = folder.filePath(QStringLiteral("other.") + format);
        for (const auto& name : {one, other}) {
            QVERIFY(
                exportPicture(sample.recording(), sample.size(), format, {1280, 900}, themes()[0], name).has_value());
        }
        QVERIFY(contents(one).size() > 4000);
        QCOMPARE(contents(one), contents(other));
        QVERIFY(exportPicture(sample.recording(), 12, format, {1280, 900}, themes()[0], other).has_value());
        QVERIFY(contents(one) != contents(other));
    }

    void whatCannotBeExportedIsSaid() {
        QTemporaryDir folder;
        const auto sample = reactorSample();
        const auto file = folder.filePath(QStringLiteral("picture"));
        const auto message = [&](std::size_t event, const char* format, const QSize& size, const QString& name) {
            const auto result =
                exportPicture(sample.recording(), event, QLatin1String(format), size, themes()[0], name);
            return result ? QString() : QString::fromStdString(result.error().message);
        };
        QVERIFY(message(5, "gif", {800, 600}, file).contains(QStringLiteral("gif")));
        QVERIFY(message(0, "png", {800, 600}, file).contains(QStringLiteral("event 0")));
        QVERIFY(message(99999, "png", {800, 600}, file).contains(QStringLiteral("99999")));
        QVERIFY(message(5, "png", {8, 6}, file).contains(QStringLiteral("8 by 6")));
        QVERIFY(message(5, "png", {800, 600}, folder.filePath(QStringLiteral("none/such")))
                    .contains(QStringLiteral("none/such")));
        QVERIFY(!QFile::exists(file));
    }
};

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QGuiApplication application(argc, argv);
    TestLanesPainter test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_lanes_painter.moc"
