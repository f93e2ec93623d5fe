#include "core/what_if.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "core/legacy_ring.h"
#include "core/reference_algorithms.h"

namespace promster {
namespace {

using Names = std::set<std::string>;

Sharing share(const WhatIfQuestion& question, const Names& names) {
  std::vector<std::string> members(names.begin(), names.end());
  const auto assigned = [&]() -> Assignment {
    switch (question.algorithm) {
      case AnyAlgorithm::kLegacy:
        return legacy_assign(question.targets, members);
      case AnyAlgorithm::kRendezvous:
        return rendezvous_assign(question.targets, members, question.options.replicas);
      case AnyAlgorithm::kHashmod:
        return hashmod_assign(question.targets, members, question.options.replicas);
      case AnyAlgorithm::kBounded:
        break;
    }
    return assign(question.targets, members, question.options);
  };
  Assignment assignment = assigned();
  return {.members = std::move(members), .assignment = std::move(assignment)};
}

Result<Names> members_after(const WhatIfQuestion& question) {
  Names after(question.members.begin(), question.members.end());
  for (const std::string& name : question.leave) {
    if (after.erase(name) == 1) continue;
    const auto meant = did_you_mean(name, question.members);
    return Error{
        "\"" + printable(name) + "\" is no member" +
        (meant ? "; did you mean " + printable(*meant) + "?" : "; try: one of the members")};
  }
  for (const std::string& name : question.join) {
    if (after.insert(name).second) continue;
    return Error{"\"" + printable(name) + "\" is a member already; try: another name"};
  }
  if (after.empty()) return Error{"no member would be left; try: fewer that leave"};
  return after;
}

}  // namespace

std::string_view any_algorithm_name(AnyAlgorithm algorithm) {
  constexpr std::array<std::string_view, kEveryAlgorithm.size()> kNames{"bounded", "legacy",
                                                                        "rendezvous", "hashmod"};
  return kNames[static_cast<std::size_t>(algorithm)];
}

AnyAlgorithm any_algorithm(ShardAlgorithm effective) {
  return effective == ShardAlgorithm::kLegacy ? AnyAlgorithm::kLegacy : AnyAlgorithm::kBounded;
}

std::vector<std::string> new_members(std::size_t count, std::span<const std::string> members) {
  const Names taken(members.begin(), members.end());
  std::vector<std::string> names;
  for (std::size_t i = 1; names.size() < count; ++i) {
    std::string name = "new-" + std::to_string(i) + ":9090";
    if (!taken.contains(name)) names.push_back(std::move(name));
  }
  return names;
}

Result<WhatIfAnswer> what_if(const WhatIfQuestion& question) {
  const auto members = members_after(question);
  if (!members) return members.error();
  WhatIfAnswer answer{.before = share(question, {question.members.begin(), question.members.end()}),
                      .after = share(question, *members)};
  answer.balance_before = balance_of(answer.before);
  answer.balance_after = balance_of(answer.after);
  answer.moves = moves_between(answer.before, answer.after);
  answer.moved = count_moved(answer.moves);
  answer.fewest = fewest_moves(answer.before, answer.after);
  return answer;
}

}  // namespace promster
