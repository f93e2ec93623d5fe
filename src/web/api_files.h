#pragma once

#include <string>
#include <vector>

#include "core/snapshot.h"
#include "web/node_view.h"

// The files that a node wrote, and what they were made from. Pure functions, any thread.
namespace promster {

// The `data` of GET /api/v1/files.
std::string files_json(const Snapshot& snapshot, const std::vector<ShownRule>& rules,
                       const std::vector<ShownRule>& alerts);

// The `data` of GET /api/v1/settings.
std::string settings_json(const std::vector<ShownSetting>& settings);

// The bytes of sd/targets.json; null where it was not written yet.
const std::string* targets_file(const Snapshot& snapshot);

}  // namespace promster
