#include "core/share.h"

#include <algorithm>

#include "core/assignment.h"

namespace promster {
namespace {

std::string_view shard_key(const Target& target, const std::string& key) {
  if (key == "address") return target.address;
  const std::string* label = target.labels.find(key);
  return label == nullptr ? target.address : *label;
}

std::vector<ShardTarget> shard_targets(std::span<const Target* const> targets,
                                       const std::string& key) {
  std::vector<ShardTarget> result;
  result.reserve(targets.size());
  for (const Target* target : targets) {
    result.push_back({.shard_key = shard_key(*target, key), .id = target->key});
  }
  return result;
}

double imbalance_of(const std::vector<std::size_t>& load) {
  std::size_t sum = 0;
  for (const std::size_t one : load) sum += one;
  if (sum == 0) return 1;
  const auto most = static_cast<double>(*std::ranges::max_element(load));
  return most * static_cast<double>(load.size()) / static_cast<double>(sum);
}

}  // namespace

Share take_share(std::span<const Target* const> targets, std::span<const std::string> members,
                 const std::string& self, const ShardSettings& settings) {
  const std::vector<ShardTarget> keys = shard_targets(targets, settings.key);
  const Assignment assignment =
      assign(keys, members, {.slack = settings.slack, .replicas = settings.replicas});
  Share share{.mine = {},
              .load = {},
              .capacity = assignment.capacity(),
              .checksum = assignment_checksum(keys, members, assignment)};
  const std::vector<std::size_t> load = assignment.load();
  share.imbalance = imbalance_of(load);
  for (std::size_t i = 0; i < members.size(); ++i) share.load[members[i]] = load[i];
  const auto own = static_cast<std::uint32_t>(std::ranges::find(members, self) - members.begin());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto owners = assignment.owners(i);
    if (std::ranges::find(owners, own) != owners.end()) share.mine.push_back(targets[i]);
  }
  return share;
}

Share take_all(std::span<const Target* const> targets, const std::string& self) {
  Share share{.mine = {targets.begin(), targets.end()}, .load = {}, .capacity = targets.size()};
  share.load[self] = targets.size();
  const std::vector<ShardTarget> keys = shard_targets(targets, "address");
  const std::vector<std::string> everyone{"*"};  // every node, so that all agree
  share.checksum =
      assignment_checksum(keys, everyone, assign(keys, everyone, {.slack = 0, .replicas = 1}));
  return share;
}

}  // namespace promster
