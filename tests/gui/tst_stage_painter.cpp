// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/stage_painter.h"
#include "gui/scene/stage_slots.h"
#include "tests/gui/real_recording.h"
#include "tests/gui/sample_recording.h"

#include <QGuiApplication>
#include <QImage>
#include <QTest>

#include <algorithm>
#include <functional>
#include <map>

using namespace lab;
using namespace lab::test;

namespace {

using Make = std::function<SampleRecording()>;

const std::map<QString, Make>& samples() {
    static const std::map<QString, Make> all{
        {QStringLiteral("thread-pool"), [] { return threadPoolSample(); }},
        {QStringLiteral("reactor"), [] { return reactorSample(); }},
        {QStringLiteral("proactor-pool"), [] { return proactorSample(); }},
        {QStringLiteral("adaptive"), [] { return adaptiveSample(); }},
        {QStringLiteral("thread-per-request, 64"), [] { return threadPerRequestCrowd(64); }},
        {QStringLiteral("reactor, 64"), [] { return reactorCrowd(64); }},
        {QStringLiteral("proactor, 64"), [] { return proactorCrowd(64); }},
        {QStringLiteral("thread-per-request, 10,000"), [] { return threadPerRequestCrowd(10000); }},
        {QStringLiteral("reactor, 10,000"), [] { return reactorCrowd(10000); }},
        {QStringLiteral("proactor, 10,000"), [] { return proactorCrowd(10000); }}};
    return all;
}

struct Painted {
    StagePainter painter;
    QImage image;
};

void paint(Painted& painted, const LabState& state, const Glossary& glossary, const QSize& size, const Theme& theme,
           bool flows = false, Selection selection = {}) {
    painted.image = QImage(size, QImage::Format_RGB32);
    painted.image.fill(Qt::magenta);
    StageInput input{state, glossary, selection, {}, flows, true, true, "The dispatcher calls a hook."};
    input.rates = {64000, 6400, 6400, 6400, 12800, 19200, 6400};
    QPainter pencil(&painted.image);
    painted.painter.paint(pencil, QRectF(QPointF(), QSizeF(size)), input, theme);
}

const StageWord* find(const Painted& painted, const QString& words) {
    const auto all = painted.painter.words();
    const auto found = std::find_if(all.begin(), all.end(), [&](const StageWord& word) { return word.text == words; });
    return found == all.end() ? nullptr : &*found;
}

bool says(const Painted& painted, const QString& words) {
    const auto all = painted.painter.words();
    return std::any_of(all.begin(), all.end(), [&](const StageWord& word) { return word.text.contains(words); });
}

/// What is cut off or lies over something else; empty when all can be read. `shortened`: words may end in "…".
QString faultOf(const Painted& painted, bool shortened = false) {
    const auto words = painted.painter.words();
    const QRectF area = QRectF(painted.image.rect()).adjusted(-1, -1, 1, 1);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if ((words[i].cut && !shortened) || !area.contains(words[i].place)) {
            return words[i].text + QStringLiteral(" is cut off");
        }
        // The lines' leading is no ink.
        const auto ink = words[i].place.adjusted(1, 2, -1, -2);
        for (std::size_t k = 0; k < i; ++k) {
            if (ink.intersects(words[k].place.adjusted(1, 2, -1, -2))) {
                return words[i].text + QStringLiteral(" over ") + words[k].text;
            }
        }
    }
    return {};
}

} // namespace

/// A stage that cannot be read, that lies, or that differs from look to look.
class TestStagePainter : public QObject {
    Q_OBJECT

private slots:
    void nothingOverlapsOrIsCutOff_data() {
        QTest::addColumn<QString>("sample");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<QString>("theme");
        QTest::addColumn<bool>("flows");
        for (const auto& [name, make] : samples()) {
            for (const auto& size : {QSize(1280, 720), QSize(1920, 1080)}) {
                for (const auto& theme : themes()) {
                    for (const bool flows : {false, true}) {
                        QTest::addRow("%s, %d, %s%s", qPrintable(name), size.width(), qPrintable(theme.id),
                                      flows ? ", flows" : "")
                            << name << size << theme.id << flows;
                    }
                }
            }
            QTest::addRow("%s, in a window", qPrintable(name))
                << name << QSize(890, 480) << QStringLiteral("light") << false;
        }
    }
    void nothingOverlapsOrIsCutOff() {
        QFETCH(QString, sample);
        QFETCH(QSize, size);
        QFETCH(QString, theme);
        QFETCH(bool, flows);
        const auto recording = samples().at(sample)();
        const auto state = recording.state();
        Painted painted;
        paint(painted, state, Glossary::of(*recording.recording()), size, findTheme(theme), flows);
        QVERIFY(painted.painter.words().size() > 8);
        const auto fault = faultOf(painted);
        QVERIFY2(fault.isEmpty(), qPrintable(fault));
    }

