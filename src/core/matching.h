#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/assignment.h"
#include "core/scores.h"

// The two steps of assign(). Pure, any thread.
namespace promster {

// A matching of targets and members in the making. Owners are ranks (scores.h).
struct Matching {
  std::span<const ShardTarget> targets;
  Scores scores;
  std::vector<std::uint64_t> hashes;  // of the shard key, by target
  std::vector<std::uint32_t> room;    // how many more a member may take, by rank
  std::vector<std::uint32_t> owned;   // how many owners a target has by now
  Assignment owners;

  bool owns(std::uint32_t rank, std::uint32_t target) const;
  bool complete(std::uint32_t target) const { return owned[target] == owners.owners_each(); }
  void add(std::uint32_t rank, std::uint32_t target);
};

// Matches in order of score: every pair of a target and a member, the best score first, is taken
// where the member has room and the target needs an owner. That is the stable matching, since
// nobody who was preferred by both is ever passed over. Pairs nobody asks for are never looked at:
// a target names its next wish when the one before is granted or refused, and targets of one shard
// key do so together. Returns the targets that lack owners: members with room own them already.
std::vector<std::uint32_t> match(Matching& matching);

// Gives each of these targets, in order of id, the owners it lacks. Its best member that does not
// own it, A, is full. So A hands the target it wants least to C, the member with room that the
// lacking target likes best; and takes the lacking one. There always is something to hand over: A
// owns more than C, so it owns something that C does not.
// REQUIRES: `lacking` is what match() returned.
void repair(Matching& matching, std::vector<std::uint32_t> lacking);

}  // namespace promster
