// Prints how evenly three ways to share targets out load the members, and how much moves when a
// member joins, leaves, or targets change; each figure the mean over many clusters of random names.
// Moves on a join or a leave are a multiple of the least possible: what the one that joins takes,
// or the one that left had. Moves on a change of targets are those of targets that stayed, in per
// cent.

#include <algorithm>
#include <cstdio>
#include <random>
#include <vector>

#include "core/assignment.h"

namespace promster {
namespace {

struct Cluster {
  std::vector<std::string> targets, members;
};

using Owners = std::vector<std::string>;  // by target
using Sharing = Owners (*)(const Cluster&);

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

Owners hashmod(const Cluster& cluster) {
  Owners owners;
  for (const std::string& target : cluster.targets) {
    owners.push_back(cluster.members[rendezvous_score(target, "") % cluster.members.size()]);
  }
  return owners;
}

Owners by_assign(const Cluster& cluster, double slack) {
  std::vector<ShardTarget> targets;
  for (const std::string& target : cluster.targets) targets.push_back({target, target});
  const auto assignment = assign(targets, cluster.members, {.slack = slack, .replicas = 1});
  Owners owners;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    owners.push_back(cluster.members[assignment.owners(i)[0]]);
  }
  return owners;
}

// So much slack that no member is ever full is plain rendezvous hashing.
Owners rendezvous(const Cluster& cluster) {
  return by_assign(cluster, 1e6);
}
Owners bounded(const Cluster& cluster) {
  return by_assign(cluster, 0.1);
}

double max_over_mean(const Cluster& cluster, const Owners& owners) {
  std::size_t most = 0;
  for (const std::string& member : cluster.members) {
    most = std::max(most, static_cast<std::size_t>(std::ranges::count(owners, member)));
  }
  return static_cast<double>(most) * static_cast<double>(cluster.members.size()) /
         static_cast<double>(owners.size());
}

// How many of the first targets, which both have, changed owner.
double moved(const Owners& before, const Owners& after) {
  double count = 0;
  for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i) {
    count += before[i] != after[i] ? 1 : 0;
  }
  return count;
}

struct Figures {
  double balance = 0, join = 0, leave = 0, churn = 0;
};

// `last` is one member and a tenth of the targets more than the cluster starts with.
void add_cluster(const Cluster& last, Sharing share, Figures& sum) {
  Cluster cluster = last;
  cluster.members.pop_back();
  const auto count = static_cast<std::ptrdiff_t>(last.targets.size() * 10 / 11);
  cluster.targets.erase(cluster.targets.begin() + count, cluster.targets.end());
  const Owners before = share(cluster);
  sum.balance += max_over_mean(cluster, before);

  Cluster joined = cluster;
  joined.members.push_back(last.members.back());
  const Owners after_join = share(joined);
  const double fair =
      static_cast<double>(before.size()) / static_cast<double>(joined.members.size());
  sum.join += moved(before, after_join) / fair;

  const auto had = std::ranges::count(after_join, last.members.front());
  Cluster left = joined;
  left.members.erase(left.members.begin());
  sum.leave += moved(after_join, share(left)) / std::max(1.0, static_cast<double>(had));

  Cluster grown = cluster;
  grown.targets = last.targets;
  sum.churn += 100 * moved(before, share(grown)) / static_cast<double>(before.size());
}

Figures measure(std::size_t targets, std::size_t members, int clusters, Sharing share) {
  std::mt19937_64 random(targets * 1000 + members);
  Figures sum;
  for (int i = 0; i < clusters; ++i) {
    add_cluster({.targets = random_addresses(random, targets * 11 / 10, "9100"),
                 .members = random_addresses(random, members + 1, "9090")},
                share, sum);
  }
  return {sum.balance / clusters, sum.join / clusters, sum.leave / clusters, sum.churn / clusters};
}

void print_row(std::size_t targets, std::size_t members, int clusters) {
  const std::pair<const char*, Sharing> sharings[] = {
      {"hashmod", hashmod}, {"rendezvous", rendezvous}, {"bounded", bounded}};
  for (const auto& [name, share] : sharings) {
    const Figures mean = measure(targets, members, clusters, share);
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
