// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/conditions.h"

#include "engine/http/characters.h"
#include "engine/http/http_date.h"
#include "engine/http/status.h"

#include <algorithm>

namespace lab {

namespace {

enum class Comparison { Strong, Weak };

/// Takes one entity tag off the front of `list` (RFC 9110 section 8.8.3); false where there is none.
bool takeEntityTag(std::string_view& list, std::string_view& tag, bool& weak) {
    const auto begin = list.find_first_not_of(" \t,");
    list = begin == std::string_view::npos ? std::string_view{} : list.substr(begin);
    weak = list.starts_with("W/");
    const auto quoted = list.substr(weak ? 2 : 0);
    if (!quoted.starts_with('"')) {
        return false;
    }
    const auto end = quoted.find('"', 1);
    if (end == std::string_view::npos) {
        return false;
    }
    tag = quoted.substr(0, end + 1);
    list = quoted.substr(end + 1);
    return true;
}

/// True when `list` is "*" or has a tag equal to that of the file, which is a strong one.
bool matches(std::string_view list, std::string_view fileTag, Comparison comparison) {
    if (withoutOuterSpace(list) == "*") {
        return true;
    }
    std::string_view tag;
    bool weak = false;
    while (takeEntityTag(list, tag, weak)) {
        if (tag == fileTag && (!weak || comparison == Comparison::Weak)) {
            return true;
        }
    }
    return false;
}

} // namespace

unsigned evaluatePreconditions(const Preconditions& conditions, const Validators& file, std::time_t now) {
    if (conditions.hasIfMatch) {
        if (!matches(conditions.ifMatch, file.entityTag, Comparison::Strong)) {
            return status::preconditionFailed;
        }
    } else if (!conditions.ifUnmodifiedSince.empty()) {
        const auto since = parseHttpDate(conditions.ifUnmodifiedSince, now);
        if (since && file.modified > *since) {
            return status::preconditionFailed;
        }
    }
    if (conditions.hasIfNoneMatch) {
        return matches(conditions.ifNoneMatch, file.entityTag, Comparison::Weak) ? status::notModified : 0;
    }
    if (!conditions.ifModifiedSince.empty()) {
        const auto since = parseHttpDate(conditions.ifModifiedSince, now);
        if (since && file.modified <= *since) {
            return status::notModified;
        }
    }
    return 0;
}

bool ifRangeHolds(const Preconditions& conditions, const Validators& file, std::time_t now) {
    const auto value = conditions.ifRange;
    if (value.empty()) {
        return true;
    }
    if (value.front() == '"' || value.starts_with("W/")) {
        return value == file.entityTag;
    }
    // A date tells versions apart only once the second that it names is over (RFC 9110 section 8.8.2.2).
    const auto date = parseHttpDate(value, now);
    return date && *date == file.modified && file.modified < now;
}

} // namespace lab
