#pragma once

#include <string>
#include <vector>

#include "cluster/hierarchy.h"

namespace promster {

// The etcd prefix at which the targets of the demo are registered.
inline constexpr const char* kDemoTargets = "/webservers/generator";

// The levels of the demo: the example of the original's documentation (flaviostutz/promster,
// README.md), quicker: level 1 scrapes the targets and records their request rates, each further
// level federates the one before it and adds up, and the last does not shard. `nodes` says how many
// a level has.
std::vector<LevelOptions> demo_levels(const std::string& etcd_url, const std::vector<int>& nodes);

// The query for the total at the top, given how many levels there are.
std::string demo_total(std::size_t levels);

}  // namespace promster
