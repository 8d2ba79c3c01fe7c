// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/basic_credentials.h"
#include "engine/http/password_file.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <crypt.h>
#include <random>

namespace lab {

namespace {

std::string hashOf(const std::string& password, const char* setting) {
    crypt_data work{};
    return ::crypt_r(password.c_str(), setting, &work);
}

std::string encoded(const std::string& octets) { return QByteArray::fromStdString(octets).toBase64().toStdString(); }

} // namespace

/// If these fail, the wrong people come in, or the right ones do not.
class TestBasicCredentials : public QObject {
    Q_OBJECT

private slots:
    void decodesBase64();
    void refusesWrongBase64();
    void readsCredentials();
    void refusesWhatIsNone_data();
    void refusesWhatIsNone();
    void letsTheRightOnesIn();
    void refusesWrongFiles_data();
    void refusesWrongFiles();
};

void TestBasicCredentials::decodesBase64() {
    std::mt19937 generator(1);
    for (std::size_t length = 0; length < 100; ++length) {
        std::string octets(length, '\0');
        for (char& octet : octets) {
            octet = static_cast<char>(generator());
        }
        QVERIFY(decodeBase64(encoded(octets)) == octets);
    }
}

void TestBasicCredentials::refusesWrongBase64() {
    for (const auto* text :
         {"A", "AB", "ABC", "A===", "====", "AB=C", "QQ==QQ==", "QR==", "QUJ=", "QUJD ", "Q*==", "QUI-", "QUI_"}) {
        QVERIFY2(!decodeBase64(text).has_value(), text);
    }
}

/// The example of RFC 7617 section 2 among them.
void TestBasicCredentials::readsCredentials() {
    const auto example = readBasicCredentials("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    QVERIFY(example.has_value());
    QCOMPARE(example->user, std::string("Aladdin"));
    QCOMPARE(example->password, std::string("open sesame"));
    const auto others = readBasicCredentials("bAsIc   " + encoded("test:123\xc2\xa3:x"));
    QCOMPARE(others->user, std::string("test"));
    QCOMPARE(others->password, std::string("123\xc2\xa3:x")); // only the first colon separates
    QCOMPARE(readBasicCredentials("Basic " + encoded(":"))->user, std::string());
}

void TestBasicCredentials::refusesWhatIsNone_data() {
    QTest::addColumn<QString>("value");
    QTest::newRow("nothing") << "";
    QTest::newRow("no credentials") << "Basic";
    QTest::newRow("empty credentials") << "Basic ";
    QTest::newRow("another scheme") << "Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    QTest::newRow("a longer scheme") << "Basics QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    QTest::newRow("no space") << "BasicQWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    QTest::newRow("something behind") << "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ== x";
    QTest::newRow("no base64") << "Basic Aladdin:open sesame";
    QTest::newRow("no colon") << QString::fromStdString("Basic " + encoded("Aladdin"));
    QTest::newRow("control character") << QString::fromStdString("Basic " + encoded("a:b\nc"));
    QTest::newRow("NUL") << QString::fromStdString("Basic " + encoded(std::string("a:b\0c", 5)));
}

void TestBasicCredentials::refusesWhatIsNone() {
    QFETCH(QString, value);
    QVERIFY(!readBasicCredentials(value.toStdString()).has_value());
}

void TestBasicCredentials::letsTheRightOnesIn() {
    const auto text = "# people\nann:" + hashOf("open sesame", "$6$rounds=1000$somesalt$") +
                      "\nbob:" + hashOf("", "$6$rounds=1000$othersalt$") + "\r\n";
    QTemporaryDir folder;
    QFile file(folder.filePath("people"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(text));
    file.close();
    const auto people = PasswordFile::read(file.fileName().toStdString());
    QVERIFY2(people.has_value(), people ? "" : people.error().message.c_str());
    QCOMPARE(people->users(), std::size_t{2});
    QVERIFY(people->isRight("ann", "open sesame"));
    QVERIFY(people->isRight("bob", ""));
    for (const auto& [user, password] :
         std::vector<std::pair<std::string, std::string>>{{"ann", "open sesam"},
                                                          {"ann", "open sesame "},
                                                          {"ann", ""},
                                                          {"bob", "open sesame"},
                                                          {"", ""},
                                                          {"eve", "open sesame"},
                                                          {"eve", ""},
                                                          {"Ann", "open sesame"},
                                                          {"ann", std::string(10'000, 'a')}}) {
        QVERIFY2(!people->isRight(user, password), user.c_str());
    }
    QVERIFY(!PasswordFile::parse("", "empty")->isRight("", ""));
}

void TestBasicCredentials::refusesWrongFiles_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    QTest::newRow("no hash") << "ann"
                             << "p:1: a line is written NAME:HASH";
    QTest::newRow("no name") << "\n:x"
                             << "p:2: a line is written NAME:HASH";
    QTest::newRow("a password") << "ann:open sesame"
                                << "p:1: ";
    QTest::newRow("md5") << "ann:$1$abcdefgh$PuLiOLFB80rI6Iij/mNdx/"
                         << "p:1: this hash is by a method that crypt(5) does not recommend";
    const auto good = QString::fromStdString(hashOf("x", "$6$rounds=1000$salt$"));
    QTest::newRow("twice") << QStringLiteral("a:%1\nb:%1\na:%1").arg(good) << "p:3: there is a password of a already";
}

void TestBasicCredentials::refusesWrongFiles() {
    QFETCH(QString, text);
    QFETCH(QString, message);
    const auto people = PasswordFile::parse(text.toStdString(), "p");
    QVERIFY(people.has_error());
    QVERIFY2(QString::fromStdString(people.error().message).startsWith(message), people.error().message.c_str());
    QVERIFY(PasswordFile::read("/nowhere/people").has_error());
}

} // namespace lab

QTEST_APPLESS_MAIN(lab::TestBasicCredentials)
#include "tst_basic_credentials.moc"
