#include "core/shard_algorithm.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/legacy_ring.h"

namespace promster {
namespace {

using enum ShardAlgorithm;

Member member(std::string algorithm, MemberState state = MemberState::kActive) {
  return {.name = "10.0.0.1:9090", .algorithm = std::move(algorithm), .state = state};
}

TEST(ShardAlgorithmTest, AutoIsLegacyWhileAnyMemberDoesNotNameTheBounded) {
  const Member ours = member("bounded-1"), original = member("");
  EXPECT_EQ(effective_algorithm(kAuto, {}), kBounded);
  EXPECT_EQ(effective_algorithm(kAuto, std::vector{ours}), kBounded);
  EXPECT_EQ(effective_algorithm(kAuto, std::vector{ours, ours}), kBounded);
  EXPECT_EQ(effective_algorithm(kAuto, std::vector{original}), kLegacy);
  EXPECT_EQ(effective_algorithm(kAuto, std::vector{ours, original, ours}), kLegacy);
  EXPECT_EQ(effective_algorithm(kAuto, std::vector{ours, member("bounded-2")}), kLegacy);
  EXPECT_EQ(effective_algorithm(kAuto, std::vector{ours, member("legacy")}), kLegacy);
}

TEST(ShardAlgorithmTest, AMemberThatDrainsCounts) {
  const Member leaving = member("bounded-1", MemberState::kDraining);
  EXPECT_EQ(effective_algorithm(kAuto, std::vector{leaving}), kBounded);
  EXPECT_EQ(effective_algorithm(kAuto, std::vector{member("", MemberState::kDraining), leaving}),
            kLegacy);
}

TEST(ShardAlgorithmTest, WhatIsSetIsUsed) {
  EXPECT_EQ(effective_algorithm(kLegacy, std::vector{member("bounded-1")}), kLegacy);
  EXPECT_EQ(effective_algorithm(kBounded, std::vector{member("")}), kBounded);
}

TEST(ShardAlgorithmTest, ANodeSetToLegacyKeepsTheOthersThere) {
  for (const ShardAlgorithm setting : {kAuto, kLegacy, kBounded}) {
    const Member node = member(std::string(published_algorithm(setting)));
    EXPECT_EQ(effective_algorithm(kAuto, std::vector{node}),
              setting == kLegacy ? kLegacy : kBounded);
  }
}

TEST(ShardAlgorithmTest, EachAssignsInItsWay) {
  std::vector<std::string> names, members{"10.0.0.1:9090", "10.0.0.2:9090", "10.0.0.3:9090"};
  for (int i = 0; i < 30; ++i) names.push_back("10.1.0." + std::to_string(i) + ":3000");
  std::vector<ShardTarget> targets;
  for (const std::string& name : names) targets.push_back({.shard_key = name, .id = name});
  const AssignOptions options{.slack = 0.2, .replicas = 2};
  EXPECT_EQ(assign_by(kLegacy, targets, members, options), legacy_assign(targets, members));
  EXPECT_EQ(assign_by(kBounded, targets, members, options), assign(targets, members, options));
  EXPECT_EQ(algorithm_name(kLegacy), "legacy");
  EXPECT_EQ(algorithm_name(kBounded), "bounded");
}

}  // namespace
}  // namespace promster
