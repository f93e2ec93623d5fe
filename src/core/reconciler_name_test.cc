// Two nodes that were given one name.
#include <gtest/gtest.h>

#include <string>

#include "core/reconciler_for_test.h"

namespace promster {
namespace {

using namespace reconciler_test;

// Our own key, which is that of n1:9090, says so of `instance` ("i" are we).
Changed own_key(const std::string& instance, int revision) {
  return {
      .source = Source::kMembers,
      .revision = revision,
      .changes = {{.key = "/registry/s/n1:9090",
                   .value = render_member_value(
                       {.name = "n1:9090", .algorithm = kBoundedAlgorithm, .instance = instance}),
                   .mod_revision = revision}}};
}

Registered registered(int revision) {
  return {.ttl = std::chrono::seconds(5), .revision = revision};
}

std::string degraded(const LoopedNode& node) {
  std::string all;
  for (const std::string& line : node.reconciler_.snapshot().degraded) all += line + '\n';
  return all;
}

TEST(ReconcilerName, AnotherPromsterOfOurNameIsTold) {
  SettledNode node;
  node.see(registered(200), 600).see(own_key("i", 200), 610);
  EXPECT_EQ(degraded(node), "");
  node.run_until(5000);
  node.see(own_key("other", 201), 5100);
  EXPECT_EQ(degraded(node),
            "another promster (instance other) registers n1:9090 as well as this one (instance i), "
            "so both count the same share\n");
  const Snapshot snapshot = node.reconciler_.snapshot();
  EXPECT_EQ(snapshot.rival, "instance other");
  EXPECT_EQ(snapshot.name_conflicts, 1u);
  EXPECT_TRUE(snapshot.ready());
  node.run_until(9000);
  const auto change = node.reconciler_.snapshot().changes->back();
  ASSERT_EQ(change->members.size(), 1u);
  EXPECT_EQ(change->members[0].reason, "another promster registers this name as well");
}

// The value of its key is empty.
TEST(ReconcilerName, AnOriginalPromsterOfOurNameIsTold) {
  SettledNode node;
  node.see(registered(200), 600).see(own_key("i", 200), 610);
  node.run_until(5000);
  node.see(member_change("n1:9090", true, 201), 5100);
  EXPECT_EQ(degraded(node),
            "another promster (an original one) registers n1:9090 as well as this one (instance "
            "i), so both count the same share\n");
  EXPECT_EQ(node.reconciler_.snapshot().rival, "an original one");
  EXPECT_EQ(node.reconciler_.snapshot().name_conflicts, 1u);
  node.run_until(9000);
  const auto change = node.reconciler_.snapshot().changes->back();
  ASSERT_EQ(change->members.size(), 1u);
  EXPECT_EQ(change->members[0].reason, "another promster registers this name as well");
}

// Its key stays for its TTL, and is ours from our first put on.
TEST(ReconcilerName, AnOriginalThatWasStoppedForUsIsNot) {
  SettledNode node;
  node.see(member_change("n1:9090", true, 150), 550);
  EXPECT_EQ(degraded(node), "");
  node.see(registered(200), 600);
  EXPECT_EQ(degraded(node), "");
  node.see(own_key("i", 200), 650);
  node.run_until(9000);
  EXPECT_EQ(degraded(node), "");
  EXPECT_EQ(node.reconciler_.snapshot().name_conflicts, 0u);
}

TEST(ReconcilerName, AFormerRunOfOursIsNot) {
  SettledNode node;
  node.see(own_key("former", 150), 550);
  EXPECT_EQ(degraded(node), "");
  node.see(registered(200), 600);
  EXPECT_EQ(degraded(node), "") << "our own put was not heard of yet";
  node.see(own_key("i", 200), 650);
  EXPECT_EQ(degraded(node), "");
  EXPECT_EQ(node.reconciler_.snapshot().name_conflicts, 0u);
}

TEST(ReconcilerName, TheOtherMayBeHeardOfBeforeOurOwnPut) {
  SettledNode node;
  node.see(own_key("i", 200), 600).see(own_key("other", 201), 610).see(registered(200), 620);
  EXPECT_NE(degraded(node), "");
  EXPECT_EQ(node.reconciler_.snapshot().name_conflicts, 1u);
}

TEST(ReconcilerName, EachPutCountsOnce) {
  SettledNode node;
  node.see(registered(200), 600).see(own_key("other", 201), 610);
  node.see(own_key("i", 202), 620);
  EXPECT_EQ(degraded(node), "") << "our put is the last one: the other one tells";
  node.see(own_key("other", 203), 630).see(member_change("n2:9090", true, 204), 640);
  EXPECT_NE(degraded(node), "");
  EXPECT_EQ(node.reconciler_.snapshot().name_conflicts, 2u);
}

TEST(ReconcilerName, WhenTheOtherIsGoneItIsOver) {
  SettledNode node;
  node.see(registered(200), 600).see(own_key("other", 201), 610);
  node.see(member_change("n1:9090", false, 202), 620);
  EXPECT_EQ(degraded(node), "");
  node.see(own_key("i", 203), 630).see(registered(203), 640);
  EXPECT_EQ(degraded(node), "");
}

TEST(ReconcilerName, AListingTellsOfItToo) {
  SettledNode node;
  node.see(registered(200), 600);
  const KeyChange put = own_key("other", 201).changes[0];
  node.see(Listed{.source = Source::kMembers,
                  .listing = {.revision = 205,
                              .entries = {{.key = put.key,
                                           .value = *put.value,
                                           .mod_revision = put.mod_revision}}}},
           700);
  EXPECT_NE(degraded(node), "");
}

}  // namespace
}  // namespace promster
