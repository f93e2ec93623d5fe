#include "core/cluster_changes.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace promster {
namespace {

using Owners = std::span<const std::uint32_t>;

constexpr std::uint32_t kNobody = TargetTable::kNowhere;

// Members of both pictures under one number each: those of the first, then who came.
struct Numbers {
  std::vector<std::string> names;
  std::vector<std::uint32_t> of_after;  // number of each member of the second picture

  Numbers(const std::vector<std::string>& before, const std::vector<std::string>& after)
      : names(before) {
    for (const std::string& name : after) {
      const auto found = std::ranges::find(before, name);
      of_after.push_back(static_cast<std::uint32_t>(found - before.begin()));
      if (found != before.end()) continue;
      of_after.back() = static_cast<std::uint32_t>(names.size());
      names.push_back(name);
    }
  }
  std::string name(std::uint32_t number) const {
    return number == kNobody ? std::string() : names[number];
  }
};

// Counts what moves, and remembers the first few.
class Tally {
 public:
  explicit Tally(Numbers numbers) : numbers_(std::move(numbers)) {}

  const Numbers& numbers() const { return numbers_; }

  // REQUIRES: `lost` and `won` have nobody in common.
  void moved(std::string_view address, Owners lost, Owners won) {
    for (std::size_t i = 0; i < std::max(lost.size(), won.size()); ++i) {
      const std::uint32_t from = i < lost.size() ? lost[i] : kNobody;
      const std::uint32_t to = i < won.size() ? won[i] : kNobody;
      ++counts_[{from, to}];
      if (examples_.size() == ClusterChange::kMostExamples) continue;
      examples_.push_back(
          {.address = std::string(address), .from = numbers_.name(from), .to = numbers_.name(to)});
    }
  }

  void tell(ClusterChange& change) && {
    for (const auto& [who, targets] : counts_) {
      change.moves.push_back(
          {.from = numbers_.name(who.first), .to = numbers_.name(who.second), .targets = targets});
    }
    std::ranges::stable_sort(change.moves, std::ranges::greater(), &MoveCount::targets);
    if (change.moves.size() > ClusterChange::kMostMoves) {
      change.moves.resize(ClusterChange::kMostMoves);
    }
    change.examples = std::move(examples_);
  }

 private:
  Numbers numbers_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> counts_;
  std::vector<MovedTarget> examples_;
};

// The owners of a target before and after, and what only one of them has; reused for each target.
struct Hands {
  std::vector<std::uint32_t> had, has, lost, won;

  void compare() {
    lost.clear();
    won.clear();
    std::ranges::copy_if(had, std::back_inserter(lost),
                         [&](auto one) { return std::ranges::find(has, one) == has.end(); });
    std::ranges::copy_if(has, std::back_inserter(won),
                         [&](auto one) { return std::ranges::find(had, one) == had.end(); });
  }
};

void count_moves(const ClusterPicture& before, const ClusterPicture& after,
                 std::span<const std::uint32_t> former, ClusterChange& change) {
  Tally tally(Numbers(before.sharing.members, after.sharing.members));
  std::vector<bool> still(before.targets.size());
  Hands hands;
  for (std::size_t i = 0; i < after.targets.size(); ++i) {
    hands.had.clear();
    hands.has.clear();
    const bool is_new = former[i] == TargetTable::kNowhere;
    if (!is_new) {
      const Owners owners = before.sharing.assignment.owners(former[i]);
      hands.had.assign(owners.begin(), owners.end());
      still[former[i]] = true;
    }
    for (const std::uint32_t owner : after.sharing.assignment.owners(i)) {
      hands.has.push_back(tally.numbers().of_after[owner]);
    }
    if (hands.had == hands.has) continue;
    hands.compare();
    if (!is_new && !(hands.lost.empty() && hands.won.empty())) ++change.targets_moved;
    tally.moved(after.targets.address(i), hands.lost, hands.won);
  }
  for (std::size_t i = 0; i < still.size(); ++i) {
    if (still[i]) continue;
    tally.moved(before.targets.address(i), before.sharing.assignment.owners(i), {});
  }
  std::move(tally).tell(change);
}

}  // namespace

ClusterChange target_changes(const ClusterPicture& before, const ClusterPicture& after,
                             std::span<const std::uint32_t> former) {
  ClusterChange change;
  change.targets_added =
      static_cast<std::size_t>(std::ranges::count(former, TargetTable::kNowhere));
  const std::size_t stayed = former.size() - change.targets_added;
  change.targets_removed = before.targets.size() - stayed;
  if (before.sharded && after.sharded) count_moves(before, after, former, change);
  return change;
}

std::vector<MemberChange> member_changes(const Membership& before, const Membership& after) {
  using Kind = MemberChange::Kind;
  std::vector<MemberChange> changes;
  const auto tell = [&](const std::string& name, Kind kind, std::string reason = "") {
    changes.push_back({.member = name, .kind = kind, .reason = std::move(reason)});
  };
  for (const auto& [name, was] : before.members) {
    if (after.members.contains(name)) continue;
    const bool drained = was.state == MemberState::kDraining;
    tell(name, Kind::kLeft, drained ? "drained" : "lease expired or revoked");
  }
  for (const auto& [name, is] : after.members) {
    const auto found = before.members.find(name);
    if (found == before.members.end()) {
      tell(name, Kind::kJoined);
      continue;
    }
    const Member& was = found->second;
    const bool was_kept = before.kept.contains(name), is_kept = after.kept.contains(name);
    if (is_kept && !was_kept) tell(name, Kind::kKept, "its key is gone, but it answers");
    if (was_kept && !is_kept) tell(name, Kind::kBack);
    if (was.instance != is.instance) tell(name, Kind::kOther, "a new run");
    if (was.state != is.state && is.state == MemberState::kDraining) tell(name, Kind::kDraining);
  }
  std::ranges::stable_sort(changes, {}, &MemberChange::member);
  return changes;
}

}  // namespace promster
