#include "core/shard_algorithm.h"

#include <algorithm>

#include "core/legacy_ring.h"

namespace promster {

ShardAlgorithm effective_algorithm(ShardAlgorithm setting, std::span<const Member> members) {
  if (setting != ShardAlgorithm::kAuto) return setting;
  const auto bounded = [](const Member& member) { return member.algorithm == kBoundedAlgorithm; };
  return std::ranges::all_of(members, bounded) ? ShardAlgorithm::kBounded : ShardAlgorithm::kLegacy;
}

std::string_view published_algorithm(ShardAlgorithm setting) {
  return setting == ShardAlgorithm::kLegacy ? "legacy" : kBoundedAlgorithm;
}

std::string_view algorithm_name(ShardAlgorithm effective) {
  return effective == ShardAlgorithm::kLegacy ? "legacy" : "bounded";
}

Assignment assign_by(ShardAlgorithm effective, std::span<const ShardTarget> targets,
                     std::span<const std::string> members, const AssignOptions& options) {
  return effective == ShardAlgorithm::kLegacy ? legacy_assign(targets, members)
                                              : assign(targets, members, options);
}

}  // namespace promster
