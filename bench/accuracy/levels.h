#pragma once

#include <string>
#include <vector>

#include "base/duration.h"
#include "cluster/hierarchy.h"

namespace promster {

// The etcd prefix at which the targets are registered.
inline constexpr const char* kAccuracyTargets = "/webservers/generator";
// The query for the total at the top.
inline constexpr const char* kAccuracyTotal = "total:http_requests_app_total:irate";

struct AccuracyLevels {
  std::string etcd_url;
  Duration interval{5000};  // of scrapes and evaluations
  Duration ttl{5000};       // of the members; whole seconds
  Environment more;         // of every node
};

// Three levels with the rules of the example of the original's documentation (flaviostutz/promster,
// README.md): level 1 scrapes the targets, 2 and 3 federate the one before, 3 does not shard.
std::vector<LevelOptions> accuracy_levels(const AccuracyLevels& options,
                                          const std::vector<int>& nodes);

}  // namespace promster
