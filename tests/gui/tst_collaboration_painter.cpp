// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/collaboration_painter.h"
#include "gui/scene/picture_export.h"
#include "tests/gui/real_recording.h"

#include <QFile>
#include <QGuiApplication>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace lab;
using namespace lab::test;

namespace {

struct Painted {
    Collaboration what;
    CollaborationLayout layout;
    CollaborationPainter painter;
    QImage image;
    double scroll = 0;
};

Painted paint(RecordingFollower& follower, std::size_t position, Scope scope, const QSize& size, const Theme& theme) {
    Painted painted;
    const auto state = follower.at(position);
    painted.what = collaborationAt(follower, state, {}, scope);
    painted.layout = layOut(QRectF(QPointF(), QSizeF(size)), painted.what, follower.glossary().info, theme);
    const auto rows = painted.what.messages.size();
    painted.scroll = painted.layout.scrollTo(painted.what.now.value_or(rows - 1), rows);
    painted.image = QImage(size, QImage::Format_RGB32);
    painted.image.fill(Qt::magenta);
    QPainter pencil(&painted.image);
    painted.painter.paint(pencil, painted.layout, painted.what, theme, painted.scroll);
    return painted;
}

/// The event after which a request is answered, in the middle of the recording.
std::size_t answered(const RecordingView& view) {
    auto index = view.end() / 2;
    while (view[index].type() != EventType::ResponseSent) {
        ++index;
    }
    return index + 1;
}

} // namespace

/// A diagram that cannot be read, or that shows another event than the one at the playhead.
class TestCollaborationPainter : public QObject {
    Q_OBJECT

private slots:
    void namesAreWholeAndNothingOverlaps_data();
    void namesAreWholeAndNothingOverlaps();
    void theCurrentMessageIsBrightAndInSight_data() { addModelRows(); }
    void theCurrentMessageIsBrightAndInSight();
    void aClickFindsItsMessage();
    void onlyRowsInSightArePainted();
    void exportsAsSvgAndPng_data();
    void exportsAsSvgAndPng();
    void exportSaysWhatIsWrong();
};

void TestCollaborationPainter::namesAreWholeAndNothingOverlaps_data() {
    QTest::addColumn<std::string>("id");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<QString>("theme");
    for (const char* id : {"thread-pool", "thread-per-request", "reactor", "proactor", "proactor-pool"}) {
        for (const auto& theme : themes()) {
            // Beside the stage at 1280 by 720, and at 1920 by 1080: large type takes more room there.
            for (const auto& size : {QSize(theme.typeSize > 18 ? 620 : 370, 380), QSize(760, 800)}) {
                QTest::addRow("%s, %s, %d", id, qPrintable(theme.id), size.width())
                    << std::string(id) << size << theme.id;
            }
        }
    }
}

void TestCollaborationPainter::namesAreWholeAndNothingOverlaps() {
    QFETCH(std::string, id);
    QFETCH(QSize, size);
    QFETCH(QString, theme);
    const auto follower = followed(realRecording(id));
    const auto middle = answered(follower->view());
    for (const auto position : {middle, middle - 9}) {
        const auto painted = paint(*follower, position, Scope::Request, size, findTheme(theme));
        QVERIFY(painted.painter.words().size() > 8);
        for (const auto& lifeline : painted.layout.lifelines) {
            QVERIFY(QRectF(QPointF(), QSizeF(size)).contains(lifeline.box));
            for (const auto& other : painted.layout.lifelines) {
                QVERIFY2(&other == &lifeline || !other.box.intersects(lifeline.box),
                         qPrintable(lifeline.lines.join(QLatin1Char(' '))));
            }
        }
        const auto& words = painted.painter.words();
        for (std::size_t i = 0; i < words.size(); ++i) {
            QVERIFY2(!words[i].cut, qPrintable(words[i].text));
            for (std::size_t k = 0; k < i; ++k) {
                // Rows may slide under the names; there the names win.
                const bool names = words[i].place.top() < painted.layout.rows.top() ||
                                   words[k].place.top() < painted.layout.rows.top();
                QVERIFY2(names ||
                             !words[i].place.adjusted(1, 2, -1, -2).intersects(words[k].place.adjusted(1, 2, -1, -2)),
                         qPrintable(words[i].text + QStringLiteral(" over ") + words[k].text));
            }
        }
    }
}

