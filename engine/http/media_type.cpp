// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/media_type.h"

#include "engine/http/characters.h"

#include <array>

namespace lab {

namespace {

struct Extension {
    std::string_view extension;
    std::string_view type;
};

constexpr std::array extensions{
    Extension{"html", "text/html; charset=utf-8"},
    Extension{"htm", "text/html; charset=utf-8"},
    Extension{"css", "text/css; charset=utf-8"},
    Extension{"js", "text/javascript; charset=utf-8"},
    Extension{"mjs", "text/javascript; charset=utf-8"},
    Extension{"json", "application/json"},
    Extension{"txt", "text/plain; charset=utf-8"},
    Extension{"md", "text/markdown; charset=utf-8"},
    Extension{"csv", "text/csv; charset=utf-8"},
    Extension{"xml", "application/xml"},
    Extension{"xhtml", "application/xhtml+xml"},
    Extension{"svg", "image/svg+xml"},
    Extension{"png", "image/png"},
    Extension{"jpg", "image/jpeg"},
    Extension{"jpeg", "image/jpeg"},
    Extension{"gif", "image/gif"},
    Extension{"webp", "image/webp"},
    Extension{"avif", "image/avif"},
    Extension{"ico", "image/vnd.microsoft.icon"},
    Extension{"bmp", "image/bmp"},
    Extension{"woff", "font/woff"},
    Extension{"woff2", "font/woff2"},
    Extension{"ttf", "font/ttf"},
    Extension{"otf", "font/otf"},
    Extension{"pdf", "application/pdf"},
    Extension{"wasm", "application/wasm"},
    Extension{"mp3", "audio/mpeg"},
    Extension{"ogg", "audio/ogg"},
    Extension{"wav", "audio/wav"},
    Extension{"mp4", "video/mp4"},
    Extension{"webm", "video/webm"},
    Extension{"zip", "application/zip"},
    Extension{"gz", "application/gzip"},
    Extension{"tar", "application/x-tar"},
};

} // namespace

std::string_view mediaType(std::string_view path) {
    const auto name = path.substr(path.rfind('/') + 1);
    const auto dot = name.rfind('.');
    if (dot != std::string_view::npos) {
        for (const auto& known : extensions) {
            if (equalsIgnoringCase(known.extension, name.substr(dot + 1))) {
                return known.type;
            }
        }
    }
    return "application/octet-stream";
}

} // namespace lab
