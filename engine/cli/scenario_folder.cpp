// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/scenario_folder.h"

#include "engine/analysis/suggestion.h"

#include <cstdlib>
#include <filesystem>
#include <vector>

namespace lab {

namespace fs = std::filesystem;

std::string scenarioFolder() {
    const char* given = std::getenv("PROACTOR_LAB_SCENARIOS");
    return given != nullptr && *given != '\0' ? given : LAB_SOURCE_DIR "/scenarios";
}

Result<Scenario> findScenario(const std::string& name) {
    std::error_code failure;
    if (fs::exists(name, failure)) {
        return readScenario(name);
    }
    const auto inFolder = fs::path(scenarioFolder()) / (name + ".json");
    if (name.find('/') == std::string::npos && fs::exists(inFolder, failure)) {
        return readScenario(inFolder.string());
    }
    std::vector<std::string> ids;
    for (const auto& file : scenarioFiles(scenarioFolder())) {
        ids.push_back(fs::path(file).stem().string());
    }
    std::string list;
    for (const auto& id : ids) {
        list += (list.empty() ? "" : ", ") + id;
    }
    const std::vector<std::string_view> known(ids.begin(), ids.end());
    return Error{"there is no scenario \"" + name + "\"" + suggestion(name, known) +
                 (list.empty() ? " (and none in " + scenarioFolder() + ")" : " (scenarios: " + list + ")")};
}

} // namespace lab
