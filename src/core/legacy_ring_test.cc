#include "core/legacy_ring.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

namespace promster {
namespace {

using Names = std::vector<std::string>;
using Indices = std::vector<std::uint32_t>;

// The owner of each target, as an index into the members.
Indices owners_of(const Names& targets, const Names& members) {
  std::vector<ShardTarget> shard;
  for (const std::string& target : targets) shard.push_back({.shard_key = "", .id = target});
  const Assignment assignment = legacy_assign(shard, members);
  Indices owners;
  for (std::size_t i = 0; i < targets.size(); ++i) owners.push_back(assignment.owners(i)[0]);
  return owners;
}

// Vectors from the original's own code (compat.md 8).

TEST(LegacyRingTest, PointsAndKeysOfTheOriginal) {
  EXPECT_EQ(legacy_points("10.0.0.1:9090"),
            (std::array<std::uint32_t, 3>{116042427, 4199323241, 1658803156}));
  EXPECT_EQ(legacy_key("10.1.0.1:3000"), 2828355229U);
}

TEST(LegacyRingTest, OwnersOfTheOriginal) {
  const Names all{"10.0.0.1:9090", "10.0.0.2:9090", "10.0.0.3:9090", "172.18.0.12:9090",
                  "192.168.1.7:9090"};
  const Names expected{"111111111111111111111111", "111212121111212112212211",
                       "313232121333232132212213", "414232444433442142412444",
                       "514232444535452152412444"};
  Names targets;
  for (int j = 1; j <= 24; ++j) targets.push_back("10.1.0." + std::to_string(j) + ":3000");
  for (std::size_t count = 1; count <= all.size(); ++count) {
    const Names members(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
    std::string owners;
    for (const std::uint32_t owner : owners_of(targets, members)) {
      owners += static_cast<char>('1' + owner);
    }
    EXPECT_EQ(owners, expected[count - 1]);
  }
}

TEST(LegacyRingTest, EveryCaseOfTheOriginal) {
  std::ifstream file(PROMSTER_SOURCE_DIR "/src/core/testdata/legacy-ring.json");
  const auto cases = nlohmann::json::parse(file);
  ASSERT_EQ(cases.size(), 6U);
  for (const auto& one : cases) {
    const auto members = one.at("members").get<Names>();
    EXPECT_EQ(owners_of(one.at("targets").get<Names>(), members), one.at("owners").get<Indices>())
        << members.size() << " members, the first " << members[0];
  }
}

// Found by search: a place that both names have.
constexpr std::uint32_t kSharedPlace = 3785384319;
const Names kColliding{"m1891:9090", "m36643:9090"};

TEST(LegacyRingTest, OnASharedPlaceTheLaterNameOwns) {
  for (const std::string& name : kColliding) {
    EXPECT_TRUE(std::ranges::count(legacy_points(name), kSharedPlace) == 1) << name;
  }
  EXPECT_EQ(LegacyRing(kColliding).owner(kSharedPlace - 1), 1U);
  EXPECT_EQ(LegacyRing(Names{kColliding[1], kColliding[0]}).owner(kSharedPlace - 1), 0U);
}

TEST(LegacyRingTest, APointOnTheKeyItselfDoesNotCount) {
  const Names members{"10.0.0.1:9090", "10.0.0.2:9090"};
  const LegacyRing ring(members);
  for (std::uint32_t i = 0; i < members.size(); ++i) {
    for (const std::uint32_t place : legacy_points(members[i])) {
      EXPECT_EQ(ring.owner(place - 1), i);
      EXPECT_EQ(legacy_distance(place - 1, std::array{place}), 0U);
      EXPECT_EQ(legacy_distance(place, std::array{place}), 0xFFFFFFFFU);
    }
  }
  EXPECT_EQ(LegacyRing(Names{"10.0.0.1:9090"}).owner(4199323241), 0U) << "round the end";
}

TEST(LegacyRingTest, TheNameOfATargetIsTheLastSegmentOfItsKey) {
  const Names members{"10.0.0.1:9090", "10.0.0.2:9090", "10.0.0.3:9090"};
  for (int j = 1; j <= 24; ++j) {
    const std::string name = "10.1.0." + std::to_string(j) + ":3000";
    EXPECT_EQ(owners_of({"/webservers/generator/" + name}, members), owners_of({name}, members));
  }
}

TEST(LegacyRingTest, WithoutMembersNobodyOwns) {
  const std::vector<ShardTarget> targets{{.shard_key = "a:1", .id = "a:1"}};
  EXPECT_EQ(legacy_assign(targets, {}).owners_each(), 0U);
}

RC_GTEST_PROP(LegacyRingTest, TheOrderOfMembersDoesNotMatterAndTheNearestOwns, ()) {
  Names members = kColliding;
  for (int i = *rc::gen::inRange(0, 8); i > 0; --i) members.push_back("n" + std::to_string(i));
  Names shuffled = members;
  std::ranges::shuffle(shuffled, std::mt19937(*rc::gen::arbitrary<unsigned>()));
  const LegacyRing ring(members), other(shuffled);
  const auto key = *rc::gen::arbitrary<std::uint32_t>();
  const std::string& owner = members[ring.owner(key)];
  RC_ASSERT(owner == shuffled[other.owner(key)]);
  const std::uint32_t distance = legacy_distance(key, legacy_points(owner));
  for (const std::string& member : members) {
    RC_ASSERT(distance <= legacy_distance(key, legacy_points(member)));
  }
}

}  // namespace
}  // namespace promster
