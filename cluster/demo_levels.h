#pragma once

#include <string>
#include <vector>

#include "base/duration.h"
#include "cluster/hierarchy.h"

namespace promster {

// The etcd prefix at which the targets are registered.
inline constexpr const char* kDemoTargets = "/webservers/generator";

struct DemoLevels {
  std::string etcd_url;
  Duration interval{1000};    // of scrapes and evaluations
  Duration timeout{1000};     // of a scrape
  Duration range{30'000};     // of the samples that a rate is made of
  Duration ttl{5000};         // of a node in etcd; whole seconds
  Environment environment{};  // of every node, beside what the levels need
};

// Levels as in the example of the original's documentation (flaviostutz/promster, README.md), at
// intervals of one's own: level 1 scrapes the targets and records their request rates, each further
// level federates the one before it and adds up, and the last does not shard. `nodes` says how many
// a level has.
std::vector<LevelOptions> demo_levels(const DemoLevels& options, const std::vector<int>& nodes);

// The query for the total at the top, given how many levels there are.
std::string demo_total(std::size_t levels);

}  // namespace promster
