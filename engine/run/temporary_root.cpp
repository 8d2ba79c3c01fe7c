// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/run/temporary_root.h"

#include "engine/analysis/text_table.h"
#include "engine/filesystem/cache_hints.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

namespace lab {

namespace fs = std::filesystem;

namespace {

std::string escaped(std::string_view text) {
    std::string html;
    for (const char letter : text) {
        switch (letter) {
        case '<': html += "&lt;"; break;
        case '>': html += "&gt;"; break;
        case '&': html += "&amp;"; break;
        case '"': html += "&quot;"; break;
        default: html += letter;
        }
    }
    return html;
}

/// Two storeys and an operation that is on its way up: what the lab is about, in little.
constexpr std::string_view drawing =
    R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 72" width="240" height="72" role="img" )"
    R"(aria-label="A server above the floor, the kernel below it, an operation between them">)"
    R"(<rect x="1" y="1" width="238" height="34" rx="5" fill="#eef3f8" stroke="#8fa3b8"/>)"
    R"(<rect x="1" y="37" width="238" height="34" rx="5" fill="#dfe7ef" stroke="#8fa3b8"/>)"
    R"(<circle cx="44" cy="18" r="9" fill="#0072b2"/><circle cx="120" cy="36" r="9" fill="#e69f00"/>)"
    R"(<circle cx="196" cy="54" r="9" fill="#009e73"/></svg>)";

constexpr std::string_view style =
    "body{font:16px/1.5 Inter,system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1rem;color:#1d2a38;"
    "background:#fff}table{border-collapse:collapse}td{padding:.15rem 1.5rem .15rem 0}td+td{text-align:right}"
    "a{color:#0072b2}@media(prefers-color-scheme:dark){body{background:#16202b;color:#e4ebf2}a{color:#56b4e9}}";

/// What the hinted cache is told of the scenario's files.
std::string hintsOf(const Scenario& scenario) {
    std::string hints;
    for (const auto& file : scenario.files) {
        if (!file.hint.empty()) {
            hints += file.hint + " /" + file.path + "\n";
        }
    }
    return hints;
}

std::string contentOf(const ScenarioFile& file) {
    return file.content ? *file.content : fileContent(file.path, file.octets);
}

} // namespace

std::string fileContent(std::string_view path, std::int64_t octets) {
    const auto size = static_cast<std::size_t>(octets);
    std::string content;
    content.reserve(size + 128);
    for (std::uint64_t line = 1; content.size() < size; ++line) {
        content += std::string(path) + ", line " + std::to_string(line) + ": served by the Proactor Lab.\n";
    }
    content.resize(size);
    if (!content.empty()) {
        content.back() = '\n';
    }
    return content;
}

std::string indexPage(const Scenario& scenario, std::string_view servedBy) {
    std::string page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Proactor Lab</title>\n"
                       "<link rel=\"icon\" href=\"data:,\">\n<style>";
    page += style;
    page += "</style>\n</head>\n<body>\n";
    page += drawing;
    page += "\n<h1>Proactor Lab</h1>\n<p>This page was sent by the model <strong>" + escaped(servedBy) +
            "</strong>. In the lab's window your request is marked as one from outside.</p>\n";
    if (!scenario.title.empty()) {
        page += "<h2>" + escaped(scenario.title) + "</h2>\n<p>" + escaped(scenario.description) + "</p>\n";
    }
    if (!scenario.files.empty()) {
        page += "<table>\n";
        for (const auto& file : scenario.files) {
            page += "<tr><td><a href=\"" + escaped(file.path) + "\">" + escaped(file.path) + "</a></td><td>" +
                    withSeparators(file.octets) + " octets</td></tr>\n";
        }
        page += "</table>\n";
    }
    return page + "</body>\n</html>\n";
}

Result<TemporaryRoot> TemporaryRoot::create(const Scenario& scenario, std::string_view servedBy) {
    std::error_code failure;
    const auto folder = fs::temp_directory_path(failure);
    auto pattern = ((failure ? fs::path("/tmp") : folder) / "proactor-lab-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        return Error::ofSystem("cannot make the temporary document root " + pattern, errno);
    }
    TemporaryRoot root(std::move(pattern));
    const bool hasIndex = std::any_of(scenario.files.begin(), scenario.files.end(),
                                      [](const ScenarioFile& file) { return file.path == "index.html"; });
    if (!hasIndex) {
        if (const auto written = root.write("index.html", indexPage(scenario, servedBy)); !written) {
            return written.error();
        }
    }
    for (const auto& file : scenario.files) {
        if (const auto written = root.write(file.path, contentOf(file)); !written) {
            return written.error();
        }
    }
    const auto hints = hintsOf(scenario);
    if (!hints.empty()) {
        if (const auto written = root.write(std::string(CacheHints::fileName), hints); !written) {
            return written.error();
        }
    }
    return root;
}

Result<void> TemporaryRoot::write(const std::string& name, std::string_view content) const {
    const auto path = fs::path(m_path) / name;
    std::error_code failure;
    fs::create_directories(path.parent_path(), failure);
    if (failure) {
        return Error{"cannot make the folder of " + path.string() + ": " + failure.message()};
    }
    errno = 0;
    std::ofstream file(path, std::ios::binary);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    file.close();
    if (!file) {
        return Error::ofSystem("cannot write " + path.string(), errno != 0 ? errno : EIO);
    }
    return {};
}

TemporaryRoot::TemporaryRoot(TemporaryRoot&& other) noexcept
    : m_path(std::exchange(other.m_path, {})) {}

TemporaryRoot& TemporaryRoot::operator=(TemporaryRoot&& other) noexcept {
    if (this != &other) {
        remove();
        m_path = std::exchange(other.m_path, {});
    }
    return *this;
}

TemporaryRoot::~TemporaryRoot() { remove(); }

void TemporaryRoot::remove() {
    if (!m_path.empty()) {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
        m_path.clear();
    }
}

} // namespace lab
