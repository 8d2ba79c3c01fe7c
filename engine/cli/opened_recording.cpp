// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/opened_recording.h"

#include "engine/cli/command.h"
#include "engine/trace/recording_file.h"

namespace lab {

std::shared_ptr<Recording> openRecording(const Arguments& command, const char* name, std::ostream& err) {
    if (!command.has(name)) {
        command.complain(err, "RECORDING is missing", exitUsage);
        return nullptr;
    }
    const auto read = readRecording(command.text(name));
    if (!read) {
        command.complain(err, read.error().message, exitUsage);
        return nullptr;
    }
    if (!read->remark.empty()) {
        command.complain(err, command.text(name) + ": " + read->remark, exitDone);
    }
    return read->recording;
}

} // namespace lab
