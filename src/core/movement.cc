#include "core/movement.h"

#include <algorithm>
#include <limits>
#include <map>

namespace promster {
namespace {

constexpr std::uint32_t kGone = std::numeric_limits<std::uint32_t>::max();

// Where each member of `from` is in `to`; kGone where it is not.
std::vector<std::uint32_t> places(const std::vector<std::string>& from,
                                  const std::vector<std::string>& to) {
  std::map<std::string_view, std::uint32_t> place;
  for (std::uint32_t i = 0; i < to.size(); ++i) place.emplace(to[i], i);
  std::vector<std::uint32_t> result;
  for (const std::string& name : from) {
    const auto found = place.find(name);
    result.push_back(found == place.end() ? kGone : found->second);
  }
  return result;
}

bool holds(std::span<const std::uint32_t> owners, std::uint32_t member) {
  return std::ranges::find(owners, member) != owners.end();
}

// The names of those owners that, seen from the other side, are no owners there.
std::vector<std::string> only_here(std::span<const std::uint32_t> owners,
                                   const std::vector<std::string>& names,
                                   const std::vector<std::uint32_t>& there,
                                   std::span<const std::uint32_t> owners_there) {
  std::vector<std::string> result;
  for (const std::uint32_t owner : owners) {
    if (!holds(owners_there, there[owner])) result.push_back(names[owner]);
  }
  std::ranges::sort(result);
  return result;
}

std::size_t count_targets(const Sharing& sharing) {
  std::size_t sum = 0;
  for (const std::size_t one : sharing.assignment.load()) sum += one;
  const std::size_t each = sharing.assignment.owners_each();
  return each == 0 ? 0 : sum / each;
}

}  // namespace

Balance balance_of(const Sharing& sharing) {
  const std::vector<std::size_t> load = sharing.assignment.load();
  if (load.empty()) return {};
  const auto [least, most] = std::ranges::minmax(load);
  std::size_t sum = 0;
  for (const std::size_t one : load) sum += one;
  const double fair = static_cast<double>(sum) / static_cast<double>(load.size());
  return {.fair = fair,
          .most = most,
          .least = least,
          .max_over_mean = sum == 0 ? 1 : static_cast<double>(most) / fair};
}

std::vector<Move> moves_between(const Sharing& before, const Sharing& after) {
  const auto to_after = places(before.members, after.members);
  const auto to_before = places(after.members, before.members);
  const std::size_t targets = std::min(count_targets(before), count_targets(after));
  std::vector<Move> moves;
  for (std::size_t i = 0; i < targets; ++i) {
    const auto had = before.assignment.owners(i), has = after.assignment.owners(i);
    Move move{.target = i,
              .from = only_here(had, before.members, to_after, has),
              .to = only_here(has, after.members, to_before, had)};
    if (!move.from.empty() || !move.to.empty()) moves.push_back(std::move(move));
  }
  return moves;
}

std::size_t count_moved(std::span<const Move> moves) {
  std::size_t moved = 0;
  for (const Move& move : moves) moved += move.to.size();
  return moved;
}

double fewest_moves(const Sharing& before, const Sharing& after) {
  const auto to_after = places(before.members, after.members);
  const auto load = before.assignment.load();
  std::size_t orphaned = 0;
  for (std::size_t i = 0; i < load.size(); ++i) orphaned += to_after[i] == kGone ? load[i] : 0;
  const auto to_before = places(after.members, before.members);
  const auto came = static_cast<double>(std::ranges::count(to_before, kGone));
  return std::max(static_cast<double>(orphaned), came * balance_of(after).fair);
}

}  // namespace promster
