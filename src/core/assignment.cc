#include "core/assignment.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/matching.h"

namespace promster {
namespace {

std::size_t owners_each(std::size_t members, const AssignOptions& options) {
  return std::min(static_cast<std::size_t>(std::max(options.replicas, 1)), members);
}

Matching empty_matching(std::span<const ShardTarget> targets, std::span<const std::string> members,
                        const AssignOptions& options) {
  const std::size_t capacity = shard_capacity(targets.size(), members.size(), options);
  Matching matching{
      .targets = targets,
      .scores = Scores(members),
      .hashes = {},
      .room = std::vector<std::uint32_t>(members.size(), static_cast<std::uint32_t>(capacity)),
      .owned = std::vector<std::uint32_t>(targets.size()),
      .owners = Assignment(members.size(), targets.size(), owners_each(members.size(), options),
                           capacity)};
  matching.hashes.reserve(targets.size());
  for (const ShardTarget& target : targets) matching.hashes.push_back(shard_hash(target.shard_key));
  return matching;
}

}  // namespace

Assignment::Assignment(std::size_t members, std::size_t targets, std::size_t owners_each,
                       std::size_t capacity)
    : members_(members),
      targets_(targets),
      owners_each_(owners_each),
      capacity_(capacity),
      stride_(owners_each),
      owners_(targets * owners_each) {}

Assignment Assignment::everyone(std::size_t members, std::size_t targets) {
  Assignment all;
  all.members_ = members;
  all.targets_ = targets;
  all.owners_each_ = members;
  all.capacity_ = targets;
  all.owners_.resize(members);
  std::iota(all.owners_.begin(), all.owners_.end(), 0);
  return all;
}

std::span<const std::uint32_t> Assignment::owners(std::size_t target) const {
  return std::span(owners_).subspan(target * stride_, owners_each_);
}

std::span<std::uint32_t> Assignment::owners(std::size_t target) {
  return std::span(owners_).subspan(target * stride_, owners_each_);
}

std::vector<std::size_t> Assignment::load() const {
  if (stride_ == 0) return std::vector<std::size_t>(members_, targets_);
  std::vector<std::size_t> load(members_);
  for (const std::uint32_t member : owners_) ++load[member];
  return load;
}

std::uint64_t rendezvous_score(std::string_view shard_key, std::string_view member) {
  return pair_hash(shard_hash(shard_key), shard_hash(member));
}

std::size_t shard_capacity(std::size_t targets, std::size_t members, const AssignOptions& options) {
  if (members == 0) return 0;
  constexpr std::size_t kMillion = 1'000'000;
  // A slack of as much as there are members lets one take all; more would only overflow.
  const double slack = std::clamp(options.slack, 0.0, static_cast<double>(members));
  const std::size_t millionths =
      kMillion + static_cast<std::size_t>(std::llround(slack * kMillion));
  const std::size_t wanted = targets * owners_each(members, options) * millionths;
  const std::size_t shares = members * kMillion;
  return std::min(targets, (wanted + shares - 1) / shares);
}

Assignment assign(std::span<const ShardTarget> targets, std::span<const std::string> members,
                  const AssignOptions& options) {
  if (members.empty()) return Assignment(0, targets.size(), 0, 0);
  Matching matching = empty_matching(targets, members, options);
  repair(matching, match(matching));
  for (std::size_t target = 0; target < targets.size(); ++target) {
    for (std::uint32_t& owner : matching.owners.owners(target)) {
      owner = matching.scores.input_index(owner);
    }
  }
  return std::move(matching.owners);
}

std::uint64_t assignment_checksum(std::span<const ShardTarget> targets,
                                  std::span<const std::string> members,
                                  const Assignment& assignment) {
  std::vector<std::uint64_t> member_hashes;
  for (const std::string& member : members) member_hashes.push_back(shard_hash(member));
  std::uint64_t sum = 0;
  for (std::size_t target = 0; target < targets.size(); ++target) {
    const std::uint64_t id = shard_hash(targets[target].id);
    for (const std::uint32_t owner : assignment.owners(target)) {
      sum += pair_hash(id, member_hashes[owner]);
    }
  }
  return sum;
}

}  // namespace promster
