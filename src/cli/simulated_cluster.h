#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/call_error.h"
#include "core/assignment.h"
#include "core/what_if.h"

namespace promster {

// The cluster that `promster simulate` is about. Thread rule: one thread.
struct SimulatedCluster {
  std::vector<std::string> names;       // of targets, as people know them; each once
  std::vector<std::string> shard_keys;  // what is hashed of each
  std::vector<std::string> ids;         // what tells them apart
  std::vector<std::string> members;     // each once
  ShardAlgorithm algorithm = ShardAlgorithm::kBounded;  // what such a cluster would use

  // Good as long as this is.
  std::vector<ShardTarget> targets() const;
};

// Reads --targets and --members, each a file (a name a line, lines that are empty or start with "#"
// left out) or a number of made-up ones (10.1.0.1:3000 ..., 10.0.0.1:9090 ...); the one that is not
// given is listed from the etcd of the settings. Blocks while it reads.
Result<SimulatedCluster, CallError> read_simulated_cluster(const CommandCall& call);

}  // namespace promster
