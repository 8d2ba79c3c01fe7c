// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/commands.h"
#include "engine/cli/lesson_folder.h"
#include "engine/lesson/lesson.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sstream>

namespace lab {

/// If these fail, a teacher with a mistake in a lesson is not told where it is, or a wrong lesson is taught.
class LessonParserTest : public QObject {
    Q_OBJECT

private slots:
    void readsEveryKey();
    void splitsPagesAndKeepsOtherFences();
    void choicesMayBeTheThreads();
    void momentsAreRead_data();
    void momentsAreRead();
    void tellsFileAndLine_data();
    void tellsFileAndLine();
    void tellsOfAScenarioThatIsNotThere();
    void tellsWhyAFileCannotBeRead();
    void listsAFolderByNumber();
    void documentsEveryMeasureAndView();
    void checkKnowsLessons();
};

namespace {

/// A good lesson, with one line replaced: line numbers stay.
constexpr const char* goodLines[] = {
    "# A title",                                         // 1
    "What it is about.",                                 // 2
    "## The first page",                                 // 3
    "Some *text*.",                                      // 4
    "```lab",                                            // 5
    "scenario: lesson-one-client",                       // 6
    "model: proactor-pool",                              // 7
    "threads: 3",                                        // 8
    "transfer: read-write",                              // 9
    "seed: 12",                                          // 10
    "until: blocked accept",                             // 11
    "until: queue-depth >= 2",                           // 12
    "step: proactor-get 3",                              // 13
    "show: queue",                                       // 14
    "select: connection 4",                              // 15
    "```",                                               // 16
    "More text.",                                        // 17
    "```question",                                       // 18
    "ask: Which one,",                                   // 19
    "  and why?",                                        // 20
    "choice: 1 = one",                                   // 21
    "choice: 2 = two",                                   // 22
    "observe: hook-entered handle_read of connection 4", // 23
    "answer: threads-of hook-entered of connection 4",   // 24
    "why: It was {answer}.",                             // 25
    "```",                                               // 26
    "## The second page",                                // 27
    "The end.",                                          // 28
};

std::string document(int line = 0, const char* replacement = "") {
    std::string text;
    int number = 0;
    for (const auto* good : goodLines) {
        text += ++number == line ? replacement : good;
        text += '\n';
    }
    return text;
}

} // namespace

void LessonParserTest::readsEveryKey() {
    const auto lesson = parseLesson(document(), "lessons/07-a-test.md");
    QVERIFY2(lesson.has_value(), lesson ? "" : lesson.error().message.c_str());
    QCOMPARE(lesson->id, std::string("07-a-test"));
    QCOMPARE(lesson->title, std::string("A title"));
    QCOMPARE(lesson->about, std::string("What it is about."));
    QCOMPARE(lesson->pages.size(), 2u);
    const auto& page = lesson->pages.front();
    QVERIFY(page.setup.has_value());
    QCOMPARE(page.setup->scenario, std::string("lesson-one-client"));
    QCOMPARE(page.setup->model, std::string("proactor-pool"));
    QCOMPARE(page.setup->settings, (std::vector<SettingValue>{{"threads", "3", 8}, {"transfer", "read-write", 9}}));
    QCOMPARE(page.setup->seed.value(), std::uint64_t{12});
    QCOMPARE(page.stops.size(), 2u);
    QCOMPARE(page.stops[0].moment.what, std::string("accept"));
    QVERIFY(page.stops[1].condition.has_value());
    QCOMPARE(page.step.sequence, std::string("proactor-get"));
    QCOMPARE(page.step.number, 3u);
    QCOMPARE(page.view, std::string("queue"));
    QVERIFY(page.selection.kind == LessonSelection::Kind::Connection && page.selection.number == 4);
    QCOMPARE(page.questions.size(), 1u);
    const auto& question = page.questions.front();
    QCOMPARE(question.ask, std::string("Which one, and why?"));
    QCOMPARE(question.choices.size(), 2u);
    QCOMPARE(question.choices[1].value, std::string("2"));
    QCOMPARE(question.choices[1].text, std::string("two"));
    QVERIFY(question.observe.has_value());
    QCOMPARE(question.answer.kind->id, std::string_view("threads-of"));
    QVERIFY(lesson->pages.back().stops.empty());
}

void LessonParserTest::splitsPagesAndKeepsOtherFences() {
    const auto lesson = parseLesson("# T\n\nAbout.\n\n## One\nA\n```c\n## no page\n```\nB\n## Two\nC\n", "x.md");
    QVERIFY2(lesson.has_value(), lesson ? "" : lesson.error().message.c_str());
    QCOMPARE(lesson->pages.size(), 2u);
    QCOMPARE(lesson->pages[0].text, std::string("A\n```c\n## no page\n```\nB"));
    QCOMPARE(lesson->pages[1].text, std::string("C"));
}

void LessonParserTest::choicesMayBeTheThreads() {
    const auto text = document(21, "choices: threads");
    const auto with = parseLesson(text, "x.md");
    QVERIFY(!with.has_value()); // beside the choices that are there
    const auto without =
        parseLesson("# T\n## P\n```lab\nscenario: s\nmodel: reactor\nuntil: event\n```\n```question\nask: "
                    "Who?\nchoices: threads\nanswer: thread-of event\n```\n",
                    "x.md");
    QVERIFY2(without.has_value(), without ? "" : without.error().message.c_str());
    QVERIFY(without->pages[0].questions[0].choiceOfThreads);
}

void LessonParserTest::momentsAreRead_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("connection");
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("thread");
    QTest::newRow("step") << "completion" << -1 << ""
                          << "";
    QTest::newRow("what") << "hook-entered handle_read" << -1 << "handle_read"
                          << "";
    QTest::newRow("connection") << "request-done of connection 12" << 12 << ""
                                << "";
    QTest::newRow("event") << "operation-initiated transmit of connection 1" << 1 << "transmit"
                           << "";
    QTest::newRow("client") << "client-sent-request of client 2" << 2 << ""
                            << "";
    QTest::newRow("thread") << "call-entered accept by event loop" << -1 << "accept"
                            << "event loop";
}