void TestCollaborationPainter::theCurrentMessageIsBrightAndInSight() {
    QFETCH(std::string, id);
    const auto follower = followed(realRecording(id));
    const auto& theme = themes()[0];
    const auto position = answered(follower->view());
    const auto painted = paint(*follower, position, Scope::Connection, {420, 400}, theme);
    QVERIFY(painted.what.now.has_value());
    QCOMPARE(painted.what.messages[*painted.what.now].event, position - 1);
    const double top = painted.layout.topOf(*painted.what.now, painted.scroll);
    QVERIFY(painted.layout.rows.contains(QPointF(10, top + painted.layout.rowHeight / 2)));
    QCOMPARE(painted.image.pixelColor(1, static_cast<int>(top + painted.layout.rowHeight / 2)), theme.now);
    if (painted.what.hasNext) {
        const auto& words = painted.painter.words();
        QVERIFY(std::ranges::any_of(words, [](const StageWord& one) { return one.text == QStringLiteral("next"); }));
    }
}

void TestCollaborationPainter::aClickFindsItsMessage() {
    const auto follower = followed(realRecording("proactor-pool"));
    const auto painted = paint(*follower, answered(follower->view()), Scope::Request, {420, 500}, themes()[0]);
    for (std::size_t row = 0; row < painted.what.messages.size(); ++row) {
        const double middle = painted.layout.topOf(row, painted.scroll) + painted.layout.rowHeight / 2;
        if (painted.layout.rows.contains(QPointF(100, middle))) {
            QVERIFY(painted.painter.rowAt({100, middle}) == row);
        }
    }
    QVERIFY(!painted.painter.rowAt({100, 5}).has_value()); // the names are no messages
}

void TestCollaborationPainter::onlyRowsInSightArePainted() {
    const auto follower = followed(realRecording("reactor"));
    const auto painted = paint(*follower, follower->view().end() - 40, Scope::Everything, {420, 400}, themes()[0]);
    QVERIFY(painted.what.messages.size() > 200);
    QVERIFY(painted.painter.words().size() < 120);
}

void TestCollaborationPainter::exportsAsSvgAndPng_data() {
    QTest::addColumn<QString>("format");
    QTest::newRow("svg") << QStringLiteral("svg");
    QTest::newRow("png") << QStringLiteral("png");
}

void TestCollaborationPainter::exportsAsSvgAndPng() {
    QFETCH(QString, format);
    QTemporaryDir folder;
    const auto recording = realRecording("proactor");
    const auto position = answered(recording->view());
    QByteArray first;
    for (const char* name : {"one", "two"}) {
        const auto file = folder.filePath(QString::fromLatin1(name));
        QVERIFY(exportCollaboration(recording, position, format, {1000, 700}, themes()[0], file));
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const auto octets = written.readAll();
        QVERIFY(octets.size() > 5000);
        QVERIFY(first.isEmpty() || first == octets); // the same recording gives the same picture
        first = octets;
    }
    if (format == QLatin1String("png")) {
        QCOMPARE(QImage::fromData(first).size(), QSize(1000, 700));
    } else {
        QVERIFY(first.contains("Completion Dispatcher") && first.contains("handle_write"));
    }
}

void TestCollaborationPainter::exportSaysWhatIsWrong() {
    QTemporaryDir folder;
    const auto recording = realRecording("proactor");
    const auto message = [&](std::size_t at, const char* format, const QString& file) {
        const auto done =
            exportCollaboration(recording, at, QString::fromLatin1(format), {800, 600}, themes()[0], file);
        return done ? QString() : QString::fromStdString(done.error().message);
    };
    const auto file = folder.filePath(QStringLiteral("x"));
    QVERIFY(message(5, "gif", file).contains(QStringLiteral("gif")));
    QVERIFY(message(99'999'999, "png", file).contains(QStringLiteral("99999999")));
    QVERIFY(message(5, "png", folder.filePath(QStringLiteral("none/such"))).contains(QStringLiteral("none/such")));
}

QTEST_MAIN(TestCollaborationPainter)
#include "tst_collaboration_painter.moc"
