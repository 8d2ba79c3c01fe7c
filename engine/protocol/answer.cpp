// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/protocol/answer.h"

#include "engine/http/conditions.h"
#include "engine/http/http_date.h"
#include "engine/http/request_target.h"
#include "engine/http/status.h"
#include "engine/protocol/pipeline_run.h"
#include "engine/trace/trace.h"

namespace lab {

namespace {

bool hasPreconditions(const Preconditions& conditions) {
    return conditions.hasIfMatch || conditions.hasIfNoneMatch || !conditions.ifModifiedSince.empty() ||
           !conditions.ifUnmodifiedSince.empty() || !conditions.range.empty();
}

/// Applies conditions and ranges to a file that would otherwise be answered whole.
void applyConditions(Answer& answer, const Request& request) {
    const auto& conditions = request.preconditions;
    const auto now = wallSeconds();
    const Validators validators{answer.file->entityTag, answer.file->modified};
    if (const auto status = evaluatePreconditions(conditions, validators, now); status != 0) {
        answer.status = status;
        return;
    }
    if (request.method != Method::Get || conditions.range.empty() || !ifRangeHolds(conditions, validators, now)) {
        return;
    }
    auto ranges = readRanges(conditions.range, answer.file->size);
    if (ranges.kind == RangeRequest::Kind::Parts) {
        answer.status = status::partialContent;
        answer.ranges = std::move(ranges.ranges);
    } else if (ranges.kind == RangeRequest::Kind::Unsatisfiable) {
        answer.status = status::rangeNotSatisfiable;
    }
}

unsigned refusalOfMethod(const Request& request) {
    switch (request.method) {
    case Method::Get:
    case Method::Head: return 0;
    case Method::Other: return status::methodNotAllowed;
    case Method::Unknown: break;
    }
    return status::notImplemented;
}

unsigned refusalOf(const Request& request) {
    if (const auto status = refusalOfMethod(request); status != 0) {
        return status;
    }
    return request.expectsOther ? status::expectationFailed : 0;
}

void redirectToDirectory(Answer& answer, const RequestTarget& target) {
    answer.status = status::movedPermanently;
    answer.location.append(target.asSent).append("/").append(target.query);
}

/// `path`: of the target, or what a service has put in its place.
void lookUp(Answer& answer, const Request& request, const RequestTarget& target, std::string_view path,
            CachedFilesystem& files, std::uint32_t connection) {
    auto lookup = files.find(path, connection);
    LAB_MARK(FileFound, Filesystem, "find file", .connection = connection, .kind = lookup.source, .value = lookup.name);
    switch (lookup.found) {
    case FileLookup::Found::File:
        answer.file = std::move(lookup.file);
        if (hasPreconditions(request.preconditions)) {
            applyConditions(answer, request);
        }
        return;
    case FileLookup::Found::Directory: return redirectToDirectory(answer, target);
    case FileLookup::Found::Nothing: answer.status = status::notFound; return;
    case FileLookup::Found::Trouble: answer.status = status::unavailable; return;
    }
}

/// As lookUp(), once the services have been asked.
void lookUpThroughServices(Answer& answer, const Request& request, const RequestTarget& target, CachedFilesystem& files,
                           std::uint32_t connection, PipelineRun& run) {
    run.targetKnown(target.authority.empty() ? request.authority : target.authority, target.path);
    if (const auto refused = run.authorize(); refused != 0) {
        answer.status = refused;
        return;
    }
    FileChoice choice{.path = std::string(target.path), .files = &files};
    run.chooseFile(choice);
    if (choice.status == status::movedPermanently) {
        redirectToDirectory(answer, target);
    } else if (choice.status != 0) {
        answer.status = choice.status;
    } else {
        lookUp(answer, request, target, choice.path, *choice.files, connection);
    }
}

} // namespace

Answer decideAnswer(const Request& request, CachedFilesystem& files, std::uint32_t connection, std::string& storage,
                    PipelineRun* run) {
    Answer answer;
    answer.withContent = request.method != Method::Head;
    answer.status = refusalOf(request);
    if (answer.status != 0) {
        return answer;
    }
    const auto target = readTarget(request.target, storage);
    answer.status = target.refusal;
    if (answer.status != 0) {
        return answer;
    }
    answer.status = status::ok;
    if (run != nullptr) {
        lookUpThroughServices(answer, request, target, files, connection, *run);
    } else {
        lookUp(answer, request, target, target.path, files, connection);
    }
    return answer;
}

} // namespace lab
