#include "core/reference_algorithms.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "core/scores.h"

namespace promster {

Assignment rendezvous_assign(std::span<const ShardTarget> targets,
                             std::span<const std::string> members, int replicas) {
  // With a slack of as much as there are members nobody is ever full.
  return assign(targets, members,
                {.slack = static_cast<double>(members.size()), .replicas = replicas});
}

Assignment hashmod_assign(std::span<const ShardTarget> targets,
                          std::span<const std::string> members, int replicas) {
  std::vector<std::uint32_t> by_name(members.size());
  std::iota(by_name.begin(), by_name.end(), 0);
  std::ranges::sort(by_name, {}, [&](std::uint32_t i) { return std::string_view(members[i]); });
  const std::size_t each = std::min(static_cast<std::size_t>(replicas), members.size());
  Assignment assignment(members.size(), targets.size(), each, targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const std::uint64_t hash = shard_hash(targets[i].shard_key);
    const auto owners = assignment.owners(i);
    for (std::size_t k = 0; k < each; ++k) owners[k] = by_name[(hash + k) % members.size()];
  }
  return assignment;
}

}  // namespace promster