    /// Who stands where differs from model to model, and from event to event.
    void nothingOverlapsInAnyModel_data() { addModelRows(); }
    void nothingOverlapsInAnyModel() {
        QFETCH(std::string, id);
        const auto follower = followed(realRecording(id));
        const auto end = follower->view().end();
        const std::size_t step = std::max<std::size_t>(1, end / 25);
        for (const auto* theme : {"light", "projector-light"}) {
            for (const auto size : {QSize(1280, 720), QSize(1920, 1080)}) {
                for (auto index = follower->view().first() + 20; index < end; index += step) {
                    Painted painted;
                    paint(painted, follower->at(index), follower->glossary(), size,
                          findTheme(QString::fromLatin1(theme)));
                    const auto fault = faultOf(painted, true);
                    QVERIFY2(fault.isEmpty(), qPrintable(QStringLiteral("%1, %2x%3, event %4: %5")
                                                             .arg(QString::fromLatin1(theme))
                                                             .arg(size.width())
                                                             .arg(size.height())
                                                             .arg(index)
                                                             .arg(fault)));
                }
            }
        }
    }

    void theSameInputGivesTheSamePicture() {
        for (const auto& [name, make] : samples()) {
            const auto recording = make();
            const auto state = recording.state();
            const auto glossary = Glossary::of(*recording.recording());
            Painted fresh;
            paint(fresh, state, glossary, {1280, 720}, themes()[0]);
            Painted used;
            paint(used, recording.stateAt(recording.size() / 2), glossary, {900, 500}, themes()[1]);
            paint(used, state, glossary, {1280, 720}, themes()[0]);
            QVERIFY2(fresh.image == used.image, qPrintable(name));
        }
    }

    void eachFamilySaysWhatItIs() {
        Painted painted;
        const auto reactor = reactorSample();
        paint(painted, reactor.state(), Glossary::of(*reactor.recording()), {1280, 720}, themes()[0]);
        for (const auto* words :
             {"Initiation Dispatcher", "handle set of 6", "Acceptor", "handle_input", "event loop"}) {
            QVERIFY2(says(painted, QLatin1String(words)), words);
        }
        const auto proactor = proactorSample();
        paint(painted, proactor.state(), Glossary::of(*proactor.recording()), {1280, 720}, themes()[0]);
        for (const auto* words :
             {"Completion Dispatcher", "Asynchronous Operation Processor", "emulated: epoll beneath",
              "completion queue", "high-water 3", "read #9", "waits at queue"}) {
            QVERIFY2(says(painted, QLatin1String(words)), words);
        }
        const auto pool = threadPoolSample();
        paint(painted, pool.state(), Glossary::of(*pool.recording()), {1280, 720}, themes()[0]);
        for (const auto* words : {"pool-5", "read #9", "write #10", "outside", "backlog"}) {
            QVERIFY2(says(painted, QLatin1String(words)), words);
        }
    }

    void flowsAreSaidInWords() {
        const auto reactor = reactorCrowd(64);
        Painted painted;
        paint(painted, reactor.state(), Glossary::of(*reactor.recording()), {1280, 720}, themes()[0], true);
        QVERIFY(says(painted, QStringLiteral("flows: 64,000 events a second")));
        QVERIFY(says(painted, QStringLiteral("6,400 reads/s")));
        paint(painted, reactor.state(), Glossary::of(*reactor.recording()), {1280, 720}, themes()[0], false);
        QVERIFY(!says(painted, QStringLiteral("flows")));
    }

    void aConnectionKeepsItsColumn() {
        auto sample = reactorSample();
        const auto glossary = Glossary::of(*sample.recording());
        Painted before;
        paint(before, sample.state(), glossary, {1600, 560}, themes()[0]);
        sample.add(1, EventType::ConnectionClosed, {.connection = 10});
        Painted after;
        paint(after, sample.state(), glossary, {1600, 560}, themes()[0]);
        QVERIFY(find(before, QStringLiteral("Handler #10")) && !find(after, QStringLiteral("Handler #10")));
        for (const auto* name : {"Handler #9", "Handler #11", "Handler #12", "Handler #13"}) {
            const auto* was = find(before, QLatin1String(name));
            const auto* is = find(after, QLatin1String(name));
            QVERIFY2(was && is, name);
            QCOMPARE(is->place.left(), was->place.left());
        }
    }