void LessonParserTest::momentsAreRead() {
    QFETCH(QString, text);
    QFETCH(int, connection);
    QFETCH(QString, what);
    QFETCH(QString, thread);
    const auto moment = Moment::parse(text.toStdString());
    QVERIFY2(moment.has_value(), moment ? "" : moment.error().message.c_str());
    QCOMPARE(moment->number ? static_cast<int>(*moment->number) : -1, connection);
    QCOMPARE(QString::fromStdString(moment->what), what);
    QCOMPARE(QString::fromStdString(moment->thread), thread);
}

void LessonParserTest::tellsFileAndLine_data() {
    QTest::addColumn<int>("line");
    QTest::addColumn<QString>("replacement");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, int line, const char* replacement, const char* message) {
        QTest::newRow(name) << line << replacement << message;
    };
    row("no title", 1, "Text", "x.md:1: a lesson begins with its title: \"# Title\"");
    row("second title", 17, "# Another", "x.md:17: the lesson has a title already; a page begins with \"## \"");
    row("block before a page", 2, "```lab", "x.md:2: this block stands before the first page");
    row("block within a block", 8, "```question", "x.md:8: a block begins within the one of line 5");
    row("open block", 26, "", "x.md:18: this block is not closed");
    row("no key", 8, "three threads", "x.md:8: not understood: a line is written \"key: value\"");
    row("unknown key", 8, "thread: 3", "x.md:8: there is no key \"thread\"; did you mean \"threads\"?");
    row("twice", 9, "threads: 4", "x.md:9: threads: given twice");
    row("no value", 8, "threads:", "x.md:8: threads: its value is missing");
    row("out of range", 8, "threads: 0", "x.md:8: threads: must be a whole number from 1 to 1000");
    row("no model", 7, "model: proactor-pol", "x.md:7: model: there is no model \"proactor-pol\"; did you mean");
    row("run by half", 6, "", "x.md:7: model: a run is begun with both \"scenario\" and \"model\"");
    row("transfer", 9, "transfer: sendfile",
        "x.md:7: model: a thread of proactor-pool never waits for a socket by itself");
    row("no moment", 11, "until: bloked", "x.md:11: until: there is no moment \"bloked\"; did you mean \"blocked\"?");
    row("of nothing", 11, "until: accept of 1", "x.md:11: until: \"accept of 1\": \"of\" is followed by");
    row("condition", 12, "until: queue-depth >= many", "x.md:12: until: \"queue-depth >= many\"");
    row("no sequence", 13, "step: proactor-got 3",
        "x.md:13: step: there is no sequence \"proactor-got\"; did you mean");
    row("no such step", 13, "step: proactor-get 8", "x.md:13: step: \"proactor-get\" has the steps 1 to 7");
    row("no view", 14, "show: queues", "x.md:14: show: there is no view \"queues\"; did you mean \"queue\"?");
    row("selection", 15, "select: everything", "x.md:15: select: must be connection, operation");
    row("no question", 19, "", "x.md:20: nothing that this could go on with");
    row("one choice", 22, "", "x.md:21: choice: there must be at least two of them");
    row("same choice", 22, "choice: 1 = another", "x.md:22: choice: \"1\" is a choice already");
    row("choice no number", 22, "choice: two", "x.md:21: choice: \"two\" is no number, but the answer is");
    row("no measure", 24, "answer: thread-count", "x.md:24: answer: there is no measure \"thread-count\"");
    row("answer without moment", 24, "answer: threads-of", "x.md:24: answer: it is written \"threads-of MOMENT\"");
    row("wrong word", 24, "answer: threads-blocked sleep", "x.md:24: answer: it is written \"threads-blocked [CALL]\"");
    row("no answer", 24, "", "x.md:18: the question has no \"answer\"");
    row("not comparable", 24, "answer: highest thread-of accept", "x.md:24: answer: only numbers can be compared");
}

