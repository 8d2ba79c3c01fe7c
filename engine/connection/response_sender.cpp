// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/response_sender.h"

#include "engine/trace/trace.h"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace lab {

void ResponseSender::begin(std::span<const Segment> segments) {
    m_cursor.begin(segments, m_connection);
    const auto longest = longestFileStretch(segments);
    m_isApart = false;
    if (!longest) {
        return;
    }
    if (const auto kind = transferOf(m_chosen, *longest); !m_transfer || kind != m_made) {
        m_transfer = makeTransferStrategy(kind, m_cork == Cork::MsgMore);
        m_made = kind;
    }
    if (m_cork == Cork::TcpCork) {
        holdBack(true);
    }
}

bool ResponseSender::byStrategy() const {
    return m_cursor.atMemory() ? m_transfer && m_transfer->takesMemory() && m_cursor.fileAhead() : !m_cursor.done();
}

std::int64_t ResponseSender::prepare() { return byStrategy() ? m_transfer->prepare(m_cursor) : 1; }

SystemCall ResponseSender::nextCall() const { return byStrategy() ? m_transfer->call() : SystemCall::Writev; }

std::int64_t ResponseSender::step() {
    std::int64_t taken = 0;
    do {
        taken = byStrategy() ? m_transfer->send(m_socket, m_cursor) : sendMemory();
    } while (taken == -EINTR);
    if (taken > 0) {
        m_cursor.advance(taken);
    }
    if (m_cork == Cork::None && m_isApart && m_cursor.done()) {
        m_unsent = UnsentOctets::of(m_socket);
    }
    return taken;
}

std::int64_t ResponseSender::sendMemory() {
    const auto gathered = m_cursor.gather();
    m_isApart = m_isApart || gathered.more;
    const int flags = MSG_NOSIGNAL | (gathered.more && m_cork == Cork::MsgMore ? MSG_MORE : 0);
    char joined[SendCursor::joinedOctets];
    if (const auto octets = SendCursor::join(gathered, joined); octets > 0) {
        const auto taken = ::send(m_socket, joined, octets, flags);
        return taken < 0 ? -errno : taken;
    }
    msghdr message{};
    message.msg_iov = gathered.pieces.data();
    message.msg_iovlen = gathered.pieces.size();
    const auto taken = ::sendmsg(m_socket, &message, flags);
    return taken < 0 ? -errno : taken;
}

void ResponseSender::finish() {
    if (m_transfer) {
        m_transfer->finish();
    }
    holdBack(false);
    if (m_cork == Cork::None && m_isApart) {
        LAB_MARK_WITH(OctetsHeldBack, HttpHandler, "octets held back", .connection = m_connection, .kind = m_unsent.why,
                      .value = m_unsent.octets);
    }
}

void ResponseSender::holdBack(bool hold) {
    if (hold == m_holdsBack) {
        return;
    }
    m_holdsBack = hold;
    const int value = hold ? 1 : 0;
    [[maybe_unused]] const int failure =
        ::setsockopt(m_socket, IPPROTO_TCP, TCP_CORK, &value, sizeof value) != 0 ? errno : 0;
    LAB_MARK(CallPerformed, HttpHandler, "cork or uncork", .connection = m_connection, .kind = SystemCall::Setsockopt,
             .value = failure != 0 ? -failure : value);
}

} // namespace lab
