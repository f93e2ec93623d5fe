// How little moves when a cluster changes. The clusters are random but always the same ones, so the
// bounds can be near what was measured (bench/movement prints the means) without ever failing by
// bad luck.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/assignment.h"

namespace promster {
namespace {

using Names = std::vector<std::string>;

struct Cluster {
  Names targets, members;
};

std::string random_address(std::mt19937_64& random, const char* port) {
  const auto bits = random();
  const auto byte = [&](int i) { return std::to_string((bits >> (8 * i)) & 255); };
  return "10." + byte(0) + "." + byte(1) + "." + byte(2) + ":" + port;
}

Names random_addresses(std::mt19937_64& random, std::size_t count, const char* port) {
  std::set<std::string> out;
  while (out.size() < count) out.insert(random_address(random, port));
  return {out.begin(), out.end()};
}

Names owners(const Names& targets, const Names& members) {
  std::vector<ShardTarget> shard_targets;
  for (const std::string& target : targets) shard_targets.push_back({target, target});
  const Assignment assignment = assign(shard_targets, members, {});
  Names out;
  for (std::size_t t = 0; t < targets.size(); ++t) out.push_back(members[assignment.owners(t)[0]]);
  return out;
}

double moved(const Names& before, const Names& after) {
  double count = 0;
  for (std::size_t t = 0; t < std::min(before.size(), after.size()); ++t) {
    count += before[t] != after[t] ? 1 : 0;
  }
  return count;
}

struct Row {
  std::size_t targets, members;
  int clusters;
  double most_mean;   // what moves on a join or a leave, over the least possible: in the mean
  double most;        // and in the worst cluster
  double most_churn;  // targets that move when one comes, in the mean
};

class AssignmentMovementTest : public testing::TestWithParam<Row> {
 protected:
  template <class Visit>
  void each_cluster(Visit visit) const {
    std::mt19937_64 random(GetParam().targets);
    for (int i = 0; i < GetParam().clusters; ++i) {
      const Cluster cluster{.targets = random_addresses(random, GetParam().targets, "9100"),
                            .members = random_addresses(random, GetParam().members, "9090")};
      visit(cluster, random);
    }
  }
};

// The last member leaves. Read backwards, it joins: what moves is the same.
TEST_P(AssignmentMovementTest, OfAJoinOrALeaveIsLittleMoreThanTheShare) {
  double sum = 0, worst = 0;
  each_cluster([&](const Cluster& cluster, std::mt19937_64&) {
    const Names rest(cluster.members.begin(), cluster.members.end() - 1);
    const double share =
        static_cast<double>(cluster.targets.size()) / static_cast<double>(cluster.members.size());
    const double times =
        moved(owners(cluster.targets, cluster.members), owners(cluster.targets, rest)) / share;
    sum += times;
    worst = std::max(worst, times);
  });
  EXPECT_LT(sum / GetParam().clusters, GetParam().most_mean);
  EXPECT_LT(worst, GetParam().most);
}

TEST_P(AssignmentMovementTest, OfALeaveIsSpreadOverTheRest) {
  each_cluster([](const Cluster& cluster, std::mt19937_64&) {
    const Names rest(cluster.members.begin(), cluster.members.end() - 1);
    const Names before = owners(cluster.targets, cluster.members);
    const Names after = owners(cluster.targets, rest);
    std::map<std::string, std::size_t> heirs;
    std::size_t left = 0, most = 0;
    for (std::size_t t = 0; t < before.size(); ++t) {
      if (before[t] != cluster.members.back()) continue;
      ++left;
      most = std::max(most, ++heirs[after[t]]);
    }
    EXPECT_GE(heirs.size(), std::min(rest.size(), left) / 4 + (left > 0 ? 1 : 0));
    EXPECT_LE(most, 2 + left * 2 / 3);
  });
}

TEST_P(AssignmentMovementTest, OfTheOthersIsSmallWhenATargetComes) {
  double sum = 0;
  each_cluster([&](const Cluster& cluster, std::mt19937_64& random) {
    Names more = cluster.targets;
    more.push_back(random_address(random, "9101"));
    sum += moved(owners(cluster.targets, cluster.members), owners(more, cluster.members));
  });
  EXPECT_LT(sum / GetParam().clusters, GetParam().most_churn);
}

INSTANTIATE_TEST_SUITE_P(All, AssignmentMovementTest,
                         testing::Values(Row{20, 6, 400, 1.4, 2.7, 1},
                                         Row{100, 6, 200, 1.2, 1.7, 2},
                                         Row{200, 21, 100, 1.5, 2.2, 3},
                                         Row{1000, 11, 40, 1.1, 1.3, 3},
                                         Row{2000, 51, 10, 1.4, 1.6, 5}));

}  // namespace
}  // namespace promster
