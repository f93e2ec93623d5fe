#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/assignment.h"
#include "core/settings.h"
#include "core/target.h"

namespace promster {

// Who has which target, as one node computes it for all.
// A plain value: any thread reads it. Targets are known by their index in what it was made of.
class Share {
 public:
  Share() = default;
  Share(std::vector<std::string> members, const std::string& self, Assignment assignment);

  bool mine(std::size_t target) const;
  // Names of the owners.
  std::vector<std::string> owners(std::size_t target) const;
  const Assignment& assignment() const { return assignment_; }
  const std::vector<std::string>& members() const { return members_; }
  // The highest load over the mean; 1 without targets.
  double imbalance() const;
  // Equal on nodes that agree; of the same targets as were assigned.
  std::uint64_t checksum(std::span<const Target* const> targets) const;

 private:
  std::vector<std::string> members_;
  std::uint32_t self_ = 0;
  Assignment assignment_;
};

// Assigns `targets` to `members` (core/assignment.h). A target is hashed by its address or, where
// settings.key names a label that it has, by the value of that label. `settings.algorithm` is the
// one to use, and not kAuto (core/shard_algorithm.h). REQUIRES: `members` are sorted and unique.
// Pure, any thread.
Share take_share(std::span<const Target* const> targets, std::vector<std::string> members,
                 const std::string& self, const ShardSettings& settings);

// Without sharding every node has everything.
Share take_all(std::span<const Target* const> targets);

}  // namespace promster
