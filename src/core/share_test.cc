#include "core/share.h"

#include <gtest/gtest.h>

#include <set>

namespace promster {
namespace {

struct Fleet {
  std::vector<Target> targets;
  std::vector<const Target*> pointers;

  explicit Fleet(int count) {
    for (int i = 1; i <= count; ++i) {
      const std::string address = "10.1.0." + std::to_string(i) + ":3000";
      targets.push_back({.key = "/t/" + address,
                         .address = address,
                         .labels = {{"shop", "s" + std::to_string(i)}}});
    }
    for (const Target& target : targets) pointers.push_back(&target);
  }
};

const std::vector<std::string> kMembers{"n1:9090", "n2:9090", "n3:9090"};

TEST(Share, SharesAddUpToAllTargetsOnce) {
  const Fleet fleet(30);
  std::multiset<const Target*> taken;
  std::set<std::uint64_t> checksums;
  for (const std::string& self : kMembers) {
    const Share share = take_share(fleet.pointers, kMembers, self, {});
    EXPECT_LE(share.mine.size(), share.capacity);
    EXPECT_EQ(share.mine.size(), share.load.at(self));
    EXPECT_GE(share.imbalance, 1);
    taken.insert(share.mine.begin(), share.mine.end());
    checksums.insert(share.checksum);
  }
  EXPECT_EQ(taken, std::multiset<const Target*>(fleet.pointers.begin(), fleet.pointers.end()));
  EXPECT_EQ(checksums.size(), 1u);
}

TEST(Share, ReplicasGiveEachTargetTwoOwners) {
  const Fleet fleet(30);
  std::multiset<const Target*> taken;
  for (const std::string& self : kMembers) {
    const Share share = take_share(fleet.pointers, kMembers, self, {.replicas = 2});
    taken.insert(share.mine.begin(), share.mine.end());
  }
  for (const Target* target : fleet.pointers) EXPECT_EQ(taken.count(target), 2u);
}

TEST(Share, ALabelAsKeyKeepsTheOwnerWhenTheAddressChanges) {
  Fleet before(30), after(30);
  for (Target& target : after.targets) target.address = "10.2" + target.address.substr(4);
  const ShardSettings by_label{.key = "shop"};
  for (const std::string& self : kMembers) {
    std::set<std::string> shops_before, shops_after;
    for (const Target* t : take_share(before.pointers, kMembers, self, by_label).mine) {
      shops_before.insert(*t->labels.find("shop"));
    }
    for (const Target* t : take_share(after.pointers, kMembers, self, by_label).mine) {
      shops_after.insert(*t->labels.find("shop"));
    }
    EXPECT_EQ(shops_before, shops_after);
  }
}

TEST(Share, WithoutShardingEveryNodeHasAll) {
  const Fleet fleet(5);
  const Share one = take_all(fleet.pointers, "n1:9090");
  const Share other = take_all(fleet.pointers, "n2:9090");
  EXPECT_EQ(one.mine.size(), 5u);
  EXPECT_EQ(one.checksum, other.checksum);
  EXPECT_EQ(one.imbalance, 1);
  EXPECT_NE(one.checksum, take_all(Fleet(4).pointers, "n1:9090").checksum);
}

TEST(Share, NoTargetsAreBalanced) {
  const Share share = take_share({}, kMembers, "n1:9090", {});
  EXPECT_TRUE(share.mine.empty());
  EXPECT_EQ(share.imbalance, 1);
}

}  // namespace
}  // namespace promster
