#include "core/assignment.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace promster {
namespace {

using Names = std::vector<std::string>;

// A small cluster, with shard keys that may be shared by several targets.
struct Cluster {
  Names keys, ids, members;
  AssignOptions options;

  std::vector<ShardTarget> targets() const {
    std::vector<ShardTarget> out;
    for (std::size_t i = 0; i < ids.size(); ++i)
      out.push_back({.shard_key = keys[i], .id = ids[i]});
    return out;
  }
  std::size_t owners_each() const {
    return std::min(static_cast<std::size_t>(options.replicas), members.size());
  }
};

Cluster any_cluster(int most_targets = 60, int most_members = 9) {
  Cluster cluster;
  const int targets = *rc::gen::inRange(0, most_targets);
  const int distinct = *rc::gen::element(1, 3, 1'000'000);
  const int salt = *rc::gen::inRange(0, 1'000'000);
  for (int i = 0; i < targets; ++i) {
    cluster.ids.push_back("t" + std::to_string(salt + i) + ":80");
    cluster.keys.push_back(std::to_string((salt + i) % distinct));
  }
  const int members = *rc::gen::inRange(1, most_members);
  for (int i = 0; i < members; ++i)
    cluster.members.push_back("m" + std::to_string(salt + i) + ":9090");
  cluster.options = {.slack = *rc::gen::element(0.0, 0.1, 0.25, 3.0),
                     .replicas = *rc::gen::inRange(1, 6)};
  return cluster;
}

// A pair of a target and a member, in the order in which the algorithm looks at them. (Different
// shard keys of equal score are left out: nobody will meet them.)
struct Pair {
  std::uint64_t score;
  std::string member;
  std::string id;
  std::size_t target, at;

