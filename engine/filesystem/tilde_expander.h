// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/filesystem/perfect_hash.h"
#include "engine/filesystem/user_folders.h"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace lab {

/// Finds the public folder of "/~user/path" without asking the system's user database: all users are known beforehand,
/// and found by a perfect hash.
///
/// Role: Tilde Expander (P section 2). Decides: whose folder a path means. The table is built as a whole and then never
/// changes; when a user is added a new one takes its place, while others go on with the former one.
/// Threads: any, at the same time. Owner: who serves the folders.
class TildeExpander {
public:
    TildeExpander() { rebuild({}); }

    /// From now on exactly these users are known. Of several with one name the first counts.
    void rebuild(std::vector<UserFolder> users);

    struct Expansion {
        std::shared_ptr<const UserFolder> folder;
        std::string_view rest; ///< of the path, in the folder: "/path"; empty for "/~user" without a slash behind it
    };

    /// `path` is decoded. Nothing: it does not begin with "/~" and the name of a known user.
    std::optional<Expansion> expand(std::string_view path) const;

    std::size_t users() const { return table()->users.size(); }

private:
    struct Table {
        std::vector<UserFolder> users;
        PerfectHash hash;
    };
    std::shared_ptr<const Table> table() const;

    mutable std::mutex m_mutex;
    std::shared_ptr<const Table> m_table; ///< guarded by m_mutex; never null
};

} // namespace lab
