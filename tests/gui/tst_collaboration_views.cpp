// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/call_context.h"
#include "gui/theme/contrast.h"
#include "gui/view/collaboration_view.h"
#include "gui/view/queue_view.h"
#include "gui/view/source_view.h"
#include "gui/view/threads_view.h"
#include "tests/gui/real_recording.h"

#include <QApplication>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>

#include <algorithm>

using namespace lab;
using namespace lab::test;

namespace {

/// One playhead over a real recording, and a view of it that is shown.
template <typename View>
struct Shown {
    explicit Shown(std::string_view model, const QSize& size = {400, 640})
        : view(playhead, selection) {
        playhead.show(realRecording(model), false);
        while (playhead.end() < playhead.recorded()) {
            playhead.frame(0.016, std::chrono::seconds(1));
        }
        view.resize(size);
        view.show();
    }

    void seek(std::size_t position) {
        playhead.seek(position);
        view.frame(now += 1000);
        QCoreApplication::processEvents();
        view.grab(); // places are known once painted
    }

    const RecordingView& events() { return playhead.follower().view(); }

    /// One past the first event of this type in the second half of the recording.
    std::size_t after(EventType type) {
        auto index = events().end() / 2;
        while (events()[index].type() != type) {
            ++index;
        }
        return index + 1;
    }

    Playhead playhead;
    SharedSelection selection;
    View view;
    qint64 now = 0;
};

} // namespace

/// A view whose clicks go nowhere, or that does not follow the playhead back.
class TestCollaborationViews : public QObject {
    Q_OBJECT

private slots:
    void aClickOnAMessageGoesThere();
    void aClickOnAStepGoesThere();
    void stepsAreTheSameAfterGoingBack();
    void staysWithAConnection();
    void aClickOnTheWakerGoesThere_data() { addModelRows(); }
    void aClickOnTheWakerGoesThere();
    void sourceIsWhatWasCompiled_data() { addModelRows(); }
    void sourceIsWhatWasCompiled();
    void sourceTellsWhoCalled();
    void sourceColoursCanBeRead();
    void aFrameCostsLittle();
};

void TestCollaborationViews::aClickOnAMessageGoesThere() {
    Shown<CollaborationView> shown("proactor-pool");
    shown.seek(shown.after(EventType::ResponseSent));
    auto& diagram = shown.view.diagram();
    const auto& what = diagram.collaboration();
    QVERIFY(what.now.has_value() && *what.now > 3);
    const auto wanted = what.messages[*what.now - 2].event;
    for (int y = diagram.height() - 1; y > 0; --y) {
        const auto row = diagram.painter().rowAt(QPointF(100, y));
        if (row && what.messages[*row].event == wanted) {
            QTest::mouseClick(&diagram, Qt::LeftButton, {}, QPoint(100, y));
            break;
        }
    }
    QCOMPARE(shown.playhead.position(), wanted + 1);
}

void TestCollaborationViews::aClickOnAStepGoesThere() {
    Shown<CollaborationView> shown("proactor");
    shown.seek(shown.after(EventType::ResponseSent));
    auto& steps = shown.view.steps();
    QVERIFY(!steps.listing().sequences.empty());
    const auto sequence = steps.listing().sequences.front();
    QCOMPARE(std::string(sequence.sequence->id), std::string("proactor-get"));
    for (std::size_t step = sequence.events.size(); step-- > 0;) {
        const auto place = steps.stepPlace(0, step);
        if (place.height() > 8 && sequence.events[step] != RecognisedSequence::unseen) {
            QTest::mouseClick(&steps, Qt::LeftButton, {}, place.center().toPoint());
            QCOMPARE(shown.playhead.position(), sequence.events[step] + 1);
            return;
        }
    }
    QFAIL("no step is in sight");
}

void TestCollaborationViews::stepsAreTheSameAfterGoingBack() {
    Shown<CollaborationView> shown("thread-pool");
    const auto middle = shown.after(EventType::RequestParsed);
    shown.seek(middle);
    const auto first = shown.view.steps().listing();
    QVERIFY(!first.sequences.empty());
    shown.seek(shown.events().end());
    shown.seek(middle);
    const auto again = shown.view.steps().listing();
    QCOMPARE(again.sequences.size(), first.sequences.size());
    QVERIFY(again.sequences.front().events == first.sequences.front().events);
}

void TestCollaborationViews::staysWithAConnection() {
    Shown<CollaborationView> shown("proactor-pool");
    shown.seek(shown.after(EventType::RequestParsed));
    const auto connection = shown.view.diagram().collaboration().topic.connection;
    QVERIFY(connection != 0);
    auto* stay = shown.view.findChild<QToolButton*>(QStringLiteral("collaborationStay"));
    QTest::mouseClick(stay, Qt::LeftButton);
    QVERIFY((shown.selection.value() == Selection{Selection::Kind::Connection, connection}));
    shown.seek(shown.playhead.position() + 60);
    QCOMPARE(shown.view.diagram().collaboration().topic.connection, connection);
    QTest::mouseClick(stay, Qt::LeftButton);
    QVERIFY(shown.selection.value() == Selection{});
}

