// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace lab {

/// Tells a trouble that is looked at again and again each time that it is another one: the same with other figures (so
/// many lines are missing now) is no news, and neither is none.
///
/// Threads: its owner's.
class TroubleWatch {
public:
    /// What is to be told.
    std::optional<std::string> look(std::string trouble) {
        auto kind = withoutFigures(trouble);
        if (std::exchange(m_last, kind) == kind || trouble.empty()) {
            return std::nullopt;
        }
        return trouble;
    }

private:
    static std::string withoutFigures(std::string text) {
        std::erase_if(text, [](char letter) { return letter >= '0' && letter <= '9'; });
        return text;
    }

    std::string m_last; ///< without its figures
};

} // namespace lab
