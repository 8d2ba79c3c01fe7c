// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/located_json.h"

#include <QTest>

namespace lab {

/// If these fail, what stands in a scenario is taken for something else, or an error names the wrong place.
class LocatedJsonTest : public QObject {
    Q_OBJECT

private slots:
    void knowsLines();
    void tellsRepeatedNames_data();
    void tellsRepeatedNames();
    void readsWideObjects();
};

void LocatedJsonTest::knowsLines() {
    const auto value = parseLocatedJson("{\n \"a\":\n  [1,\n   {\"b\": null}], \"a b\": {\"a\": 2}}", "x");
    QVERIFY2(value.has_value(), value ? "" : value.error().message.c_str());
    QCOMPARE(value->member("a")->line, std::size_t{2});
    QCOMPARE(value->member("a")->items.at(1).line, std::size_t{4});
    QCOMPARE(value->member("a b")->member("a")->whole, std::optional<std::int64_t>(2));
    QVERIFY(value->member("b") == nullptr);
}

void LocatedJsonTest::tellsRepeatedNames_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char* text, const char* message) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(message);
    };
    row(R"({"a": 1, "a": 2})", "x:1: a: is given twice");
    row(R"({"a": 1, "\u0061": 2})", "x:1: a: is given twice");
    row(R"({"a": {"b": 1, "c": 1, "b": 1}})", "x:1: a.b: is given twice");
    row(R"([{"a": 1}, {"a": 1, "a": 1}])", "x:1: [1].a: is given twice");
    row(R"({"a": {"a": 1}, "b": {"a": 1}, "c": [{"a": 1}, {"a": 1}]})", "");
    row(R"({"": 1, "": 1})", "x:1: : is given twice");
}

void LocatedJsonTest::tellsRepeatedNames() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, message);
    const auto value = parseLocatedJson(text.toStdString(), "x");
    QCOMPARE(value ? std::string() : value.error().message, message.toStdString());
}

/// Not by comparing each name with all before it: that would take minutes.
void LocatedJsonTest::readsWideObjects() {
    constexpr int many = 400'000;
    std::string text = "{";
    for (int i = 0; i < many; ++i) {
        text += "\"" + std::to_string(i) + "\":0,";
    }
    const auto good = parseLocatedJson(text + "\"last\":0}", "x");
    QVERIFY2(good.has_value(), good ? "" : good.error().message.c_str());
    QCOMPARE(good->members.size(), std::size_t{many + 1});
    const auto wrong = parseLocatedJson(text + "\"399999\":0}", "x");
    QCOMPARE(wrong ? std::string() : wrong.error().message, std::string("x:1: 399999: is given twice"));
}

} // namespace lab

QTEST_APPLESS_MAIN(lab::LocatedJsonTest)
#include "tst_located_json.moc"
