#include "core/reference_algorithms.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace promster {
namespace {

struct Fleet {
  std::vector<std::string> names, members;
  std::vector<ShardTarget> targets;
};

Fleet fleet(int targets, int members) {
  Fleet fleet;
  for (int i = 0; i < targets; ++i) fleet.names.push_back("t" + std::to_string(i) + ":80");
  for (int i = 0; i < members; ++i) fleet.members.push_back("m" + std::to_string(i) + ":9090");
  for (const std::string& name : fleet.names) fleet.targets.push_back({name, name});
  return fleet;
}

TEST(ReferenceAlgorithmsTest, RendezvousGivesATargetToItsHighestScores) {
  const Fleet fleet = promster::fleet(200, 5);
  const Assignment assignment = rendezvous_assign(fleet.targets, fleet.members, 2);
  ASSERT_EQ(assignment.owners_each(), 2U);
  for (std::size_t i = 0; i < fleet.names.size(); ++i) {
    std::vector<std::uint32_t> wishes{0, 1, 2, 3, 4};
    std::ranges::sort(wishes, std::ranges::greater(), [&](std::uint32_t member) {
      return rendezvous_score(fleet.names[i], fleet.members[member]);
    });
    EXPECT_TRUE(std::ranges::equal(assignment.owners(i), std::span(wishes).first(2))) << i;
  }
}

TEST(ReferenceAlgorithmsTest, HashmodMovesAlmostEverythingWhenOneJoins) {
  const Fleet before = fleet(1000, 9), after = fleet(1000, 10);
  const auto had = hashmod_assign(before.targets, before.members, 1);
  const auto has = hashmod_assign(after.targets, after.members, 1);
  int moved = 0;
  for (std::size_t i = 0; i < 1000; ++i) moved += had.owners(i)[0] != has.owners(i)[0] ? 1 : 0;
  EXPECT_GT(moved, 850);
  EXPECT_LT(moved, 950);
}

RC_GTEST_PROP(ReferenceAlgorithmsTest, OwnersAreDistinctAndOrderDoesNotMatter, ()) {
  const Fleet fleet = promster::fleet(*rc::gen::inRange(0, 30), *rc::gen::inRange(0, 7));
  const int replicas = *rc::gen::inRange(1, 4);
  std::vector<std::string> reversed(fleet.members.rbegin(), fleet.members.rend());
  for (const auto algorithm : {rendezvous_assign, hashmod_assign}) {
    const auto one = algorithm(fleet.targets, fleet.members, replicas);
    const auto other = algorithm(fleet.targets, reversed, replicas);
    for (std::size_t i = 0; i < fleet.targets.size(); ++i) {
      std::vector<std::string> owners, same;
      for (const auto owner : one.owners(i)) owners.push_back(fleet.members[owner]);
      for (const auto owner : other.owners(i)) same.push_back(reversed[owner]);
      RC_ASSERT(owners == same);
      std::ranges::sort(owners);
      RC_ASSERT(std::ranges::adjacent_find(owners) == owners.end());
      RC_ASSERT(owners.size() == std::min<std::size_t>(replicas, fleet.members.size()));
    }
  }
}

}  // namespace
}  // namespace promster
