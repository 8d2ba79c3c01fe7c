// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/filesystem/cached_filesystem.h"
#include "engine/filesystem/tilde_expander.h"

#include <memory>

namespace lab {

/// The public folders of all users as one filesystem: "/~user/path" is looked for in that user's folder, and nowhere
/// else. Each folder is a document root of its own, with all that a document root guarantees; where it lies below a
/// home it is opened below it, so that it cannot be a link that leads out of the home.
///
/// Folders are opened when they are first asked for, and so many stay open; each has a small cache. Another one that
/// takes a folder's place is noticed within a second (FollowedFolder). `recording` may be
/// null; `expander` is borrowed, and may be rebuilt meanwhile. Threads: any.
std::unique_ptr<CachedFilesystem> makeUserFilesystem(const TildeExpander& expander, Recording* recording);

} // namespace lab
