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

const ShardSettings kBounded{.algorithm = ShardAlgorithm::kBounded};

std::vector<const Target*> mine(const Fleet& fleet, const std::string& self,
                                const ShardSettings& settings = kBounded) {
  const Share share = take_share(fleet.pointers, kMembers, self, settings);
  std::vector<const Target*> result;
  for (std::size_t i = 0; i < fleet.pointers.size(); ++i) {
    if (share.mine(i)) result.push_back(fleet.pointers[i]);
  }
  return result;
}

TEST(Share, SharesAddUpToAllTargetsOnce) {
  const Fleet fleet(30);
  std::multiset<const Target*> taken;
  std::set<std::uint64_t> checksums;
  for (const std::string& self : kMembers) {
    const Share share = take_share(fleet.pointers, kMembers, self, kBounded);
    const auto own = mine(fleet, self);
    EXPECT_LE(own.size(), share.assignment().capacity());
    EXPECT_GE(share.imbalance(), 1);
    EXPECT_LE(share.imbalance(), 1.2);
    taken.insert(own.begin(), own.end());
    checksums.insert(share.checksum(fleet.pointers));
  }
  EXPECT_EQ(taken, std::multiset<const Target*>(fleet.pointers.begin(), fleet.pointers.end()));
  EXPECT_EQ(checksums.size(), 1u);
}

TEST(Share, OwnersAreNamed) {
  const Fleet fleet(30);
  const Share share = take_share(fleet.pointers, kMembers, "n2:9090", kBounded);
  for (std::size_t i = 0; i < fleet.pointers.size(); ++i) {
    ASSERT_EQ(share.owners(i).size(), 1u);
    EXPECT_EQ(share.mine(i), share.owners(i)[0] == "n2:9090");
  }
}

TEST(Share, WhoIsNoMemberHasNothing) {
  EXPECT_TRUE(mine(Fleet(30), "n4:9090").empty());
}

TEST(Share, ReplicasGiveEachTargetTwoOwners) {
  const Fleet fleet(30);
  std::multiset<const Target*> taken;
  for (const std::string& self : kMembers) {
    const auto own = mine(fleet, self, {.algorithm = ShardAlgorithm::kBounded, .replicas = 2});
    taken.insert(own.begin(), own.end());
  }
  for (const Target* target : fleet.pointers) EXPECT_EQ(taken.count(target), 2u);
}

TEST(Share, ALabelAsKeyKeepsTheOwnerWhenTheAddressChanges) {
  Fleet before(30), after(30);
  for (Target& target : after.targets) target.address = "10.2" + target.address.substr(4);
  const ShardSettings by_label{.algorithm = ShardAlgorithm::kBounded, .key = "shop"};
  const auto shops = [&](const Fleet& fleet, const std::string& self) {
    std::set<std::string> result;
    for (const Target* t : mine(fleet, self, by_label)) result.insert(*t->labels.find("shop"));
    return result;
  };
  for (const std::string& self : kMembers) EXPECT_EQ(shops(before, self), shops(after, self));
}

TEST(Share, WithoutShardingEveryNodeHasAll) {
  const Fleet fleet(5);
  const Share all = take_all(fleet.pointers);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_TRUE(all.mine(i));
  EXPECT_EQ(all.imbalance(), 1);
  const Fleet fewer(4);
  EXPECT_NE(all.checksum(fleet.pointers), take_all(fewer.pointers).checksum(fewer.pointers));
}

TEST(Share, NoTargetsAreBalanced) {
  EXPECT_EQ(take_share({}, kMembers, "n1:9090", kBounded).imbalance(), 1);
}

}  // namespace
}  // namespace promster
