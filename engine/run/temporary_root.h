// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/traffic/scenario.h"

#include <string>
#include <string_view>

namespace lab {

/// A document root in the system's folder for temporary files, with a scenario's files and an index page.
///
/// The files hold readable text made from their names: the same every time. Removed when this goes.
/// Threads: any, one at a time. Owner: a LabRun.
class TemporaryRoot {
public:
    /// `servedBy` is what the index page says of the server: "Proactor, thread pool".
    /// Error: a file cannot be made, or not be filled.
    static Result<TemporaryRoot> create(const Scenario& scenario, std::string_view servedBy);

    TemporaryRoot(TemporaryRoot&& other) noexcept;
    TemporaryRoot& operator=(TemporaryRoot&& other) noexcept;
    ~TemporaryRoot();

    const std::string& path() const { return m_path; }

private:
    explicit TemporaryRoot(std::string path)
        : m_path(std::move(path)) {}
    Result<void> write(const std::string& name, std::string_view content) const;
    void remove();

    std::string m_path;
};

/// `octets` octets of text about the file `path`.
std::string fileContent(std::string_view path, std::int64_t octets);

/// The page at "/": plain HTML with everything in it.
std::string indexPage(const Scenario& scenario, std::string_view servedBy);

} // namespace lab
