#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "core/matching.h"

namespace promster {
namespace {

class Repair {
 public:
  explicit Repair(Matching& matching) : matching_(matching), lists_(matching.scores.size()) {
    for (std::uint32_t target = 0; target < matching.targets.size(); ++target) {
      for (std::uint32_t i = 0; i < matching.owned[target]; ++i) {
        lists_[matching.owners.owners(target)[i]].targets.push_back(target);
      }
    }
  }

  void give_one(std::uint32_t target) {
    const std::uint32_t taker =
        best_for(target, [&](std::uint32_t rank) { return !matching_.owns(rank, target); });
    if (matching_.room[taker] == 0) {
      const std::uint32_t helper =
          best_for(target, [&](std::uint32_t rank) { return matching_.room[rank] > 0; });
      hand_over(least_wanted(taker, helper), taker, helper);
    }
    matching_.add(taker, target);
  }

 private:
  struct List {
    std::vector<std::uint32_t> targets;  // what a member owned before the repair
    bool sorted = false;                 // from the least wanted on
  };

  template <class Allowed>
  std::uint32_t best_for(std::uint32_t target, Allowed allowed) const {
    std::optional<Wish> best;
    for (std::uint32_t rank = 0; rank < matching_.scores.size(); ++rank) {
      const Wish wish{.score = matching_.scores.score(matching_.hashes[target], rank),
                      .rank = rank};
      if (allowed(rank) && (!best || wish.before(*best))) best = wish;
    }
    return best->rank;
  }

  // What `from` wants least of all that `to` does not own. What was passed over once never comes
  // into question again: while it has room, `to` gives nothing away, and whatever was added to
  // `from` since was lacking, and so is owned by all who have room.
  std::uint32_t least_wanted(std::uint32_t from, std::uint32_t to) {
    const auto& candidates = sorted_list(from);
    std::size_t& next = next_candidate_[{from, to}];
    while (!matching_.owns(from, candidates[next]) || matching_.owns(to, candidates[next])) ++next;
    return candidates[next];
  }

  const std::vector<std::uint32_t>& sorted_list(std::uint32_t rank) {
    List& list = lists_[rank];
    if (!std::exchange(list.sorted, true)) {
      std::ranges::sort(list.targets, std::greater(), [&](std::uint32_t target) {
        const std::uint64_t hash = matching_.hashes[target];
        return std::tuple(~matching_.scores.score(hash, rank), hash, matching_.targets[target].id);
      });
    }
    return list.targets;
  }

  void hand_over(std::uint32_t target, std::uint32_t from, std::uint32_t to) {
    std::ranges::replace(matching_.owners.owners(target), from, to);
    ++matching_.room[from];
    --matching_.room[to];
  }

  Matching& matching_;
  std::vector<List> lists_;  // by rank
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> next_candidate_;
};

// The best score first.
void sort_owners(Matching& matching, std::uint32_t target) {
  const auto wish = [&](std::uint32_t rank) {
    return Wish{.score = matching.scores.score(matching.hashes[target], rank), .rank = rank};
  };
  std::ranges::sort(matching.owners.owners(target),
                    [&](std::uint32_t a, std::uint32_t b) { return wish(a).before(wish(b)); });
}

}  // namespace

void repair(Matching& matching, std::vector<std::uint32_t> lacking) {
  if (lacking.empty()) return;
  std::ranges::sort(lacking, {}, [&](std::uint32_t target) { return matching.targets[target].id; });
  Repair repair(matching);
  for (const std::uint32_t target : lacking) {
    while (!matching.complete(target)) repair.give_one(target);
  }
  for (std::uint32_t target = 0; target < matching.targets.size(); ++target) {
    sort_owners(matching, target);
  }
}

}  // namespace promster