void TestCollaborationViews::aClickOnTheWakerGoesThere() {
    QFETCH(std::string, id);
    Shown<ThreadsView> shown(id);
    std::size_t clicked = 0;
    for (auto position = shown.events().end() / 3; position < shown.events().end() && clicked < 3; position += 7) {
        shown.seek(position);
        const auto rows = shown.view.listing().rows;
        for (const auto& row : rows) {
            const auto place = shown.view.wakerPlace(row.actor);
            if (row.waker && !place.isEmpty() && place.bottom() < shown.view.height()) {
                QTest::mouseClick(&shown.view, Qt::LeftButton, {}, place.center().toPoint());
                QCOMPARE(shown.playhead.position(), row.waker->event + 1);
                ++clicked;
                break;
            }
        }
    }
    QVERIFY(clicked > 0);
}

/// At every place that recorded anything: the program carries the file, and that line records.
void TestCollaborationViews::sourceIsWhatWasCompiled() {
    QFETCH(std::string, id);
    Shown<SourceView> shown(id);
    std::vector<bool> seen(1000, false);
    std::size_t places = 0;
    for (auto index = shown.events().first(); index < shown.events().end(); ++index) {
        const auto site = shown.events()[index].site;
        if (seen[site]) {
            continue;
        }
        seen[site] = true;
        ++places;
        shown.seek(index + 1);
        const auto& info = shown.playhead.follower().glossary().site(site);
        QCOMPARE(shown.view.shownFile(), QString::fromStdString(info.file));
        QCOMPARE(shown.view.shownLine(), static_cast<int>(info.line));
        QVERIFY2(shown.view.remark().isEmpty(), qPrintable(shown.view.shownFile() + shown.view.remark()));
        const auto lines = shown.view.shownText().split(QLatin1Char('\n'));
        const auto around = lines.mid(static_cast<qsizetype>(info.line) - 2, 2).join(QLatin1Char(' '));
        // Threads themselves and losses are recorded without LAB_MARK, by the trace.
        QVERIFY2(around.contains(QStringLiteral("LAB_MARK")) || around.contains(QStringLiteral("Site ")),
                 qPrintable(around));
    }
    QVERIFY(places > 10);
}

void TestCollaborationViews::sourceTellsWhoCalled() {
    Shown<SourceView> shown("proactor-pool");
    const auto position = shown.after(EventType::RequestParsed);
    shown.seek(position);
    const auto& event = shown.events()[position - 1];
    const auto parts = shown.view.context().split(QStringLiteral(" ← "));
    QVERIFY(parts.size() >= 3);
    QVERIFY(parts.contains(QStringLiteral("handle_read of #%1").arg(event.connection)));
    QVERIFY(parts.contains(QStringLiteral("Completion Dispatcher")));
    QCOMPARE(parts.last(), QString::fromStdString(shown.playhead.follower().nameOfThread(event.actor, position - 1)));
}

void TestCollaborationViews::sourceColoursCanBeRead() {
    Shown<SourceView> shown("proactor-pool");
    shown.seek(shown.after(EventType::RequestParsed));
    for (const auto& theme : themes()) {
        shown.view.setTheme(theme);
        QSet<QRgb> colours;
        const auto* document = shown.view.findChild<QPlainTextEdit*>()->document();
        for (auto block = document->begin(); block != document->end(); block = block.next()) {
            for (const auto& range : block.layout()->formats()) {
                const auto colour = range.format.foreground().color();
                colours.insert(colour.rgb());
                QVERIFY2(contrast(colour, theme.panel) >= 4.5, qPrintable(theme.id));
                QVERIFY2(contrast(colour, theme.window) >= 4.5, qPrintable(theme.id));
            }
        }
        QVERIFY(colours.size() >= 4); // comments, keywords, types, texts
    }
}

/// The views look at what concerns them, not at the whole recording: a frame is a small part of a sixtieth.
void TestCollaborationViews::aFrameCostsLittle() {
    Shown<CollaborationView> shown("reactor");
    const auto& follower = shown.playhead.follower();
    for (auto position = shown.events().end() / 2; position < shown.events().end(); position += 41) {
        shown.playhead.seek(position);
        const auto& state = shown.playhead.state();
        for (const auto scope : {Scope::Request, Scope::Connection, Scope::Everything}) {
            QVERIFY(collaborationAt(follower, state, {}, scope).messages.size() <= 301);
        }
        QVERIFY(eventsForSteps(follower, state, topicAt(follower, state, {})).size() < 2'000);
    }
}

QTEST_MAIN(TestCollaborationViews)
#include "tst_collaboration_views.moc"
