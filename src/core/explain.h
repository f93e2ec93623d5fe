#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/assignment.h"
#include "core/settings.h"

namespace promster {

// What a member is to one target.
struct MemberScore {
  std::string member;
  double score = 0;      // 0 to 1, the higher the more wished for
  std::size_t load = 0;  // targets that it owns
  bool owner = false;    // of the one that is explained
};

// Why a target belongs to whom it belongs.
struct Explanation {
  ShardAlgorithm algorithm = ShardAlgorithm::kBounded;  // not kAuto
  std::vector<std::string> owners;                      // the best first
  // Of each owner: who would own the target if that one died.
  std::map<std::string, std::vector<std::string>> without;
  std::string next_owner;           // who would take over from the first owner; empty: nobody
  std::size_t capacity = 0;         // the most targets that a member may own
  std::vector<MemberScore> scores;  // of all members, the highest first
  std::string why;                  // a sentence for people
};

// Explains targets[target]. By the legacy ring a score is how near the next point of the member is,
// 1 being the nearest. REQUIRES: `effective` is not kAuto, there is a member, target <
// targets.size(), and what assign() requires. Pure, any thread; assigns all targets anew once, and
// once for each owner.
Explanation explain(ShardAlgorithm effective, std::span<const ShardTarget> targets,
                    std::span<const std::string> members, const AssignOptions& options,
                    std::size_t target);

}  // namespace promster
