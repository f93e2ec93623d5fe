// Prints how evenly four ways to share targets out load the members, and how much moves when a
// member joins, leaves, or targets change; each figure the mean over many clusters of random names.
// Moves on a join or a leave are a multiple of the least possible: what the one that joins takes,
// or the one that left had. Moves on a change of targets are those of targets that stayed, in per
// cent.

#include <algorithm>
#include <cstdio>
#include <random>
#include <span>
#include <vector>

#include "bench/fleet.h"
#include "core/assignment.h"
#include "core/legacy_ring.h"
#include "core/movement.h"
#include "core/reference_algorithms.h"

namespace promster {
namespace {

struct Cluster {
  std::vector<std::string> targets, members;
};

using Algorithm = Assignment (*)(std::span<const ShardTarget>, std::span<const std::string>);

std::string random_address(std::mt19937_64& random, const char* port) {
  const auto bits = random();
  const auto byte = [&](int i) { return std::to_string((bits >> (8 * i)) & 255); };
  return "10." + byte(0) + "." + byte(1) + "." + byte(2) + ":" + port;
}

std::vector<std::string> random_addresses(std::mt19937_64& random, std::size_t count,
                                          const char* port) {
  std::vector<std::string> out;
  while (out.size() < count) {
    out.push_back(random_address(random, port));
    if (out.size() < count) continue;
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
  }
  std::ranges::shuffle(out, random);
  return out;
}

Assignment hashmod(std::span<const ShardTarget> targets, std::span<const std::string> members) {
  return hashmod_assign(targets, members, 1);
}
Assignment rendezvous(std::span<const ShardTarget> targets, std::span<const std::string> members) {
  return rendezvous_assign(targets, members, 1);
}
Assignment bounded(std::span<const ShardTarget> targets, std::span<const std::string> members) {
  return assign(targets, members, {});
}

Sharing share(const Cluster& cluster, Algorithm algorithm) {
  return {.members = cluster.members,
          .assignment = algorithm(shard_targets(cluster.targets), cluster.members)};
}

// How often a target that both have changed its owner.
double moved(const Sharing& before, const Sharing& after) {
  return static_cast<double>(count_moved(moves_between(before, after)));
}

struct Figures {
  double balance = 0, join = 0, leave = 0, churn = 0;
};

// `last` is one member and a tenth of the targets more than the cluster starts with.
void add_cluster(const Cluster& last, Algorithm algorithm, Figures& sum) {
  Cluster cluster = last;
  cluster.members.pop_back();
  const auto count = static_cast<std::ptrdiff_t>(last.targets.size() * 10 / 11);
  cluster.targets.erase(cluster.targets.begin() + count, cluster.targets.end());
  const Sharing before = share(cluster, algorithm);
  sum.balance += balance_of(before).max_over_mean;

  Cluster joined = cluster;
  joined.members.push_back(last.members.back());
  const Sharing after_join = share(joined, algorithm);
  sum.join += moved(before, after_join) / fewest_moves(before, after_join);

  Cluster left = joined;
  left.members.erase(left.members.begin());
  const Sharing after_leave = share(left, algorithm);
  sum.leave +=
      moved(after_join, after_leave) / std::max(1.0, fewest_moves(after_join, after_leave));

  Cluster grown = cluster;
  grown.targets = last.targets;
  sum.churn +=
      100 * moved(before, share(grown, algorithm)) / static_cast<double>(cluster.targets.size());
}

Figures measure(std::size_t targets, std::size_t members, int clusters, Algorithm algorithm) {
  std::mt19937_64 random(targets * 1000 + members);
  Figures sum;
  for (int i = 0; i < clusters; ++i) {
    add_cluster({.targets = random_addresses(random, targets * 11 / 10, "9100"),
                 .members = random_addresses(random, members + 1, "9090")},
                algorithm, sum);
  }
  return {sum.balance / clusters, sum.join / clusters, sum.leave / clusters, sum.churn / clusters};
}

void print_row(std::size_t targets, std::size_t members, int clusters) {
  const std::pair<const char*, Algorithm> algorithms[] = {{"hashmod", hashmod},
                                                          {"rendezvous", rendezvous},
                                                          {"legacy", legacy_assign},
                                                          {"bounded", bounded}};
  for (const auto& [name, algorithm] : algorithms) {
    const Figures mean = measure(targets, members, clusters, algorithm);
    std::printf("%7zu %7zu  %-10s  %8.2f  %6.2f  %6.2f  %8.2f %%\n", targets, members, name,
                mean.balance, mean.join, mean.leave, mean.churn);
  }
}

}  // namespace
}  // namespace promster

int main() {
  std::printf("targets members  sharing     max/mean    join   leave  10 %% more targets\n");
  promster::print_row(20, 5, 2000);
  promster::print_row(100, 5, 1000);
  promster::print_row(1'000, 10, 200);
  promster::print_row(10'000, 20, 20);
}
