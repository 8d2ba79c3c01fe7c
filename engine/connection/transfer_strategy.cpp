// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/transfer_strategy.h"

namespace lab {

std::unique_ptr<TransferStrategy> makeTransferStrategy(FileTransfer transfer, bool announce) {
    switch (transfer) {
    case FileTransfer::ReadWrite: return makeReadWriteTransfer(announce);
    case FileTransfer::MmapWritev: return makeMmapWritevTransfer(announce);
    case FileTransfer::Splice: return makeSpliceTransfer(announce);
    case FileTransfer::Suited:
    case FileTransfer::BySize:
    case FileTransfer::Sendfile:
    case FileTransfer::AsyncReadWrite:
    case FileTransfer::TransmitFile: break;
    }
    return makeSendfileTransfer();
}

} // namespace lab