  bool operator<(const Pair& other) const {
    return std::tuple(~score, member, id) < std::tuple(~other.score, other.member, other.id);
  }
};

// The definition, word by word: all pairs, the best first, as long as both have room.
std::vector<std::vector<std::uint32_t>> all_pairs_in_order(const Cluster& cluster) {
  std::vector<Pair> pairs;
  for (std::size_t t = 0; t < cluster.ids.size(); ++t) {
    for (std::size_t m = 0; m < cluster.members.size(); ++m) {
      pairs.push_back({rendezvous_score(cluster.keys[t], cluster.members[m]), cluster.members[m],
                       cluster.ids[t], t, m});
    }
  }
  std::sort(pairs.begin(), pairs.end());
  const auto capacity = shard_capacity(cluster.ids.size(), cluster.members.size(), cluster.options);
  std::vector<std::size_t> load(cluster.members.size());
  std::vector<std::vector<std::uint32_t>> owners(cluster.ids.size());
  for (const Pair& pair : pairs) {
    if (load[pair.at] == capacity || owners[pair.target].size() == cluster.owners_each()) continue;
    ++load[pair.at];
    owners[pair.target].push_back(static_cast<std::uint32_t>(pair.at));
  }
  return owners;
}

// Few shard keys and no slack: replicas mostly need swaps.
Cluster any_tight_cluster() {
  Cluster cluster = any_cluster();
  const int distinct = *rc::gen::inRange(1, 4);
  for (std::size_t i = 0; i < cluster.keys.size(); ++i) {
    cluster.keys[i] = std::to_string(static_cast<int>(i) % distinct);
  }
  cluster.options = {.slack = 0, .replicas = *rc::gen::inRange(2, 5)};
  return cluster;
}

// Returns whether replicas needed swaps.
bool check_against_definition(const Cluster& cluster) {
  const Assignment assignment = assign(cluster.targets(), cluster.members, cluster.options);
  const auto expected = all_pairs_in_order(cluster);
  std::size_t lacking = 0, lost = 0;
  for (const auto& owners : expected) lacking += cluster.owners_each() - owners.size();
  for (std::size_t t = 0; t < expected.size(); ++t) {
    for (const std::uint32_t owner : expected[t]) {
      lost += std::ranges::count(assignment.owners(t), owner) == 0 ? 1 : 0;
    }
    RC_ASSERT(lacking > 0 || std::ranges::equal(assignment.owners(t), expected[t]));
  }
  RC_ASSERT(lost <= lacking);  // an owner that is lacking costs one swap at most
  return lacking > 0;
}

RC_GTEST_PROP(AssignmentTest, IsWhatItsDefinitionSays, ()) {
  RC_TAG(check_against_definition(any_cluster()) ? "swapped" : "plain");
}

RC_GTEST_PROP(AssignmentTest, SwapsAreFew, ()) {
  RC_TAG(check_against_definition(any_tight_cluster()) ? "swapped" : "plain");
}

void check_owners_of(const Cluster& cluster, const Assignment& assignment, std::size_t target) {
  const auto owners = assignment.owners(target);
  RC_ASSERT(owners.size() == cluster.owners_each());
  const auto score = [&](std::uint32_t m) {
    return rendezvous_score(cluster.keys[target], cluster.members[m]);
  };
  for (std::size_t i = 1; i < owners.size(); ++i) {
    RC_ASSERT(std::ranges::count(owners, owners[i]) == 1);
    RC_ASSERT(score(owners[i - 1]) > score(owners[i]));
  }
}

RC_GTEST_PROP(AssignmentTest, EveryTargetHasItsOwnersAndNobodyTooMany, ()) {
  const Cluster cluster = *rc::gen::arbitrary<bool>() ? any_cluster() : any_tight_cluster();
  const Assignment assignment = assign(cluster.targets(), cluster.members, cluster.options);
  RC_ASSERT(assignment.capacity() ==
            shard_capacity(cluster.ids.size(), cluster.members.size(), cluster.options));
  std::size_t sum = 0;
  for (const std::size_t load : assignment.load()) {
    RC_ASSERT(load <= assignment.capacity());
    sum += load;
  }
  RC_ASSERT(sum == cluster.ids.size() * cluster.owners_each());
  for (std::size_t t = 0; t < cluster.ids.size(); ++t) check_owners_of(cluster, assignment, t);
}

// By names, so that two orders of the same input can be compared.
std::vector<std::pair<std::string, Names>> by_name(const Cluster& cluster) {
  const Assignment assignment = assign(cluster.targets(), cluster.members, cluster.options);
  std::vector<std::pair<std::string, Names>> out;
  for (std::size_t t = 0; t < cluster.ids.size(); ++t) {
    Names owners;
    for (const std::uint32_t owner : assignment.owners(t)) owners.push_back(cluster.members[owner]);
    out.emplace_back(cluster.ids[t], owners);
  }
  std::ranges::sort(out);
  return out;
}

Cluster shuffled(const Cluster& cluster, unsigned seed) {
  std::mt19937 random(seed);
  Cluster out = cluster;
  std::ranges::shuffle(out.members, random);
  std::vector<std::size_t> order(cluster.ids.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::shuffle(order, random);
  for (std::size_t i = 0; i < order.size(); ++i) {
    out.ids[i] = cluster.ids[order[i]];
    out.keys[i] = cluster.keys[order[i]];
  }
  return out;
}

RC_GTEST_PROP(AssignmentTest, OrderOfInputDoesNotMatter, ()) {
  const Cluster cluster = *rc::gen::arbitrary<bool>() ? any_cluster() : any_tight_cluster();
  const Cluster other = shuffled(cluster, *rc::gen::arbitrary<unsigned>());
  RC_ASSERT(by_name(cluster) == by_name(other));
  const auto checksum = [](const Cluster& c) {
    const auto targets = c.targets();
    return assignment_checksum(targets, c.members, assign(targets, c.members, c.options));
  };
  RC_ASSERT(checksum(cluster) == checksum(other));
}

// No target and member would both rather have each other than what they have.
RC_GTEST_PROP(AssignmentTest, HasNoBlockingPair, ()) {
  Cluster cluster = any_cluster();
  cluster.options.replicas = 1;
  const Assignment assignment = assign(cluster.targets(), cluster.members, cluster.options);
  const auto load = assignment.load();
  const auto wish = [&](std::size_t t, std::size_t m) {
    return std::pair(~rendezvous_score(cluster.keys[t], cluster.members[m]), cluster.ids[t]);
  };
  for (std::size_t t = 0; t < cluster.ids.size(); ++t) {
    for (std::size_t m = 0; m < cluster.members.size(); ++m) {
      if (wish(t, m) >= wish(t, assignment.owners(t)[0])) continue;
      RC_ASSERT(load[m] == assignment.capacity());
      for (std::size_t other = 0; other < cluster.ids.size(); ++other) {
        RC_ASSERT(assignment.owners(other)[0] != m || wish(other, m) < wish(t, m));
      }
    }
  }
}

TEST(AssignmentTest, WithoutMembersOrTargets) {
  const std::vector<ShardTarget> targets{{.shard_key = "a:1", .id = "a:1"}};
  const Assignment nobody = assign(targets, {}, {});
  EXPECT_EQ(nobody.owners_each(), 0U);
  EXPECT_TRUE(nobody.owners(0).empty());
  EXPECT_TRUE(nobody.load().empty());
  const Names members{"m:1", "n:1"};
  EXPECT_EQ(assign({}, members, {}).load(), (std::vector<std::size_t>{0, 0}));
  EXPECT_EQ(assignment_checksum({}, members, assign({}, members, {})), 0U);
}

TEST(AssignmentTest, EveryoneOwnsEverything) {
  const Assignment all = Assignment::everyone(3, 1'000);
  EXPECT_EQ(all.owners_each(), 3u);
  for (const std::size_t target : {0u, 999u}) {
    const auto owners = all.owners(target);
    EXPECT_EQ(std::vector<std::uint32_t>(owners.begin(), owners.end()),
              (std::vector<std::uint32_t>{0, 1, 2}));
  }
  EXPECT_EQ(all.load(), (std::vector<std::size_t>{1'000, 1'000, 1'000}));
}

TEST(AssignmentTest, CapacityIsExact) {
  const auto capacity = [](std::size_t targets, std::size_t members, double slack, int replicas) {
    return shard_capacity(targets, members, {.slack = slack, .replicas = replicas});
  };
  EXPECT_EQ(capacity(20, 5, 0.1, 1), 5U);       // 4.4
  EXPECT_EQ(capacity(100, 5, 0.1, 1), 22U);     // 22 exactly; in doubles a little more
  EXPECT_EQ(capacity(1000, 10, 0.1, 1), 110U);  // the same
  EXPECT_EQ(capacity(20, 5, 0, 1), 4U);
  EXPECT_EQ(capacity(21, 5, 0, 1), 5U);
  EXPECT_EQ(capacity(5, 2, 0.1, 1), 3U);
  EXPECT_EQ(capacity(1, 200, 0.1, 1), 1U);
  EXPECT_EQ(capacity(20, 5, 0, 2), 8U);
  EXPECT_EQ(capacity(20, 2, 0, 3), 20U);
  EXPECT_EQ(capacity(20, 5, 1e300, 1), 20U);
  EXPECT_EQ(capacity(20, 1, 0.1, 1), 20U);
  EXPECT_EQ(capacity(0, 5, 0.1, 1), 0U);
  EXPECT_EQ(capacity(20, 0, 0.1, 1), 0U);
  EXPECT_EQ(capacity(2'000'000, 10'000, 1e300, 10), 2'000'000U);
}

// One shard key for all and no slack: the first two take the same two thirds, so that the last
// third finds only one member with room.
TEST(AssignmentTest, SwapsGiveReplicasTheirOwners) {
  Cluster cluster{
      .keys = Names(9, "team"), .ids = {}, .members = {"a:1", "b:1", "c:1"}, .options = {}};
  for (int i = 0; i < 9; ++i) cluster.ids.push_back("t" + std::to_string(i));
  cluster.options = {.slack = 0, .replicas = 2};
  const Assignment assignment = assign(cluster.targets(), cluster.members, cluster.options);
  EXPECT_EQ(assignment.load(), (std::vector<std::size_t>{6, 6, 6}));
  for (std::size_t t = 0; t < 9; ++t) {
    EXPECT_NE(assignment.owners(t)[0], assignment.owners(t)[1]);
  }
}

TEST(AssignmentTest, ChecksumTellsOwnershipsApart) {
  const Names members{"a:1", "b:1"}, renamed{"a:1", "c:1"};
  const std::vector<ShardTarget> targets{{"x", "x"}, {"y", "y"}};
  Assignment one(2, 2, 1, 2), other(2, 2, 1, 2);
  other.owners(1)[0] = 1;
  EXPECT_NE(assignment_checksum(targets, members, one),
            assignment_checksum(targets, members, other));
  EXPECT_NE(assignment_checksum(targets, members, other),
            assignment_checksum(targets, renamed, other));
  Assignment ab(2, 2, 2, 2), ba(2, 2, 2, 2);
  for (std::size_t t = 0; t < 2; ++t) ab.owners(t)[1] = ba.owners(t)[0] = 1;
  EXPECT_EQ(assignment_checksum(targets, members, ab), assignment_checksum(targets, members, ba));
}

}  // namespace
}  // namespace promster
