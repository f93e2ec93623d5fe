// Whole assignments, frozen: a fleet of mixed versions must agree on every one.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/assignment.h"

namespace promster {
namespace {

struct Golden {
  int targets, members;
  double slack;
  int replicas;
  const char* owners;  // a digit an owner, target after target
  std::uint64_t checksum;
};

class AssignmentGoldenTest : public testing::TestWithParam<Golden> {};

TEST_P(AssignmentGoldenTest, IsFrozen) {
  const Golden& golden = GetParam();
  std::vector<std::string> ids, members;
  std::vector<ShardTarget> targets;
  for (int i = 1; i <= golden.targets; ++i) ids.push_back("10.1.0." + std::to_string(i) + ":3000");
  for (int i = 1; i <= golden.members; ++i)
    members.push_back("10.0.0." + std::to_string(i) + ":9090");
  for (const std::string& id : ids) targets.push_back({.shard_key = id, .id = id});
  const Assignment assignment =
      assign(targets, members, {.slack = golden.slack, .replicas = golden.replicas});
  std::string owners;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    for (const std::uint32_t owner : assignment.owners(t)) owners += std::to_string(owner + 1);
  }
  EXPECT_EQ(owners, golden.owners);
  EXPECT_EQ(assignment_checksum(targets, members, assignment), golden.checksum);
}

INSTANTIATE_TEST_SUITE_P(
    All, AssignmentGoldenTest,
    testing::Values(Golden{24, 1, 0.1, 1, "111111111111111111111111", 6432652555703778981U},
                    Golden{24, 2, 0.1, 1, "121112121212112222222221", 9958861842681673793U},
                    Golden{24, 3, 0.1, 1, "131313121232112223232321", 2172780346903092517U},
                    Golden{24, 5, 0.1, 1, "151314421245142524245321", 16637268971798357678U},
                    Golden{24, 5, 0, 1, "351314321245142524545321", 8381262448067066388U},
                    Golden{24, 5, 0.1, 2, "145415311243412114254352154125522543244552322314",
                           2424609434124902722U},
                    Golden{12, 4, 0, 3, "143432134314123432412213142231432214",
                           10616731613413777487U}));

// Shard keys that targets share, and no slack: replicas need swaps.
std::string owners_with_swaps(int count, int keys, const std::vector<std::string>& members,
                              int replicas) {
  std::vector<std::string> ids, shard_keys;
  std::vector<ShardTarget> targets;
  for (int i = 0; i < count; ++i) {
    ids.push_back("t" + std::to_string(i));
    shard_keys.push_back("team" + std::to_string(i * 7 % keys));
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    targets.push_back({.shard_key = shard_keys[i], .id = ids[i]});
  }
  const Assignment assignment = assign(targets, members, {.slack = 0, .replicas = replicas});
  std::string owners;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    for (const std::uint32_t owner : assignment.owners(t)) owners += members[owner][0];
    owners += ' ';
  }
  return owners;
}

TEST(AssignmentGoldenTest, SwapsAreFrozen) {
  EXPECT_EQ(owners_with_swaps(10, 1, {"a:1", "b:1", "c:1", "d:1", "e:1"}, 3),
            "cea cea eab eab ead ead cdb cdb cdb cdb ");
  EXPECT_EQ(owners_with_swaps(25, 8, {"a:1", "b:1", "c:1", "d:1", "e:1", "f:1"}, 4),
            "cefa dcbe ceba cabe cadf dcfe abfd fbad cefa dcbe ceba cbde cadf dcfb abfd fbad cefa "
            "dcbe cebf abde cadf dfbe abfd fbad cefa ");
}

}  // namespace
}  // namespace promster
