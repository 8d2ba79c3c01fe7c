// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTemporaryDir>

#include <string>
#include <string_view>

namespace lab::test {

/// A document root with everything that the corpus asks for, and something beside it that must never be told.
///
/// Times of modification are fixed, so that dates in answers are known. Owner: a test.
class DocumentTree {
public:
    DocumentTree();

    std::string root() const { return m_directory.filePath("root").toStdString(); }
    /// The whole file at a path under the root, "/hello.txt".
    std::string content(std::string_view path) const;
    /// As the server is expected to say it.
    std::string entityTag(std::string_view path) const;

    /// Stands in a file beside the root, which links in the root point to.
    static constexpr std::string_view secret = "nobody outside may read this";
    /// Last-Modified of every file.
    static constexpr std::string_view modified = "Sat, 01 Feb 2020 10:20:30 GMT";

    /// Puts a file with the fixed time.
    void write(const std::string& path, std::string_view content) const;

private:
    QTemporaryDir m_directory;
};

} // namespace lab::test
