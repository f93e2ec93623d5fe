#include "core/explain.h"

#include <algorithm>

#include "core/legacy_ring.h"
#include "core/shard_algorithm.h"

namespace promster {
namespace {

constexpr double kTwoTo64 = 18446744073709551616.0;
constexpr double kTwoTo32 = 4294967296.0;

std::string_view last_segment(std::string_view key) {
  return key.substr(key.rfind('/') + 1);
}

double score_of(ShardAlgorithm effective, const ShardTarget& target, const std::string& member) {
  if (effective != ShardAlgorithm::kLegacy) {
    return static_cast<double>(rendezvous_score(target.shard_key, member)) / kTwoTo64;
  }
  const auto points = legacy_points(member);
  return 1 - legacy_distance(legacy_key(last_segment(target.id)), points) / kTwoTo32;
}

std::vector<std::string> owner_names(const Assignment& assignment,
                                     std::span<const std::string> members, std::size_t target) {
  std::vector<std::string> names;
  for (const std::uint32_t owner : assignment.owners(target)) names.push_back(members[owner]);
  return names;
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

std::string next_owner(const Explanation& told) {
  for (const std::string& name : told.without.at(told.owners.front())) {
    if (!holds(told.owners, name)) return name;
  }
  return "";
}

std::string why(const Explanation& told) {
  const std::string& owner = told.owners.front();
  if (told.algorithm == ShardAlgorithm::kLegacy) {
    return owner + " has the next point on the ring behind the target's";
  }
  std::string full;
  for (const MemberScore& score : told.scores) {
    if (score.owner) break;
    full += (full.empty() ? "" : ", ") + score.member;
  }
  if (full.empty()) return owner + " has the highest score for it";
  return owner + " has the highest score for it but for " + full +
         ", full with targets of higher scores (" + std::to_string(told.capacity) +
         " is the most that one may have)";
}

}  // namespace

Explanation explain(ShardAlgorithm effective, std::span<const ShardTarget> targets,
                    std::span<const std::string> members, const AssignOptions& options,
                    std::size_t target) {
  const Assignment assignment = assign_by(effective, targets, members, options);
  Explanation told{.algorithm = effective,
                   .owners = owner_names(assignment, members, target),
                   .capacity = assignment.capacity()};
  const std::vector<std::size_t> load = assignment.load();
  for (std::size_t i = 0; i < members.size(); ++i) {
    told.scores.push_back({.member = members[i],
                           .score = score_of(effective, targets[target], members[i]),
                           .load = load[i],
                           .owner = holds(told.owners, members[i])});
  }
  std::ranges::sort(told.scores, {}, [](const MemberScore& score) {
    return std::pair(-score.score, std::string_view(score.member));
  });
  for (const std::string& owner : told.owners) {
    std::vector<std::string> others(members.begin(), members.end());
    std::erase(others, owner);
    told.without[owner] =
        owner_names(assign_by(effective, targets, others, options), others, target);
  }
  told.next_owner = next_owner(told);
  told.why = why(told);
  return told;
}

}  // namespace promster