void LessonParserTest::tellsFileAndLine() {
    QFETCH(int, line);
    QFETCH(QString, replacement);
    QFETCH(QString, message);
    const auto lesson = parseLesson(document(line, replacement.toUtf8().constData()), "x.md");
    QVERIFY(!lesson.has_value());
    const auto said = QString::fromStdString(lesson.error().message);
    QVERIFY2(said.startsWith(message), qPrintable(said));
}

void LessonParserTest::tellsOfAScenarioThatIsNotThere() {
    const QTemporaryDir folder;
    const auto name = folder.filePath("1-x.md");
    QFile file(name);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(document(6, "scenario: lesson-one-clint")));
    file.close();
    const auto lesson = checkLesson(name.toStdString());
    QVERIFY(!lesson.has_value());
    const auto said = QString::fromStdString(lesson.error().message);
    QVERIFY2(said.startsWith(name + ":6: scenario: there is no scenario \"lesson-one-clint\"; did you mean"),
             qPrintable(said));
}

void LessonParserTest::tellsWhyAFileCannotBeRead() {
    const QTemporaryDir folder;
    const auto missing = readLesson(folder.filePath("no.md").toStdString());
    QVERIFY(!missing.has_value());
    QVERIFY(missing.error().message.ends_with(": No such file or directory"));
    const auto directory = readLesson(folder.path().toStdString());
    QVERIFY(!directory.has_value());
    QVERIFY(directory.error().message.ends_with(": Is a directory"));
}

void LessonParserTest::listsAFolderByNumber() {
    const QTemporaryDir folder;
    for (const auto* name : {"02-b.md", "01-a.md", "README.md", "03-c.txt"}) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    const auto files = lessonFiles(folder.path().toStdString());
    QCOMPARE(files.size(), 2u);
    QCOMPARE(QString::fromStdString(files[0]), folder.filePath("01-a.md"));
    QVERIFY(lessonFiles(folder.filePath("nowhere").toStdString()).empty());
}

void LessonParserTest::documentsEveryMeasureAndView() {
    QFile readme(QStringLiteral(LAB_SOURCE_DIR "/lessons/README.md"));
    QVERIFY(readme.open(QIODevice::ReadOnly));
    const auto text = QString::fromUtf8(readme.readAll());
    const auto documented = [&](std::string_view words) {
        const auto wanted =
            QStringLiteral("`%1`").arg(QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size())));
        return text.contains(wanted) ? QString{} : wanted;
    };
    for (const auto& kind : measureKinds()) {
        QCOMPARE(documented(kind.form), QString{});
    }
    for (const auto& view : lessonViews()) {
        QCOMPARE(documented(view.id), QString{});
    }
    for (const auto& step : stepKinds()) {
        QCOMPARE(documented(step.id), QString{});
    }
}

void LessonParserTest::checkKnowsLessons() {
    const QTemporaryDir folder;
    const auto name = folder.filePath("1-x.md");
    QFile file(name);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(document(7, "model: nothing")));
    file.close();
    const std::string good = LAB_SOURCE_DIR "/lessons/06-proactor-get.md";
    const std::vector<std::string> arguments{good, name.toStdString()};
    std::ostringstream out;
    std::ostringstream err;
    QCOMPARE(checkFiles(arguments, out, err), static_cast<int>(exitUsage));
    QVERIFY(QString::fromStdString(out.str()).startsWith(QString::fromStdString(good) + ": a lesson, \"6 · A GET"));
    QVERIFY(QString::fromStdString(err.str()).startsWith(name + ":7: model: there is no model"));
}

} // namespace lab

QTEST_APPLESS_MAIN(lab::LessonParserTest)
#include "tst_lesson_parser.moc"
