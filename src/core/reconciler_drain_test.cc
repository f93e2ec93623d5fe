// A node that is asked to drain (SIGUSR2), to stop (SIGTERM), and one after the other.
#include <gtest/gtest.h>

#include "core/reconciler_for_test.h"

namespace promster {
namespace {

using namespace reconciler_test;

// It is registered, and has a sibling who never answers.
class ReconcilerDrainTest : public ::testing::Test {
 protected:
  ReconcilerDrainTest() {
    node_.see(Registered{.ttl = std::chrono::seconds(5), .revision = 100}, 600);
    node_.see(member_change("n2:9090", true, 300), 700);
    node_.run_until(30'000);
  }

  void see(const Event& event, int now) { node_.see(event, now).step(now); }
  // Its siblings have taken too long, and its key is gone.
  void leave(int now) {
    node_.run_until(now);
    EXPECT_FALSE(node_.reconciler_.registration().wanted);
    see(RegistrationLost{.reason = "withdrawn", .withdrawn = true}, now);
  }
  Snapshot shown() const { return node_.reconciler_.snapshot(); }
  bool done(int now) const { return node_.reconciler_.done(at(now)); }
  bool drains() const { return node_.reconciler_.registration().wanted; }

  SettledNode node_;
};

TEST_F(ReconcilerDrainTest, ADrainedNodeWaitsToBeStoppedAndSaysSo) {
  see(DrainAsked{}, 31'000);
  EXPECT_TRUE(shown().draining);
  EXPECT_EQ(shown().drain_until, 31 + 195);
  EXPECT_FALSE(shown().stopping);
  EXPECT_FALSE(shown().drained);
  leave(200'000);
  EXPECT_FALSE(done(200'000));
  EXPECT_TRUE(shown().drained);
  EXPECT_EQ(shown().drain_end, DrainEnd::kHandedOver);
  EXPECT_FALSE(shown().ready());
  EXPECT_EQ(shown().missing.front(), "drained; waits to be stopped");
  see(StopAsked{}, 200'100);
  EXPECT_TRUE(done(200'100));
  EXPECT_TRUE(shown().stopping);
  EXPECT_FALSE(shown().ready()) << "on its last page as well";
}

TEST_F(ReconcilerDrainTest, ADrainedNodeFollowsEtcdAndHasNothingToDoMeanwhile) {
  see(DrainAsked{}, 31'000);
  leave(200'000);
  node_.run_until(201'000);
  const auto due = node_.reconciler_.deadline();
  EXPECT_TRUE(!due || *due > at(201'000)) << "it would turn without end";
  see(target_change(21, true, 400), 201'000);
  node_.run_until(201'500);
  EXPECT_EQ(shown().targets_discovered, 21u);
  EXPECT_FALSE(node_.scrapes(address(21))) << "it is the sibling's";
}

TEST_F(ReconcilerDrainTest, TheFirstStopDoesNotCutADrainShortAndTheSecondDoes) {
  see(DrainAsked{}, 31'000);
  see(DrainAsked{}, 31'100);
  see(StopAsked{}, 31'200);
  EXPECT_TRUE(drains());
  EXPECT_FALSE(done(31'200));
  EXPECT_EQ(shown().drain_end, DrainEnd::kNotYet);
  see(StopAsked{}, 31'300);
  EXPECT_FALSE(drains());
  EXPECT_EQ(shown().drain_end, DrainEnd::kCutShort);
  see(StopAsked{}, 31'400);
  EXPECT_TRUE(done(31'400));
}

TEST_F(ReconcilerDrainTest, AfterAStopItEndsOnceTheDrainIsOver) {
  see(DrainAsked{}, 31'000);
  see(StopAsked{}, 31'200);
  leave(200'000);
  EXPECT_TRUE(done(200'000));
}

TEST_F(ReconcilerDrainTest, ADrainDoesNotCutAStopShort) {
  see(StopAsked{}, 31'000);
  see(DrainAsked{}, 31'100);
  EXPECT_TRUE(drains());
  leave(200'000);
  EXPECT_TRUE(done(200'000));
}

TEST_F(ReconcilerDrainTest, WhereEtcdCannotBeToldItIsNotShownAsRegistered) {
  node_.see(SourceLost{.source = Source::kMembers, .code = "unavailable", .reason = "silent"},
            30'500);
  see(DrainAsked{}, 31'000);
  EXPECT_FALSE(shown().draining);
  EXPECT_EQ(shown().drain_end, DrainEnd::kEtcdSilent);
  node_.run_until(40'000);
  EXPECT_FALSE(shown().registered);
  EXPECT_TRUE(shown().drained);
}

TEST_F(ReconcilerDrainTest, WhereEtcdFallsSilentMeanwhileItSaysSo) {
  see(DrainAsked{}, 31'000);
  see(SourceLost{.source = Source::kMembers, .code = "unavailable", .reason = "silent"}, 32'000);
  node_.run_until(36'000);
  EXPECT_EQ(shown().drain_end, DrainEnd::kNotYet) << "it may come back";
  node_.run_until(40'000);
  EXPECT_EQ(shown().drain_end, DrainEnd::kEtcdSilent);
}

TEST_F(ReconcilerDrainTest, WhereTheLastSiblingLeavesNobodyIsLeft) {
  see(DrainAsked{}, 31'000);
  EXPECT_TRUE(drains());
  see(member_change("n2:9090", false, 400), 32'000);
  node_.run_until(60'000);
  EXPECT_FALSE(drains());
  EXPECT_EQ(shown().drain_end, DrainEnd::kNobody);
}

TEST(ReconcilerDrain, WhereASiblingNeverTakesOverTheTimeIsUp) {
  SettledNode node;
  Changed sibling = member_change("n2:9090", true, 300);
  sibling.changes[0].value =
      render_member_value({.name = "n2:9090", .algorithm = kBoundedAlgorithm, .instance = "2"});
  node.see(Registered{.ttl = std::chrono::seconds(5), .revision = 100}, 600).see(sibling, 700);
  node.run_until(30'000);
  node.see(DrainAsked{}, 31'000).step(31'000);
  node.run_until(225'000);
  EXPECT_EQ(node.reconciler_.snapshot().drain_end, DrainEnd::kNotYet);
  node.run_until(227'000);
  EXPECT_EQ(node.reconciler_.snapshot().drain_end, DrainEnd::kTimeUp);
}

TEST(ReconcilerDrain, AloneThereIsNobodyToHandOverTo) {
  SettledNode node;
  node.see(Registered{.ttl = std::chrono::seconds(5), .revision = 100}, 600).step(600);
  node.see(DrainAsked{}, 700).step(700);
  EXPECT_EQ(node.reconciler_.snapshot().drain_end, DrainEnd::kNobody);
}

// Siblings may believe that it has what it goes on scraping.
TEST(ReconcilerDrain, WhatEtcdNeverToldIsNotTakenForNobody) {
  LoopedNode node(node_settings(), {.config_present = true,
                                    .targets_present = true,
                                    .targets = {{.address = address(1), .labels = {}}},
                                    .files = {}});
  node.see(DrainAsked{}, 100).step(100);
  EXPECT_EQ(node.reconciler_.snapshot().drain_end, DrainEnd::kEtcdSilent);
}

DrainEnd end_of(LoopedNode& node, int now) {
  node.see(StopAsked{}, now).step(now);
  return node.reconciler_.snapshot().drain_end;
}

TEST(ReconcilerDrain, WhoNeverReachedEtcdHasNothingToHandOver) {
  LoopedNode node;
  node.see(SourceLost{.source = Source::kMembers, .code = "unavailable", .reason = "silent"}, 50);
  node.see(PrometheusSeen{.ready = true, .version = "2.42.0"}, 60);
  node.run_until(100);
  EXPECT_EQ(end_of(node, 200), DrainEnd::kNothing);
}

TEST(ReconcilerDrain, WhoIsNoMemberYetHasNothingToHandOver) {
  LoopedNode node;
  node.see(PrometheusSeen{.ready = true, .version = "2.42.0"}, 0);
  node.see(members_listed({"n2:9090"}), 0).see(targets_listed(20), 0);
  node.run_until(1'000);
  EXPECT_EQ(end_of(node, 1'100), DrainEnd::kNothing) << "the watch does not stand yet";
}

TEST(ReconcilerDrain, WithoutHandOverEtcdIsNotNeeded) {
  Settings settings = node_settings();
  settings.shard.handover = Duration::zero();
  SettledNode node(settings);
  node.see(Registered{.ttl = std::chrono::seconds(5), .revision = 100}, 600);
  node.see(member_change("n2:9090", true, 300), 700);
  node.run_until(30'000);
  node.see(SourceLost{.source = Source::kMembers, .code = "unavailable", .reason = "silent"},
           30'500);
  EXPECT_EQ(end_of(node, 31'000), DrainEnd::kNothing);
}

TEST(ReconcilerDrain, AMemberWithoutTargetsHasNothingToHandOver) {
  LoopedNode node;
  node.see(members_listed({"n2:9090"}), 0).see(targets_listed(0), 0);
  node.see(SourceWatched{.source = Source::kMembers}, 0);
  node.see(Registered{.ttl = std::chrono::seconds(5), .revision = 101}, 100);
  node.run_until(1'000);
  node.see(SourceLost{.source = Source::kMembers, .code = "unavailable", .reason = "silent"},
           1'500);
  EXPECT_EQ(end_of(node, 2'000), DrainEnd::kNothing);
}

TEST(ReconcilerDrain, WithoutAShareThereIsNothingToHandOver) {
  SettledNode lone(lone_settings());
  lone.see(DrainAsked{}, 700).step(700);
  EXPECT_EQ(lone.reconciler_.snapshot().drain_end, DrainEnd::kNothing);
  SettledNode no_member;
  no_member.see(member_change("n2:9090", true, 300), 600).step(600);
  no_member.see(DrainAsked{}, 700).step(700);
  EXPECT_EQ(no_member.reconciler_.snapshot().drain_end, DrainEnd::kNothing);
}

}  // namespace
}  // namespace promster
