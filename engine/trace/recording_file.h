// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/trace/recording.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace lab {

/// What became of reading a recording file.
struct ReadRecording {
    std::shared_ptr<Recording> recording;
    std::string remark; ///< empty, or why less was read than was once written: "cut off after event 88,310"
    bool whole = true;  ///< the file was closed properly
};

/// How whoever waits for a reading hears of it, and ends it.
struct ReadWatch {
    std::function<void(double share)> progress{}; ///< 0 to 1 of the file's octets; called between blocks, if set
    std::stop_token stop{};                       ///< asked between blocks: then the reading ends with an Error
};

/// Reads a whole file. Reads up to the first damage and says so in the remark; Error only when nothing can be
/// read: no such file, not a recording, a newer format, damage before the first event; or `watch` stopped it.
Result<ReadRecording> readRecording(const std::string& file, const ReadWatch& watch = {});

/// Writes a recording to a file while it grows, on a thread of its own.
///
/// Role: recorder to disk. Decides: when to flush (four times a second: what a crash can cost).
/// Threads: created, asked and finished by the owner. A follower of the recording, so nothing is dropped unwritten.
/// When the disk is full it stops writing, cuts the file back to the last whole block, keeps the error, and the
/// recording in memory goes on.
class RecordingWriter {
public:
    /// Error: the file cannot be made.
    static Result<std::unique_ptr<RecordingWriter>> create(const std::string& file,
                                                           std::shared_ptr<Recording> recording);
    virtual ~RecordingWriter() = default; ///< finishes

    /// Writes what is left and the closing block. The trace has stopped by then. Error: what went wrong, if anything
    /// did.
    virtual Result<void> finish() = 0;

    virtual std::string trouble() const = 0; ///< empty while all is well
    virtual std::size_t written() const = 0; ///< events
};

/// Writes a finished recording in one go.
Result<void> writeRecording(std::shared_ptr<Recording> recording, const std::string& file);

} // namespace lab
