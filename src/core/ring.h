#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/member.h"
#include "core/settings.h"

namespace promster {

// The members that share the targets, and how: what every node must see alike to agree.
struct Ring {
  std::vector<std::string> members;  // sorted
  ShardAlgorithm algorithm = ShardAlgorithm::kBounded;
  // Names members, algorithm and what it was set to in a few bytes, "MEMBERS-HOW", each part in
  // hexadecimal digits; nodes publish it as Member::applied, and nodes that are set differently do
  // not take each other's word. MEMBERS is what others can check who know the names only.
  std::string hash;
};

// Who the ring is made of.
struct RingInput {
  const std::map<std::string, Member>& members;  // those that vanished but live among them
  std::set<std::string> kept;  // those among them that vanished (core/member_guard.h)
  std::string self;
  bool draining = false;  // whether we are about to leave, or have left
  const ShardSettings& settings;
};

// Ourselves, unless we are draining and somebody else is there, and every other member that is not
// draining. Pure, any thread.
Ring make_ring(const RingInput& input);

// What Ring::hash has of these members, sorted. Pure, any thread.
std::string member_set_hash(std::span<const std::string> members);
// That part of a Ring::hash; empty where there is none.
std::string_view member_set_of(std::string_view ring_hash);

}  // namespace promster
