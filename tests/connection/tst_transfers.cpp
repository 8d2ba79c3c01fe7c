// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/response_sender.h"
#include "engine/server/listening_socket.h"
#include "engine/server/server_setting.h"
#include "engine/trace/trace.h"

#include <QTemporaryFile>
#include <QTest>

#include <arpa/inet.h>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lab::test {

namespace {

constexpr auto transfers = {FileTransfer::ReadWrite, FileTransfer::MmapWritev, FileTransfer::Sendfile,
                            FileTransfer::Splice, FileTransfer::BySize};

std::size_t openDescriptors() {
    const auto entries = std::filesystem::directory_iterator("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

/// Two ends of a connection over loopback; the server's does not block.
struct Connection {
    FileDescriptor server;
    FileDescriptor peer;
    std::string received;

    Connection() {
        auto listening = ListeningSocket::open("127.0.0.1", 0, 1).value();
        peer.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(listening.port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(peer.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            throw std::runtime_error("cannot connect");
        }
        server.reset(::accept4(listening.descriptor.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    }

    /// Takes what has come by now.
    void drain() {
        char buffer[65536];
        for (ssize_t octets = 1; octets > 0;) {
            octets = ::recv(peer.get(), buffer, sizeof buffer, MSG_DONTWAIT);
            received.append(buffer, octets > 0 ? static_cast<std::size_t>(octets) : 0);
        }
    }
    bool somethingHasCome() const {
        pollfd readable{.fd = peer.get(), .events = POLLIN, .revents = 0};
        return ::poll(&readable, 1, 0) == 1;
    }
};

std::string patterned(std::size_t octets) {
    std::string text(octets, '\0');
    for (std::size_t i = 0; i < octets; ++i) {
        text[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
    }
    return text;
}

Segment memory(std::string_view octets) { return {.memory = octets}; }
Segment stretch(int file, std::int64_t offset, std::int64_t length) {
    return {.memory = {}, .file = file, .offset = offset, .length = length};
}

/// Sends until all is gone, or something fails; the peer takes octets whenever the socket is full. 1: all is gone.
std::int64_t sendAll(ResponseSender& sender, Connection& connection) {
    while (!sender.done()) {
        if (const auto ready = sender.prepare(); ready <= 0) {
            return ready;
        }
        const auto octets = sender.step();
        if (octets == -EAGAIN) {
            connection.drain();
        } else if (octets <= 0) {
            return octets;
        }
    }
    sender.finish();
    return 1;
}

/// Fills the socket: until it takes no more.
void sendUntilFull(ResponseSender& sender) {
    while (sender.prepare() > 0 && sender.step() > 0) {
    }
}

} // namespace

/// If these fail, some transfer sends other octets than the file has, or a file that changes under it harms the server.
class TestTransfers : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();

    void sendsWhatIsInTheFile_data();
    void sendsWhatIsInTheFile();
    void noticesAFileThatBecomesShorter_data() { addTransfers(); }
    void noticesAFileThatBecomesShorter();
    void survivesACutBetweenLookAndWrite_data() { addTransfers(); }
    void survivesACutBetweenLookAndWrite();
    void givesDescriptorsBack_data() { addTransfers(); }
    void givesDescriptorsBack();
    void sendsWithoutDescriptorsToHave();
    void holdsTheHeaderBackAsTold_data();
    void holdsTheHeaderBackAsTold();
    void leavesNothingBehind_data() { sendsWhatIsInTheFile_data(); }
    void leavesNothingBehind();
    void tellsOfTheCork_data();
    void tellsOfTheCork();
    void tellsWhatIsHeldBack_data() { sendsWhatIsInTheFile_data(); }
    void tellsWhatIsHeldBack();
    void whatThePeerDoesNotTakeIsNotNagles();
    void tellsItsCalls_data();
    void tellsItsCalls();
    void choosesBySize();

private:
    static void addTransfers();
    static ServerOptions options(FileTransfer transfer, Cork cork = Cork::MsgMore);
    /// A file of its own, of so many octets of m_content.
    std::unique_ptr<QTemporaryFile> file(std::size_t octets) const;

    std::string m_content;
};

void TestTransfers::initTestCase() { m_content = patterned(8'000'000); }

void TestTransfers::addTransfers() {
    QTest::addColumn<int>("transfer");
    for (const auto transfer : transfers) {
        ServerOptions options;
        options.transfer = transfer;
        QTest::newRow(findServerSetting("transfer")->text(options).c_str()) << static_cast<int>(transfer);
    }
}

ServerOptions TestTransfers::options(FileTransfer transfer, Cork cork) {
    ServerOptions options;
    options.transfer = transfer;
    options.cork = cork;
    return options;
}

std::unique_ptr<QTemporaryFile> TestTransfers::file(std::size_t octets) const {
    auto made = std::make_unique<QTemporaryFile>();
    const auto size = static_cast<qint64>(octets);
    if (!made->open() || made->write(m_content.data(), size) != size || !made->flush()) {
        throw std::runtime_error("cannot write a file");
    }
    return made;
}

void TestTransfers::sendsWhatIsInTheFile_data() {
    QTest::addColumn<int>("transfer");
    QTest::addColumn<int>("cork");
    for (const auto transfer : transfers) {
        for (const auto cork : {Cork::MsgMore, Cork::TcpCork, Cork::None}) {
            const auto chosen = options(transfer, cork);
            const auto name =
                findServerSetting("transfer")->text(chosen) + ", " + findServerSetting("cork")->text(chosen);
            QTest::newRow(name.c_str()) << static_cast<int>(transfer) << static_cast<int>(cork);
        }
    }
}

/// Whole, in ranges between memory, larger than any buffer, twice on one connection.
void TestTransfers::sendsWhatIsInTheFile() {
    QFETCH(int, transfer);
    QFETCH(int, cork);
    const auto large = file(m_content.size());
    const std::string header(300, 'h');
    const std::vector<Segment> whole{memory(header),
                                     stretch(large->handle(), 0, static_cast<std::int64_t>(m_content.size()))};
    const std::vector<Segment> ranges{
        memory(header), stretch(large->handle(), 4'097, 100'001),       memory("first"), stretch(large->handle(), 3, 1),
        memory("last"), stretch(large->handle(), 7'000'000, 1'000'000), memory("end")};
    const auto expected = header + m_content + header + m_content.substr(4'097, 100'001) + "first" +
                          m_content.substr(3, 1) + "last" + m_content.substr(7'000'000, 1'000'000) + "end";
    Connection connection;
    ResponseSender sender(connection.server.get(),
                          options(static_cast<FileTransfer>(transfer), static_cast<Cork>(cork)), 1);
    for (const auto& segments : {whole, ranges}) {
        sender.begin(segments);
        QCOMPARE(sendAll(sender, connection), std::int64_t{1});
    }
    QTRY_VERIFY((connection.drain(), connection.received.size() >= expected.size()));
    QVERIFY2(connection.received == expected, "not the octets of the file");
}

void TestTransfers::noticesAFileThatBecomesShorter() {
    QFETCH(int, transfer);
    const auto cut = file(m_content.size());
    const std::vector<Segment> segments{memory("header"),
                                        stretch(cut->handle(), 0, static_cast<std::int64_t>(m_content.size()))};
    Connection connection;
    ResponseSender sender(connection.server.get(), options(static_cast<FileTransfer>(transfer)), 1);
    sender.begin(segments);
    sendUntilFull(sender);
    QVERIFY(!sender.done());
    QVERIFY(cut->resize(100));
    QCOMPARE(sendAll(sender, connection), std::int64_t{0});
    sender.finish();
    connection.drain();
    QVERIFY(connection.received.size() < m_content.size());
}

/// The worst moment: everything is made ready, and then the file is gone. The process must live.
void TestTransfers::survivesACutBetweenLookAndWrite() {
    QFETCH(int, transfer);
    const auto cut = file(m_content.size());
    const std::vector<Segment> segments{stretch(cut->handle(), 0, static_cast<std::int64_t>(m_content.size()))};
    Connection connection;
    ResponseSender sender(connection.server.get(), options(static_cast<FileTransfer>(transfer)), 1);
    sender.begin(segments);
    QCOMPARE(sender.prepare(), std::int64_t{1});
    QVERIFY(cut->resize(0));
    auto octets = sender.step(); // a transfer that has copies of its own may still have some to send
    while (octets > 0) {
        octets = sender.prepare() > 0 ? sender.step() : 0;
    }
    QCOMPARE(octets, std::int64_t{0});
}

void TestTransfers::givesDescriptorsBack() {
    QFETCH(int, transfer);
    const auto large = file(m_content.size());
    const std::vector<Segment> segments{stretch(large->handle(), 0, static_cast<std::int64_t>(m_content.size()))};
    Connection connection;
    const auto before = openDescriptors();
    ResponseSender sender(connection.server.get(), options(static_cast<FileTransfer>(transfer)), 1);
    sender.begin(segments);
    sendUntilFull(sender);
    const auto meanwhile = static_cast<FileTransfer>(transfer) == FileTransfer::Splice ? before + 2 : before;
    QCOMPARE(openDescriptors(), meanwhile);
    QCOMPARE(sendAll(sender, connection), std::int64_t{1});
    QCOMPARE(openDescriptors(), before);
    {
        ResponseSender givenUp(connection.server.get(), options(static_cast<FileTransfer>(transfer)), 2);
        givenUp.begin(segments);
        sendUntilFull(givenUp);
    }
    QCOMPARE(openDescriptors(), before);
}

/// Splice needs a pipe; where none is to be had, the file is sent all the same.
void TestTransfers::sendsWithoutDescriptorsToHave() {
    const auto large = file(500'000);
    const std::vector<Segment> segments{memory("header"), stretch(large->handle(), 0, 500'000)};
    Connection connection;
    ResponseSender sender(connection.server.get(), options(FileTransfer::Splice), 1);
    rlimit former{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &former), 0);
    auto none = former;
    none.rlim_cur = 0;
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
    sender.begin(segments);
    const auto outcome = sendAll(sender, connection);
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &former), 0);
    QCOMPARE(outcome, std::int64_t{1});
    QTRY_VERIFY((connection.drain(), connection.received.size() >= 500'006));
    QVERIFY(connection.received == "header" + m_content.substr(0, 500'000));
}

void TestTransfers::holdsTheHeaderBackAsTold_data() {
    QTest::addColumn<int>("cork");
    QTest::addColumn<bool>("leavesAlone");
    QTest::newRow("msg-more") << static_cast<int>(Cork::MsgMore) << false;
    QTest::newRow("tcp-cork") << static_cast<int>(Cork::TcpCork) << false;
    QTest::newRow("none") << static_cast<int>(Cork::None) << true;
}

void TestTransfers::holdsTheHeaderBackAsTold() {
    QFETCH(int, cork);
    QFETCH(bool, leavesAlone);
    const auto small = file(1'000);
    const std::vector<Segment> segments{memory("header"), stretch(small->handle(), 0, 1'000)};
    Connection connection;
    ResponseSender sender(connection.server.get(), options(FileTransfer::Sendfile, static_cast<Cork>(cork)), 1);
    sender.begin(segments);
    QCOMPARE(sender.prepare(), std::int64_t{1});
    QCOMPARE(sender.step(), std::int64_t{6});
    QCOMPARE(connection.somethingHasCome(), leavesAlone);
    QCOMPARE(sendAll(sender, connection), std::int64_t{1});
    QTRY_VERIFY((connection.drain(), connection.received.size() == 1'006));
}

/// The end of a response that waits in the kernel for more would come a fifth of a second late.
void TestTransfers::leavesNothingBehind() {
    QFETCH(int, transfer);
    QFETCH(int, cork);
    const auto small = file(1'000);
    const std::vector<Segment> segments{memory("header"), stretch(small->handle(), 0, 1'000)};
    Connection connection;
    ResponseSender sender(connection.server.get(),
                          options(static_cast<FileTransfer>(transfer), static_cast<Cork>(cork)), 1);
    sender.begin(segments);
    QCOMPARE(sendAll(sender, connection), std::int64_t{1});
    int unsent = -1;
    QCOMPARE(::ioctl(connection.server.get(), SIOCOUTQNSD, &unsent), 0);
    if (static_cast<Cork>(cork) != Cork::None) { // which waits until the header has been acknowledged
        QCOMPARE(unsent, 0);
    }
}

void TestTransfers::tellsOfTheCork_data() {
    QTest::addColumn<int>("cork");
    QTest::addColumn<QByteArray>("told");
    QTest::newRow("msg-more") << static_cast<int>(Cork::MsgMore) << QByteArray();
    QTest::newRow("tcp-cork") << static_cast<int>(Cork::TcpCork) << QByteArray("10");
    QTest::newRow("none") << static_cast<int>(Cork::None) << QByteArray();
}

void TestTransfers::tellsOfTheCork() {
    QFETCH(int, cork);
    QFETCH(QByteArray, told);
    const auto small = file(1'000);
    const std::vector<Segment> withFile{memory("header"), stretch(small->handle(), 0, 1'000)};
    const std::vector<Segment> withoutFile{memory("header"), memory("body")};
    Recording recording;
    Trace trace(recording);
    {
        const TraceThread thread(&trace, "test");
        Connection connection;
        ResponseSender sender(connection.server.get(), options(FileTransfer::Sendfile, static_cast<Cork>(cork)), 1);
        for (const auto& segments : {withFile, withoutFile}) {
            sender.begin(segments);
            QCOMPARE(sendAll(sender, connection), std::int64_t{1});
        }
    }
    trace.stop();
    QByteArray options;
    const auto view = recording.view();
    for (auto index = view.first(); index < view.end(); ++index) {
        if (view[index].type() == EventType::CallPerformed &&
            view[index].kindAs<SystemCall>() == SystemCall::Setsockopt) {
            options += static_cast<char>('0' + view[index].value());
        }
    }
    QCOMPARE(options, told);
}

/// Once an answer, and only where its head has left by a call of its own without any cork.
void TestTransfers::tellsWhatIsHeldBack() {
    QFETCH(int, transfer);
    QFETCH(int, cork);
    const auto small = file(1'000);
    const std::vector<Segment> withFile{memory("header"), stretch(small->handle(), 0, 1'000)};
    const std::vector<Segment> withoutFile{memory("header"), memory("body")};
    Recording recording;
    Trace trace(recording);
    {
        const TraceThread thread(&trace, "test");
        Connection connection;
        ResponseSender sender(connection.server.get(),
                              options(static_cast<FileTransfer>(transfer), static_cast<Cork>(cork)), 1);
        for (const auto& segments : {withFile, withoutFile, withFile}) {
            sender.begin(segments);
            QCOMPARE(sendAll(sender, connection), std::int64_t{1});
        }
    }
    trace.stop();
    const bool together = static_cast<FileTransfer>(transfer) == FileTransfer::MmapWritev;
    int told = 0;
    const auto view = recording.view();
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto& event = view[index];
        if (event.type() == EventType::OctetsHeldBack) {
            ++told;
            const auto why = event.kindAs<HeldBack>();
            QVERIFY(why == HeldBack::Nothing ? event.value() == 0 : event.value() > 0);
        }
    }
    QCOMPARE(told, static_cast<Cork>(cork) == Cork::None && !together ? 2 : 0);
}

void TestTransfers::whatThePeerDoesNotTakeIsNotNagles() {
    const auto large = file(m_content.size());
    const std::vector<Segment> segments{stretch(large->handle(), 0, static_cast<std::int64_t>(m_content.size()))};
    Connection connection;
    QVERIFY(UnsentOctets::of(connection.server.get()).why == HeldBack::Nothing);
    ResponseSender sender(connection.server.get(), options(FileTransfer::Sendfile), 1);
    sender.begin(segments);
    sendUntilFull(sender);
    const auto unsent = UnsentOctets::of(connection.server.get());
    QVERIFY(unsent.why == HeldBack::Window);
    QVERIFY(unsent.octets > 0);
}

void TestTransfers::tellsItsCalls_data() {
    QTest::addColumn<int>("transfer");
    QTest::addColumn<int>("atHeader");
    QTest::addColumn<int>("atFile");
    const auto row = [](const char* name, FileTransfer transfer, SystemCall atHeader, SystemCall atFile) {
        QTest::newRow(name) << static_cast<int>(transfer) << static_cast<int>(atHeader) << static_cast<int>(atFile);
    };
    row("read-write", FileTransfer::ReadWrite, SystemCall::Writev, SystemCall::Write);
    row("mmap-writev", FileTransfer::MmapWritev, SystemCall::Writev, SystemCall::Writev);
    row("sendfile", FileTransfer::Sendfile, SystemCall::Writev, SystemCall::Sendfile);
    row("splice", FileTransfer::Splice, SystemCall::Writev, SystemCall::Splice);
}

void TestTransfers::tellsItsCalls() {
    QFETCH(int, transfer);
    QFETCH(int, atHeader);
    QFETCH(int, atFile);
    const auto large = file(m_content.size());
    const std::vector<Segment> segments{memory("header"),
                                        stretch(large->handle(), 0, static_cast<std::int64_t>(m_content.size()))};
    Connection connection;
    ResponseSender sender(connection.server.get(), options(static_cast<FileTransfer>(transfer)), 1);
    sender.begin(segments);
    QCOMPARE(sender.prepare(), std::int64_t{1});
    QCOMPARE(static_cast<int>(sender.nextCall()), atHeader);
    const auto first = sender.step();
    QVERIFY(static_cast<FileTransfer>(transfer) == FileTransfer::MmapWritev ? first > 6 : first == 6);
    QCOMPARE(sender.prepare(), std::int64_t{1});
    QCOMPARE(static_cast<int>(sender.nextCall()), atFile);
}

/// One connection's answers, each by its own size; where it has several stretches of files, by the longest.
void TestTransfers::choosesBySize() {
    const auto large = file(m_content.size());
    const auto limit = mappedFileOctets;
    const std::vector<std::pair<std::vector<Segment>, SystemCall>> answers{
        {{stretch(large->handle(), 0, limit - 1)}, SystemCall::Sendfile},
        {{stretch(large->handle(), 0, limit)}, SystemCall::Writev},
        {{stretch(large->handle(), 0, 1)}, SystemCall::Sendfile},
        {{stretch(large->handle(), 0, 1), memory("between"), stretch(large->handle(), 1, limit)}, SystemCall::Writev},
        {{stretch(large->handle(), 0, limit - 1), memory("between"), stretch(large->handle(), 1, limit - 1)},
         SystemCall::Sendfile}};
    Connection connection;
    ResponseSender sender(connection.server.get(), options(FileTransfer::BySize), 1);
    for (const auto& [segments, call] : answers) {
        sender.begin(segments);
        QCOMPARE(sender.prepare(), std::int64_t{1});
        QCOMPARE(static_cast<int>(sender.nextCall()), static_cast<int>(call));
        QCOMPARE(sendAll(sender, connection), std::int64_t{1});
    }
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestTransfers)
#include "tst_transfers.moc"
