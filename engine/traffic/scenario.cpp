// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/scenario.h"

#include "engine/base/text_file.h"
#include "engine/http/characters.h"
#include "engine/traffic/field_reader.h"

#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <sstream>

namespace lab {

namespace {

using Presence = FieldReader::Presence;

constexpr unsigned mostClients = 20'000;
constexpr std::int64_t mostFileOctets = 100'000'000;
constexpr std::int64_t largestSeed = 9'007'199'254'740'991; // what every JSON reader can hold exactly
constexpr std::int64_t fastest = 1'000'000'000;             // octets a second
constexpr double longestPhase = 86'400;

std::string element(const std::string& list, std::size_t index) { return list + "[" + std::to_string(index) + "]"; }

constexpr std::array<std::string_view, 6> ownFields{"Host",           "User-Agent",        "Connection",
                                                    "Content-Length", "Transfer-Encoding", "Expect"};

bool isFilePath(const std::string& path) {
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    if (path.find_first_not_of(allowed) != std::string::npos) {
        return false;
    }
    std::istringstream parts(path + "/");
    for (std::string part; std::getline(parts, part, '/');) {
        if (part.empty() || part == "." || part == "..") {
            return false;
        }
    }
    return true;
}

bool isTarget(const std::string& path) {
    return !path.starts_with('/') &&
           std::all_of(path.begin(), path.end(), [](char letter) { return letter > ' ' && letter < 0x7f; });
}

/// Its length, or its text.
void readContent(FieldReader& fields, ScenarioFile& file) {
    if (!fields.has("content")) {
        file.octets = fields.readWhole("octets", 0, mostFileOctets, Presence::Required).value_or(0);
        return;
    }
    constexpr std::size_t longestContent = 100'000;
    fields.readText("content", file.content.emplace(), longestContent, Presence::Optional);
    file.octets = static_cast<std::int64_t>(file.content->size());
    if (fields.has("octets")) {
        fields.refuse("octets", "makes no sense with content, which says how long the file is");
    }
}

std::vector<ScenarioFile> readFiles(const LocatedValue& list, ReadErrors& errors) {
    std::vector<ScenarioFile> files;
    std::set<std::string> seen;
    std::int64_t sum = 0;
    for (std::size_t index = 0; index < list.items.size(); ++index) {
        FieldReader fields(list.items[index], element("files", index), errors,
                           {"path", "octets", "content", "share", "hint", "cold"});
        ScenarioFile file;
        file.share = 1;
        fields.readText("path", file.path, 200, Presence::Required);
        readContent(fields, file);
        fields.readNumber("share", file.share, 0, 1e6, Presence::Optional);
        if (const auto hint = fields.readWord("hint", {"pin", "prefetch"}, Presence::Optional)) {
            file.hint = *hint == 0 ? "pin" : "prefetch";
        }
        fields.readBoolean("cold", file.isCold);
        if (!isFilePath(file.path)) {
            fields.refuse("path", "must be a path under the document root, without leading '/', of letters, digits "
                                  "and -._~");
        }
        if (!seen.insert(file.path).second) {
            fields.refuse("path", "is the path of an earlier file too");
        }
        if ((sum += file.octets) > 10 * mostFileOctets) {
            fields.refuse("octets", "all files together must not have more than 1000000000 octets");
        }
        files.push_back(std::move(file));
    }
    return files;
}

void readMix(FieldReader& fields, const std::string& path, ClientGroup& group, ReadErrors& errors) {
    const auto* list = fields.readArray("mix", 1, 10'000, Presence::Optional);
    double sum = 0;
    for (std::size_t index = 0; list != nullptr && index < list->items.size(); ++index) {
        FieldReader entry(list->items[index], element(path + ".mix", index), errors, {"path", "share"});
        std::string target;
        double share = 1;
        entry.readText("path", target, 2000, Presence::Optional);
        entry.readNumber("share", share, 0, 1e6, Presence::Optional);
        if (!entry.has("path")) {
            entry.refuse("path", "is missing");
        } else if (!isTarget(target)) {
            entry.refuse("path", "must be of visible ASCII letters, without leading '/'");
        }
        sum += share;
        group.mix.emplace_back(std::move(target), share);
    }
    if (list != nullptr && sum <= 0) {
        fields.refuse("mix", "at least one share must be above 0");
    }
}

/// What the client says itself, or what would say where the request ends.
bool isOwnField(std::string_view name) {
    return std::any_of(ownFields.begin(), ownFields.end(),
                       [&](std::string_view own) { return boost::iequals(own, name); });
}

/// Whom the requests ask, what else they say, and which answer is good.
void readRequest(FieldReader& fields, ClientGroup& group) {
    fields.readText("host", group.host, 255, Presence::Optional);
    if (fields.has("host") && (group.host.empty() || !isTarget(group.host))) {
        fields.refuse("host", "must be of visible ASCII letters, without leading '/'");
    }
    group.status = static_cast<unsigned>(fields.readWhole("status", 300, 599, Presence::Optional).value_or(0));
    const auto* more = fields.readValue("fields", LocatedValue::Kind::Object);
    for (const auto& [name, value] : more != nullptr ? more->members : decltype(more->members){}) {
        if (value.kind != LocatedValue::Kind::Text || name.empty() || !allOf(TokenCharacter, name) ||
            !allOf(ValueCharacter, value.text)) {
            fields.refuse("fields", "must hold names and values of header fields, and not \"" + name + "\" as it is");
        } else if (isOwnField(name)) {
            fields.refuse("fields", "must not hold " + name + ", which the client sends as it needs it");
        }
        group.fields.emplace_back(name, value.text);
    }
}

void readArrivals(FieldReader& fields, ClientGroup& group) {
    if (const auto which = fields.readWord("arrivals", {"closed", "poisson", "constant"}, Presence::Optional)) {
        group.arrivals = static_cast<Arrivals>(*which);
    }
    const bool open = group.arrivals != Arrivals::Closed;
    fields.readNumber("thinkSeconds", group.thinkSeconds, 0, 3600, Presence::Optional);
    fields.readNumber("perSecond", group.perSecond, 0.01, 200'000, open ? Presence::Required : Presence::Optional);
    if (fields.has("firstWithinSeconds")) {
        fields.readNumber("firstWithinSeconds", group.firstWithinSeconds.emplace(), 0, 3600, Presence::Optional);
    }
    for (const auto* name : {"thinkSeconds", "firstWithinSeconds"}) {
        if (open && fields.has(name)) {
            fields.refuse(name, "is for \"closed\" arrivals only");
        }
    }
    if (!open && fields.has("perSecond")) {
        fields.refuse("perSecond", "is for \"poisson\" and \"constant\" arrivals only");
    }
}

ClientGroup readGroup(const LocatedValue& value, const std::string& path, bool filesGiven, ReadErrors& errors) {
    FieldReader fields(value, path, errors,
                       {"name", "arrivals", "clients", "thinkSeconds", "firstWithinSeconds", "perSecond", "keepAlive",
                        "requestsPerConnection", "sendOctetsPerSecond", "receiveOctetsPerSecond", "linkOctetsPerSecond",
                        "mix", "host", "fields", "status"});
    ClientGroup group;
    fields.readText("name", group.name, 60, Presence::Required);
    group.clients = static_cast<unsigned>(fields.readWhole("clients", 1, mostClients, Presence::Required).value_or(1));
    readArrivals(fields, group);
    fields.readBoolean("keepAlive", group.keepAlive);
    group.requestsPerConnection =
        static_cast<unsigned>(fields.readWhole("requestsPerConnection", 0, 1'000'000, Presence::Optional).value_or(0));
    if (!group.keepAlive && group.requestsPerConnection > 1) {
        fields.refuse("requestsPerConnection", "needs keepAlive");
    }
    group.sendOctetsPerSecond = fields.readWhole("sendOctetsPerSecond", 0, fastest, Presence::Optional).value_or(0);
    group.receiveOctetsPerSecond =
        fields.readWhole("receiveOctetsPerSecond", 0, fastest, Presence::Optional).value_or(0);
    group.linkOctetsPerSecond = fields.readWhole("linkOctetsPerSecond", 0, fastest, Presence::Optional).value_or(0);
    if (group.linkOctetsPerSecond > 0 && group.receiveOctetsPerSecond > 0) {
        fields.refuse("linkOctetsPerSecond", "makes no sense with receiveOctetsPerSecond: a slow reader has a line of "
                                             "its own");
    }
    readMix(fields, path, group, errors);
    readRequest(fields, group);
    if (!filesGiven && !fields.has("mix")) {
        fields.refuse("mix", "is missing, and there are no files with a share above 0 to ask for");
    }
    return group;
}

Phase readPhase(const LocatedValue& value, const std::string& path, bool filesGiven, ReadErrors& errors) {
    FieldReader fields(value, path, errors, {"name", "seconds", "server", "groups"});
    Phase phase;
    fields.readText("name", phase.name, 60, Presence::Required);
    fields.readNumber("seconds", phase.seconds, 0.01, longestPhase, Presence::Required);
    if (const auto* server = fields.readObject("server")) {
        phase.server = readWantedServer(*server, path + ".server", errors);
    }
    const auto* list = fields.readArray("groups", 0, 100, Presence::Required);
    std::set<std::string> seen;
    unsigned clients = 0;
    for (std::size_t index = 0; list != nullptr && index < list->items.size(); ++index) {
        const auto where = element(path + ".groups", index);
        auto group = readGroup(list->items[index], where, filesGiven, errors);
        if (!seen.insert(group.name).second) {
            const auto* name = list->items[index].member("name");
            errors.add(name != nullptr ? name->line : list->items[index].line, where + ".name",
                       "is the name of an earlier group of this phase too");
        }
        if ((clients += group.clients) > mostClients) {
            fields.refuse("groups", "all groups together must not have more than 20000 clients");
        }
        phase.groups.push_back(std::move(group));
    }
    return phase;
}

Scenario readDocument(const LocatedValue& document, ReadErrors& errors) {
    FieldReader fields(
        document, "", errors,
        {"$schema", "title", "description", "seed", "pace", "linkOctetsPerSecond", "server", "files", "phases"});
    Scenario scenario;
    std::string schema;
    fields.readText("$schema", schema, 1000, Presence::Optional);
    fields.readText("title", scenario.title, 80, Presence::Required);
    fields.readText("description", scenario.description, 2000, Presence::Optional);
    scenario.seed =
        static_cast<std::uint64_t>(fields.readWhole("seed", 0, largestSeed, Presence::Optional).value_or(1));
    if (fields.has("pace")) {
        fields.readNumber("pace", scenario.pace.emplace(), 0.1, 1'000'000, Presence::Required);
    }
    scenario.linkOctetsPerSecond = fields.readWhole("linkOctetsPerSecond", 0, fastest, Presence::Optional).value_or(0);
    if (const auto* server = fields.readObject("server")) {
        scenario.server = readWantedServer(*server, "server", errors);
    }
    if (const auto* files = fields.readArray("files", 0, 10'000, Presence::Optional)) {
        scenario.files = readFiles(*files, errors);
    }
    const bool filesGiven = std::any_of(scenario.files.begin(), scenario.files.end(),
                                        [](const ScenarioFile& file) { return file.share > 0; });
    const auto* phases = fields.readArray("phases", 1, 1000, Presence::Required);
    for (std::size_t index = 0; phases != nullptr && index < phases->items.size(); ++index) {
        scenario.phases.push_back(readPhase(phases->items[index], element("phases", index), filesGiven, errors));
    }
    return scenario;
}

} // namespace

double Scenario::seconds() const {
    double sum = 0;
    for (const auto& phase : phases) {
        sum += phase.seconds;
    }
    return sum;
}

Result<Scenario> parseScenario(std::string_view text, std::string_view name) {
    auto document = parseLocatedJson(text, name);
    if (!document) {
        return document.error();
    }
    ReadErrors errors{.file = std::string(name), .first = {}};
    auto scenario = readDocument(*document, errors);
    if (errors.first) {
        return *errors.first;
    }
    scenario.id = std::filesystem::path(name).stem().string();
    return scenario;
}

Result<Scenario> readScenario(const std::string& file) {
    const auto text = readTextFile(file, "a scenario", longestByHand);
    return text ? parseScenario(*text, file) : text.error();
}

std::vector<std::string> scenarioFiles(const std::string& folder) {
    std::vector<std::string> files;
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
        const auto& path = entry.path();
        if (path.extension() == ".json" && !path.stem().has_extension() && readScenario(path.string())) {
            files.push_back(path.string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace lab
