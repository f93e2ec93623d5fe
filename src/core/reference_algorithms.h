#pragma once

#include <span>
#include <string>

#include "core/assignment.h"

// Ways to share targets out that nobody is served by, to compare ours with: `promster simulate` and
// bench/movement. Pure functions, any thread; each REQUIRES what assign() does. Without members
// there are no owners.
namespace promster {

// Rendezvous hashing without a bound: every target to the members of its highest scores.
Assignment rendezvous_assign(std::span<const ShardTarget> targets,
                             std::span<const std::string> members, int replicas);

// Prometheus's `hashmod` relabelling, with our hash: the hash of the shard key modulo the number of
// members tells the place of the owner among their names; more owners are the next ones.
Assignment hashmod_assign(std::span<const ShardTarget> targets,
                          std::span<const std::string> members, int replicas);

}  // namespace promster
