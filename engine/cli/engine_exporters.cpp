// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/exporter.h"

namespace lab {

std::vector<Exporter> engineExporters() { return {}; }

} // namespace lab
