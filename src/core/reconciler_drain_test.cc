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
  EXPECT_FALSE(shown().stopping);
  EXPECT_FALSE(shown().drained);
  leave(200'000);
  EXPECT_FALSE(done(200'000));
  EXPECT_TRUE(shown().drained);
  EXPECT_FALSE(shown().ready());
  EXPECT_EQ(shown().missing.front(), "drained; waits to be stopped");
  see(StopAsked{}, 200'100);
  EXPECT_TRUE(done(200'100));
  EXPECT_TRUE(shown().stopping);
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
  see(StopAsked{}, 31'300);
  EXPECT_FALSE(drains());
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
  node_.run_until(40'000);
  EXPECT_FALSE(shown().registered);
  EXPECT_TRUE(shown().drained);
}

}  // namespace
}  // namespace promster
