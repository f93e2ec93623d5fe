#include "core/shard_targets.h"

namespace promster {
namespace {

std::string_view shard_key(const Target& target, const std::string& key) {
  if (key == "address") return target.address;
  const std::string* label = target.labels.find(key);
  return label == nullptr ? target.address : *label;
}

}  // namespace

std::vector<ShardTarget> shard_targets(std::span<const Target* const> targets,
                                       const std::string& key) {
  std::vector<ShardTarget> result;
  result.reserve(targets.size());
  for (const Target* target : targets) {
    result.push_back({.shard_key = shard_key(*target, key), .id = target->key});
  }
  return result;
}

}  // namespace promster
