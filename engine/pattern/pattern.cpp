// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/pattern/pattern.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace lab {

int declarationLine(std::string_view header, std::string_view name) {
    for (const std::string_view kind : {"class ", "struct ", "union ", "void "}) {
        const auto wanted = std::string(kind) + std::string(name);
        for (auto at = header.find(wanted); at != std::string_view::npos; at = header.find(wanted, at + 1)) {
            const auto end = at + wanted.size();
            const char next = end < header.size() ? header[end] : '\0';
            const bool isWhole = std::isalnum(static_cast<unsigned char>(next)) == 0 && next != '_';
            const bool beginsLine = at == 0 || header[at - 1] == '\n';
            if (isWhole && beginsLine && next != ';') { // else a part of another name, or a mere announcement
                return static_cast<int>(std::count(header.begin(), header.begin() + static_cast<long>(at), '\n')) + 1;
            }
        }
    }
    return 0;
}

} // namespace lab
