#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/settings.h"
#include "core/target.h"

namespace promster {

// This node's part of the targets, and what it knows of everybody's.
struct Share {
  std::vector<const Target*> mine;          // into the targets given
  std::map<std::string, std::size_t> load;  // member -> number of targets
  std::size_t capacity = 0;                 // the most that one member may have
  std::uint64_t checksum = 0;               // equal on nodes that agree
  double imbalance = 1;                     // the highest load over the mean; 1 without targets
};

// Assigns `targets` to `members` (core/assignment.h) and picks what belongs to `self`. A target is
// hashed by its address or, where settings.key names a label that it has, by the value of that
// label. REQUIRES: `self` is one of `members`, whose names are unique. Pure, any thread.
Share take_share(std::span<const Target* const> targets, std::span<const std::string> members,
                 const std::string& self, const ShardSettings& settings);

// All targets, without sharding: every node scrapes everything.
Share take_all(std::span<const Target* const> targets, const std::string& self);

}  // namespace promster
