// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/unsent_octets.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace lab {

UnsentOctets UnsentOctets::of(int socket) {
    int unsent = 0;
    if (::ioctl(socket, SIOCOUTQNSD, &unsent) != 0 || unsent <= 0) {
        return {};
    }
    int unacknowledged = 0; // what is not sent is counted in
    int segment = 0;
    socklen_t size = sizeof segment;
    const bool known = ::ioctl(socket, SIOCOUTQ, &unacknowledged) == 0 &&
                       ::getsockopt(socket, IPPROTO_TCP, TCP_MAXSEG, &segment, &size) == 0;
    const bool underWay = unacknowledged > unsent;
    return {known && underWay && unsent < segment ? HeldBack::Nagle : HeldBack::Window, unsent};
}

} // namespace lab
