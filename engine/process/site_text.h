// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/site.h"

#include <optional>
#include <string>
#include <string_view>

namespace lab {

/// A site as a text, on its way from a process to the lab's table of sites.
std::string textOf(const Site& site);

/// Nothing: not such a text.
std::optional<SiteInfo> siteFrom(std::string_view text);

} // namespace lab