    void whatIsClickedIsWhatIsThere() {
        const auto sample = proactorSample();
        Painted painted;
        const auto state = sample.state();
        paint(painted, state, Glossary::of(*sample.recording()), {1280, 720}, themes()[0]);
        const auto at = [&](const QString& words) { return painted.painter.at(find(painted, words)->place.center()); };
        QCOMPARE(at(QStringLiteral("Handler #12")), std::optional(Selection{Selection::Kind::Connection, 12}));
        QCOMPARE(at(QStringLiteral("read #12")), std::optional(Selection{Selection::Kind::Operation, 205}));
        QCOMPARE(at(QStringLiteral("dispatcher-2")), std::optional(Selection{Selection::Kind::Thread, 2}));
        QVERIFY(painted.painter.toolTipAt(find(painted, QStringLiteral("transmit #8"))->place.center())
                    .contains(QStringLiteral("in the kernel")));
        QVERIFY(!painted.painter.at(QPointF(640, 3)));
    }

    /// An answer whose turn has not come is not shown as being sent.
    void whatWaitsForItsTurnSaysSo() {
        auto sample = proactorSample();
        const auto glossary = Glossary::of(*sample.recording());
        Painted sent;
        const auto before = sample.state();
        paint(sent, before, glossary, {1280, 720}, themes()[0]);
        const auto* token = find(sent, QStringLiteral("transmit #8"));
        QVERIFY(token != nullptr && !says(sent, QStringLiteral("transmit queue")));
        const auto operation = sent.painter.at(token->place.center()).value().id;
        sample.add(
            1, EventType::QueuePushed,
            {.connection = 8, .operation = operation, .kind = static_cast<std::uint8_t>(Queue::Transmit), .value = 1});
        Painted waits;
        const auto state = sample.state();
        paint(waits, state, glossary, {1280, 720}, themes()[0]);
        QVERIFY(says(waits, QStringLiteral("transmit queue 1")) && !find(waits, QStringLiteral("transmit #8")));
        const auto* waiting = find(waits, QStringLiteral("#8 waits"));
        QVERIFY(waiting != nullptr);
        QCOMPARE(waits.painter.at(waiting->place.center()),
                 std::optional(Selection{Selection::Kind::Operation, operation}));
        QCOMPARE(faultOf(waits), QString());
    }

    /// What a thread performs in the processor's stead is not shown as being in the kernel, and those threads do not
    /// wait for completions.
    void whatThePoolPerformsSaysWho() {
        auto sample = adaptiveSample();
        const auto glossary = Glossary::of(*sample.recording());
        Painted painted;
        const auto state = sample.state();
        paint(painted, state, glossary, {1920, 1080}, themes()[0]);
        const auto tip = [&](const QString& words) {
            const auto* word = find(painted, words);
            return word ? painted.painter.toolTipAt(word->place.center()) : QString();
        };
        QVERIFY(!find(painted, QStringLiteral("transmit #8")) && !find(painted, QStringLiteral("transmit #9")));
        QVERIFY2(tip(QStringLiteral("#8 pool-2")).contains(QStringLiteral("performed by pool-2")),
                 qPrintable(tip(QStringLiteral("#8 pool-2"))));
        QVERIFY(tip(QStringLiteral("#9 waits")).contains(QStringLiteral("waits in the ready queue")));
        QVERIFY(tip(QStringLiteral("read #10")).contains(QStringLiteral("in the kernel")));
        QVERIFY(tip(QStringLiteral("dispatcher")).contains(QStringLiteral("waits at queue")));
        QVERIFY(tip(QStringLiteral("pool-1")).contains(QStringLiteral("waits for work")));
        QVERIFY(find(painted, QStringLiteral("ready queue  1")));
        QCOMPARE(faultOf(painted), QString());
        // Another thread has brought it to an end: it is a completion as any other.
        sample.leave(2, SystemCall::Sendfile, 8, 624);
        sample.complete(2, Operation::Transmit, 8, 301, 1);
        Painted after;
        const auto completed = sample.state();
        paint(after, completed, glossary, {1920, 1080}, themes()[0]);
        const auto* queued = find(after, QStringLiteral("transmit #8"));
        QVERIFY(queued && after.painter.toolTipAt(queued->place.center()).contains(QStringLiteral("completion queue")));
    }

