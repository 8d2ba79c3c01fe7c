// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exchange/chrome_trace.h"

#include "engine/exchange/chrome_trace_writer.h"

#include <ostream>

namespace lab {

Result<void> writeChromeTrace(const Recording& recording, std::ostream& out) {
    ChromeTraceWriter(recording, out).write();
    out.flush();
    if (!out) {
        return Error{"the trace cannot be written: the output takes no more"};
    }
    return {};
}

} // namespace lab
