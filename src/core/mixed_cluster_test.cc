// A cluster of original promsters and ours, while it is upgraded.
#include <gtest/gtest.h>

#include "core/virtual_cluster_for_test.h"

namespace promster {
namespace {

using namespace virtual_cluster;

constexpr const char* kOriginal = "10.0.0.9:9090";

std::vector<std::string> with_original(int ours) {
  std::vector<std::string> names{kOriginal};
  for (int i = 1; i <= ours; ++i) names.push_back("n" + std::to_string(i) + ":9090");
  return names;
}

TEST(MixedCluster, AgreesWithTheOriginalTargetByTarget) {
  VirtualCluster cluster(40);
  cluster.join_original(kOriginal);
  for (const int i : {1, 2, 3}) cluster.join(i);
  cluster.run(std::chrono::minutes(3), 100);
  EXPECT_EQ(cluster.algorithms(), std::set<std::string>{"legacy"});
  EXPECT_EQ(cluster.files(), cluster.legacy_files(with_original(3)));
  cluster.join(4);
  cluster.run(std::chrono::minutes(3), 100);
  EXPECT_EQ(cluster.files(), cluster.legacy_files(with_original(4)));
}

TEST(MixedCluster, ChangesOverOnceForAllWhenTheLastOriginalLeaves) {
  VirtualCluster cluster(40);
  cluster.join_original(kOriginal);
  for (const int i : {1, 2, 3}) cluster.join(i);
  cluster.run(std::chrono::minutes(3), 100);
  cluster.leave_original(kOriginal);
  int changes = 0;
  auto before = cluster.algorithms();
  for (int tick = 0; tick < 1000; ++tick) {
    cluster.run(kTick, 100);
    const auto after = cluster.algorithms();
    EXPECT_EQ(after.size(), 1u) << "all see the same revision, and decide the same";
    changes += after == before ? 0 : 1;
    before = after;
  }
  EXPECT_EQ(changes, 1);
  EXPECT_EQ(before, std::set<std::string>{"bounded"});
  EXPECT_EQ(cluster.files(), cluster.fresh_files());
}

TEST(MixedCluster, AnOriginalThatComesBringsItsRing) {
  VirtualCluster cluster(40);
  for (const int i : {1, 2, 3}) cluster.join(i);
  cluster.run(std::chrono::minutes(3), 100);
  EXPECT_EQ(cluster.algorithms(), std::set<std::string>{"bounded"});
  cluster.join_original(kOriginal);
  cluster.run(std::chrono::minutes(3), 100);
  EXPECT_EQ(cluster.files(), cluster.legacy_files(with_original(3)));
}

}  // namespace
}  // namespace promster
