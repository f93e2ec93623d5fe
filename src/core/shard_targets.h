#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/assignment.h"
#include "core/target.h"

namespace promster {

// The targets as algorithms see them: hashed by their address or, where `key` names a label that
// they have, by its value; told apart by their etcd keys. The targets must outlive the result.
// Pure, any thread.
std::vector<ShardTarget> shard_targets(std::span<const Target* const> targets,
                                       const std::string& key);

}  // namespace promster
