// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/filesystem/cached_filesystem.h"
#include "engine/http/byte_ranges.h"
#include "engine/http/request.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace lab {

/// What a request is to be answered with: a value, independent of the octets of the request.
struct Answer {
    unsigned status = 200;
    bool withContent = true;                ///< false for HEAD: header only
    std::shared_ptr<const ServedFile> file; ///< for 200, 206, 304 and 416
    std::vector<ByteRange> ranges;          ///< for 206
    std::string location;                   ///< for 301

    static Answer ofStatus(unsigned status) { return {status, true, nullptr, {}, {}}; }
};

class PipelineRun;

/// Decides method, target, file, conditions and ranges, in this order. Looks into `files`, and marks FileFound for
/// `connection`. `storage` serves for decoding the path. `run`: the services that are asked before the file is looked
/// for; null: none.
Answer decideAnswer(const Request& request, CachedFilesystem& files, std::uint32_t connection, std::string& storage,
                    PipelineRun* run = nullptr);

} // namespace lab
