#include "core/share.h"

#include <algorithm>
#include <utility>

#include "core/shard_algorithm.h"
#include "core/shard_targets.h"

namespace promster {
namespace {

constexpr const char* kEveryone = "*";

}  // namespace

Share::Share(std::vector<std::string> members, const std::string& self, Assignment assignment)
    : members_(std::move(members)),
      self_(static_cast<std::uint32_t>(std::ranges::find(members_, self) - members_.begin())),
      assignment_(std::move(assignment)) {}

bool Share::mine(std::size_t target) const {
  const auto owners = assignment_.owners(target);
  return std::ranges::find(owners, self_) != owners.end();
}

std::vector<std::string> Share::owners(std::size_t target) const {
  std::vector<std::string> names;
  for (const std::uint32_t member : assignment_.owners(target)) names.push_back(members_[member]);
  return names;
}

double Share::imbalance() const {
  const std::vector<std::size_t> load = assignment_.load();
  std::size_t sum = 0;
  for (const std::size_t one : load) sum += one;
  if (sum == 0) return 1;
  const auto most = static_cast<double>(*std::ranges::max_element(load));
  return most * static_cast<double>(load.size()) / static_cast<double>(sum);
}

std::uint64_t Share::checksum(std::span<const Target* const> targets) const {
  return assignment_checksum(shard_targets(targets, "address"), members_, assignment_);
}

Share take_share(std::span<const Target* const> targets, std::vector<std::string> members,
                 const std::string& self, const ShardSettings& settings) {
  const std::vector<ShardTarget> keys = shard_targets(targets, settings.key);
  Assignment assignment = assign_by(settings.algorithm, keys, members,
                                    {.slack = settings.slack, .replicas = settings.replicas});
  return {std::move(members), self, std::move(assignment)};
}

Share take_all(std::span<const Target* const> targets) {
  const ShardSettings alone{.algorithm = ShardAlgorithm::kBounded, .slack = 0};
  return take_share(targets, {kEveryone}, kEveryone, alone);
}

}  // namespace promster
