#include "core/ring.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

using Names = std::vector<std::string>;

const ShardSettings kSettings;

std::map<std::string, Member> members(const Names& names) {
  std::map<std::string, Member> result;
  for (const std::string& name : names) {
    result[name] = {.name = name, .algorithm = kBoundedAlgorithm};
  }
  return result;
}

TEST(Ring, WeAreAlwaysInIt) {
  EXPECT_EQ(make_ring({.members = {}, .self = "a", .settings = kSettings}).members, Names{"a"});
  EXPECT_EQ(make_ring({.members = members({"b"}), .self = "a", .settings = kSettings}).members,
            (Names{"a", "b"}));
}

TEST(Ring, WhoDrainsIsNot) {
  auto all = members({"a", "b", "c"});
  EXPECT_EQ(
      make_ring({.members = all, .self = "a", .draining = true, .settings = kSettings}).members,
      (Names{"b", "c"}));
  EXPECT_EQ(
      make_ring({.members = members({"a"}), .self = "a", .draining = true, .settings = kSettings})
          .members,
      Names{"a"});
  all["c"].state = MemberState::kDraining;
  EXPECT_EQ(make_ring({.members = all, .self = "a", .settings = kSettings}).members,
            (Names{"a", "b"}));
}

TEST(Ring, WhoIsKeptIs) {
  EXPECT_EQ(
      make_ring({.members = members({"b"}), .kept = {"b"}, .self = "a", .settings = kSettings})
          .members,
      (Names{"a", "b"}));
}

TEST(Ring, OneOriginalPromsterMakesItTheLegacyRingForAll) {
  auto all = members({"a", "b", "c"});
  const Ring bounded = make_ring({.members = all, .self = "a", .settings = kSettings});
  EXPECT_EQ(bounded.algorithm, ShardAlgorithm::kBounded);
  all["c"].algorithm.clear();
  const Ring legacy = make_ring({.members = all, .self = "a", .settings = kSettings});
  EXPECT_EQ(legacy.algorithm, ShardAlgorithm::kLegacy);
  EXPECT_EQ(legacy.members, bounded.members);
  EXPECT_NE(legacy.hash, bounded.hash);
  // Its key is gone, but it lives: still its ring, which keeps nobody.
  const Ring kept = make_ring({.members = all, .kept = {"c"}, .self = "a", .settings = kSettings});
  EXPECT_EQ(kept.algorithm, ShardAlgorithm::kLegacy);
  EXPECT_EQ(kept.members, (Names{"a", "b"}));
}

TEST(Ring, TheHashIsThatOfTheMembersWhoeverLooks) {
  const auto all = members({"a", "b", "c"});
  const std::string hash = make_ring({.members = all, .self = "a", .settings = kSettings}).hash;
  EXPECT_EQ(hash, make_ring({.members = all, .self = "b", .settings = kSettings}).hash);
  EXPECT_NE(hash,
            make_ring({.members = members({"a", "b"}), .self = "a", .settings = kSettings}).hash);
  ShardSettings others;
  others.slack = 0.2;
  EXPECT_NE(hash, make_ring({.members = all, .self = "a", .settings = others}).hash)
      << "who is set differently gives targets to others";
}

TEST(Ring, WhoKnowsTheNamesAloneKnowsThatPartOfTheHash) {
  const Names names{"a", "b", "c"};
  ShardSettings others;
  others.slack = 0.2;
  for (const ShardSettings& settings : {kSettings, others}) {
    const Ring ring = make_ring({.members = members(names), .self = "a", .settings = settings});
    EXPECT_EQ(member_set_of(ring.hash), member_set_hash(names));
  }
  EXPECT_NE(member_set_hash(Names{"a", "b"}), member_set_hash(names));
  EXPECT_EQ(member_set_of(""), "");
  EXPECT_EQ(member_set_of("0123456789abcdef"), "");
}

}  // namespace
}  // namespace promster
