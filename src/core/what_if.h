#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/movement.h"
#include "core/settings.h"

// "What if nodes came or went?": the answer of `promster simulate`. Pure functions, any thread.
namespace promster {

// The two algorithms that a cluster can use, and two that it cannot, to compare with.
enum class AnyAlgorithm { kBounded, kLegacy, kRendezvous, kHashmod };
inline constexpr std::array kEveryAlgorithm{AnyAlgorithm::kBounded, AnyAlgorithm::kLegacy,
                                            AnyAlgorithm::kRendezvous, AnyAlgorithm::kHashmod};

// "bounded", "legacy", "rendezvous", "hashmod".
std::string_view any_algorithm_name(AnyAlgorithm algorithm);

// REQUIRES: not kAuto.
AnyAlgorithm any_algorithm(ShardAlgorithm effective);

// A cluster, and what happens to it.
struct WhatIfQuestion {
  std::span<const ShardTarget> targets;
  std::vector<std::string> members;
  std::vector<std::string> join, leave;  // names of members
  AnyAlgorithm algorithm = AnyAlgorithm::kBounded;
  AssignOptions options;
};

struct WhatIfAnswer {
  Sharing before, after;  // members by name
  Balance balance_before, balance_after;
  std::vector<Move> moves;
  std::size_t moved = 0;  // scrapes of a target that somebody starts
  double fewest = 0;      // moves with which the same could be had
};

// `count` names for nodes that would join, none of which a member has: "new-1:9090", ...
std::vector<std::string> new_members(std::size_t count, std::span<const std::string> members);

// Fails where one that leaves is no member ("\"a\" is no member; did you mean ...?"), one that
// joins is there already, or nobody would be left. REQUIRES: what assign() requires.
Result<WhatIfAnswer> what_if(const WhatIfQuestion& question);

}  // namespace promster