    /// A hit is told from a miss in words, an eviction is seen, and the cache's totals stand beside.
    void filesTellOfTheCache() {
        auto sample = reactorSample();
        const auto found = [&](const char* path, FileSource source) {
            sample.add(1, EventType::FileFound,
                       {.connection = 11, .kind = static_cast<std::uint8_t>(source), .value = sample.name(path)});
        };
        found("/a", FileSource::CacheMiss);
        found("/b", FileSource::DescriptorHit);
        found("/c", FileSource::Uncached);
        Painted painted;
        const auto before = sample.state();
        paint(painted, before, Glossary::of(*sample.recording()), {1920, 1080}, themes()[0]);
        for (const auto* words : {"miss, read", "hit, kept open", "no cache", "CACHE", "hits", "misses", "evicted"}) {
            QVERIFY2(find(painted, QLatin1String(words)), words);
        }
        const auto countBeside = [&](const char* what) {
            const auto& place = find(painted, QLatin1String(what))->place;
            for (const auto& word : painted.painter.words()) {
                if (std::abs(word.place.top() - place.top()) < 1 && word.place.left() > place.right()) {
                    return word.text;
                }
            }
            return QString();
        };
        QCOMPARE(countBeside("hits"), QString::number(before.totals.cacheHits));
        QCOMPARE(countBeside("misses"), QString::number(before.totals.cacheMisses));
        QCOMPARE(countBeside("evicted"), QStringLiteral("0"));
        sample.add(1, EventType::FileEvicted, {.connection = 11, .kind = 1, .value = sample.name("/b")});
        paint(painted, sample.state(), Glossary::of(*sample.recording()), {1920, 1080}, themes()[0]);
        QCOMPARE(countBeside("evicted"), QStringLiteral("1"));
        QVERIFY(!find(painted, QStringLiteral("hit, kept open")));
        const auto& name = find(painted, QStringLiteral("b"))->place;
        const auto isBright = [&] { // its outline, which is dashed
            for (int x = static_cast<int>(name.left()) - 30; x < static_cast<int>(name.left()); ++x) {
                for (int y = static_cast<int>(name.top()); y < static_cast<int>(name.bottom()); ++y) {
                    if (painted.image.pixelColor(x, y) == themes()[0].now) {
                        return true;
                    }
                }
            }
            return false;
        };
        QVERIFY2(isBright(), "the one that goes is not marked");
        QCOMPARE(faultOf(painted), QString());
    }

    void whatIsHeldBackIsSaid() {
        auto sample = reactorSample();
        sample.add(1, EventType::OctetsHeldBack,
                   {.connection = 11, .kind = static_cast<std::uint8_t>(HeldBack::Nagle), .value = 50'000});
        const auto state = sample.state();
        Painted painted;
        paint(painted, state, Glossary::of(*sample.recording()), {1280, 720}, themes()[0]);
        const auto* words = find(painted, QStringLiteral("holds 50.0 KB"));
        QVERIFY(words != nullptr);
        QVERIFY(painted.painter.toolTipAt(words->place.center()).contains(QStringLiteral("Nagle")));
        paint(painted, state, Glossary::of(*sample.recording()), {1280, 720},
              findTheme(QStringLiteral("projector-light")));
        QVERIFY(find(painted, QStringLiteral("#11 holds")));
        QCOMPARE(faultOf(painted), QString());
    }

    void whatIsSelectedIsOutlined() {
        const auto sample = proactorSample();
        const auto state = sample.state();
        const auto glossary = Glossary::of(*sample.recording());
        Painted plain;
        paint(plain, state, glossary, {1280, 720}, themes()[0]);
        Painted chosen;
        paint(chosen, state, glossary, {1280, 720}, themes()[0], false, {Selection::Kind::Connection, 12});
        QVERIFY(plain.image != chosen.image);
    }

    void everyEventCanBePainted() {
        for (const auto* name : {"thread-pool", "reactor", "proactor-pool"}) {
            const auto sample = samples().at(QLatin1String(name))();
            const auto glossary = Glossary::of(*sample.recording());
            for (std::size_t event = 0; event <= sample.size(); event += 3) {
                Painted painted;
                paint(painted, sample.stateAt(event), glossary, {640, 360}, themes()[event % 4]);
                QVERIFY(painted.image.pixelColor(1, 1) != QColor(Qt::magenta));
            }
        }
    }

    void slotsNeverMoveThoseWhoCameEarlier() {
        const std::vector<SlotWish> wishes{{1, 0}, {2, 7}, {3, 1}, {4, 14}, {5, 3}};
        const auto all = slotsFor(wishes, 7);
        for (std::size_t count = 1; count <= wishes.size(); ++count) {
            const auto some = slotsFor({wishes.data(), count}, 7);
            QVERIFY(std::equal(some.begin(), some.end(), all.begin()));
        }
        auto sorted = all;
        std::sort(sorted.begin(), sorted.end());
        QVERIFY(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
    }

    void spreadThingsDoNotOverlap() {
        const std::vector<double> wishes{50, 50, 50, 400, 395, 900};
        const auto places = spread(wishes, 80, 10, 0, 900);
        auto sorted = places;
        std::sort(sorted.begin(), sorted.end());
        for (std::size_t i = 1; i < sorted.size(); ++i) {
            QVERIFY(sorted[i] - sorted[i - 1] >= 90 - 1e-9);
        }
        QVERIFY(sorted.front() >= 40 && sorted.back() <= 860);
        QVERIFY(places[0] < places[1] && places[1] < places[2]);
    }
};

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QGuiApplication application(argc, argv);
    TestStagePainter test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_stage_painter.moc"
