// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model.h"
#include "gui/model/steps_listing.h"
#include "tests/gui/real_recording.h"

#include <QTest>

#include <algorithm>

using namespace lab;
using namespace lab::test;

namespace {

const RecognisedSequence* find(const StepsListing& listing, const RecognisedSequence& wanted) {
    const auto found = std::ranges::find_if(listing.sequences, [&](const RecognisedSequence& one) {
        return one.sequence->id == wanted.sequence->id && one.connection == wanted.connection;
    });
    return found == listing.sequences.end() ? nullptr : &*found;
}

} // namespace

/// A list of steps that ticks too early, too late, or differently after seeking back.
class TestStepsListing : public QObject {
    Q_OBJECT

private slots:
    void everySequenceTicksStepByStep_data() { addModelRows(); }
    void everySequenceTicksStepByStep();
    void stepsOfOtherModelsAreNotShown_data();
    void stepsOfOtherModelsAreNotShown();
    void modelsNameStepsThatExist();
};

/// What the whole recording shows is what the list shows at each step's own event, sought from the end backwards.
void TestStepsListing::everySequenceTicksStepByStep() {
    QFETCH(std::string, id);
    const auto follower = followed(realRecording(id));
    std::size_t checked = 0;
    auto all = recogniseSteps(follower->view());
    std::ranges::reverse(all);
    for (const auto& whole : all) {
        if (whole.connection == 0 || whole.sequence->id == "proactor-collaborations") {
            continue;
        }
        const Selection selection{Selection::Kind::Connection, whole.connection};
        // Before step 7 of a client's connecting nobody knows which connection it will be; for which of them a
        // reactor waits is known with step 3.
        const std::size_t from = whole.sequence->id == "proactor-connect" ? 6 : whole.sequence->id == "reactor" ? 2 : 1;
        for (auto step = whole.events.size(); step-- > from;) {
            if (whole.events[step] == RecognisedSequence::unseen || whole.events[step] < whole.events[from - 1]) {
                continue;
            }
            const auto state = follower->at(whole.events[step] + 1);
            const auto listing = stepsAt(*follower, state, selection);
            const auto* shown = find(listing, whole);
            QVERIFY2(shown, qPrintable(QStringLiteral("%1 of #%2, step %3")
                                           .arg(QString::fromUtf8(whole.sequence->id.data()))
                                           .arg(whole.connection)
                                           .arg(step + 1)));
            QCOMPARE(shown->events.size(), step + 1);
            QVERIFY(std::equal(shown->events.begin(), shown->events.end(), whole.events.begin()));
            ++checked;
        }
    }
    QVERIFY(checked > 10);
}

void TestStepsListing::modelsNameStepsThatExist() {
    const auto known = stepSequences();
    for (const auto& model : models()) {
        QVERIFY2(!model.steps.empty(), model.id.data());
        for (const auto id : model.steps) {
            QVERIFY2(std::ranges::any_of(known, [&](const StepSequence& one) { return one.id == id; }), id.data());
        }
    }
}

void TestStepsListing::stepsOfOtherModelsAreNotShown_data() {
    QTest::addColumn<std::string>("id");
    for (const auto* id : {"thread-per-request", "thread-per-session"}) { // alike until a client asks again
        QTest::newRow(id) << std::string(id);
    }
}

void TestStepsListing::stepsOfOtherModelsAreNotShown() {
    QFETCH(std::string, id);
    const auto follower = followed(realRecording(id));
    std::size_t shown = 0;
    for (std::size_t position = 1; position < follower->view().end(); position += 13) {
        for (const auto& one : stepsAt(*follower, follower->at(position), {}).sequences) {
            QCOMPARE(one.sequence->id, findModel(id)->steps.front());
            ++shown;
        }
    }
    QVERIFY(shown > 0);
}

QTEST_GUILESS_MAIN(TestStepsListing)
#include "tst_steps_listing.moc"
