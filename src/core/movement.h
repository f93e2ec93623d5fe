#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/assignment.h"

// What changes for whom when members or targets come or go. Pure functions, any thread.
namespace promster {

// Members and what they own.
struct Sharing {
  std::vector<std::string> members;
  Assignment assignment;  // of these members
};

// How even a sharing is.
struct Balance {
  double fair = 0;  // targets a member, if all had the same
  std::size_t most = 0, least = 0;
  double max_over_mean = 1;  // 1 without targets or members
};

Balance balance_of(const Sharing& sharing);

// A target that changed hands. Known by its index.
struct Move {
  std::size_t target = 0;
  std::vector<std::string> from, to;  // owners that it lost, and that it won; by name
};

// The moves between two sharings of the same targets, by target; of targets that only one has
// (the last ones of the longer) nothing is said.
std::vector<Move> moves_between(const Sharing& before, const Sharing& after);

// How often a member has to start scraping: the sum of all Move::to.
std::size_t count_moved(std::span<const Move> moves);

// The fewest moves with which the same targets can be shared out fairly again: what the members
// that left had must go somewhere, and who came should have a fair share.
double fewest_moves(const Sharing& before, const Sharing& after);

}  // namespace promster
