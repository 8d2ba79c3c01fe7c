// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/document_tree.h"

#include "engine/http/file_fields.h"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <sys/stat.h>

namespace lab::test {

namespace {

constexpr std::time_t modifiedSeconds = 1'580'552'430;

std::string noise(std::size_t octets) {
    std::mt19937 generator(static_cast<unsigned>(octets));
    std::string text(octets, '\0');
    for (char& octet : text) {
        octet = static_cast<char>(generator());
    }
    return text;
}

} // namespace

DocumentTree::DocumentTree() {
    const std::filesystem::path root = this->root();
    for (const char* folder : {"sub", "noindex", "a b", "indexisfolder/index.html"}) {
        std::filesystem::create_directories(root / folder);
    }
    write("index.html", "<!DOCTYPE html>\n<title>root</title>\n");
    write("hello.txt", "Hello from the laboratory.\n");
    write("sub/index.html", "<!DOCTYPE html>\n<title>sub</title>\n");
    write("sub/page.html", "<!DOCTYPE html>\n<title>page</title>\n");
    write("noindex/file.txt", "in a folder without index\n");
    write("a b/c d.txt", "spaces\n");
    write("percent%2541.txt", "a name with a percent sign\n");
    write("gr\xc3\xbc\xc3\x9f.txt", "umlauts\n");
    write("noextension", "octets\n");
    write("style.css", "p { margin: 0 }\n");
    write("script.js", "void 0;\n");
    write("UPPER.HTML", "<p>upper\n");
    write("picture.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>\n");
    write("a..dots.txt", "two dots and more\n");
    write(".people", secret);
    write("empty.txt", "");
    write("500b.bin", noise(500));
    write("5k.bin", noise(5'000));
    write("large.bin", noise(200'000));
    write("5m.bin", noise(5'242'880));
    write("../secret.txt", secret);
    std::filesystem::create_symlink("hello.txt", root / "link.txt");
    std::filesystem::create_symlink("sub", root / "linkedsub");
    std::filesystem::create_symlink("../secret.txt", root / "escape.txt");
    std::filesystem::create_symlink(root.parent_path() / "secret.txt", root / "absolute.txt");
    std::filesystem::create_symlink("..", root / "up");
    std::filesystem::create_symlink("/etc", root / "etc");
    std::filesystem::create_symlink("loop", root / "loop");
    if (::mkfifo((root / "pipe").c_str(), 0600) != 0) {
        throw std::runtime_error("cannot make a named pipe");
    }
}

void DocumentTree::write(const std::string& path, std::string_view content) const {
    const auto file = root() + "/" + path;
    std::ofstream(file, std::ios::binary) << content;
    const timespec times[] = {{modifiedSeconds, 0}, {modifiedSeconds, 0}};
    if (::utimensat(AT_FDCWD, file.c_str(), times, 0) != 0) {
        throw std::runtime_error("cannot set the time of " + file);
    }
}

std::string DocumentTree::content(std::string_view path) const {
    std::ifstream file(root() + std::string(path), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string DocumentTree::entityTag(std::string_view path) const {
    struct stat status {};
    if (::stat((root() + std::string(path)).c_str(), &status) != 0) {
        throw std::runtime_error("no such file in the document tree: " + std::string(path));
    }
    return makeEntityTag(status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec, status.st_size, status.st_ino);
}

} // namespace lab::test
