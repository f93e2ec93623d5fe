#include "core/shard_targets.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

TEST(ShardTargetsTest, AreHashedByAddressOrLabelAndKnownByTheirKeys) {
  Target with{.key = "/t/s/a:1", .address = "a:1"}, without{.key = "/t/s/b:1", .address = "b:1"};
  with.labels.set("zone", "east");
  const std::vector<const Target*> targets{&with, &without};
  const auto by_address = shard_targets(targets, "address");
  ASSERT_EQ(by_address.size(), 2U);
  EXPECT_EQ(by_address[0].shard_key, "a:1");
  EXPECT_EQ(by_address[0].id, "/t/s/a:1");
  const auto by_label = shard_targets(targets, "zone");
  EXPECT_EQ(by_label[0].shard_key, "east");
  EXPECT_EQ(by_label[1].shard_key, "b:1");
  EXPECT_EQ(by_label[1].id, "/t/s/b:1");
}

}  // namespace
}  // namespace promster
