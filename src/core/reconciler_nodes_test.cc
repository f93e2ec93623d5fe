// A level above another: its targets are nodes, whose keys may vanish while they go on.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "core/reconciler_for_test.h"

namespace promster {
namespace {

using namespace reconciler_test;

// Level 1: six nodes, which all scrape their share of one ring.
class UpperNode : public LoopedNode {
 public:
  explicit UpperNode(Settings settings = node_settings()) : LoopedNode(std::move(settings)) {
    Listing level1{.revision = 100};
    for (int i = 1; i <= kNodes; ++i) {
      level1.entries.push_back({.key = key(i), .value = value("r6"), .mod_revision = i});
    }
    see(members_listed({}), 0).see(Listed{.source = Source::kTargets, .listing = level1}, 0);
    see(PrometheusSeen{.ready = true}, 0);
    see(SourceWatched{.source = Source::kMembers}, 0);
    see(SourceWatched{.source = Source::kTargets}, 0);
    run_until(500);
  }

  static std::string key(int i) { return "/registry/l1/" + address(i); }
  static std::string value(const std::string& applied, MemberState state = MemberState::kActive) {
    return render_member_value(
        {.algorithm = kBoundedAlgorithm, .state = state, .applied = applied, .instance = "i"});
  }

  // The ring of these nodes.
  static std::string ring(const std::vector<int>& numbers) {
    std::vector<std::string> names;
    for (const int i : numbers) names.push_back(address(i));
    return member_set_hash(names) + "-0";
  }

  // Node i says something else, or nothing any more.
  UpperNode& put(int i, std::optional<std::string> value, int now) {
    ++revision_;
    see(Changed{.source = Source::kTargets,
                .revision = revision_,
                .changes = {{.key = key(i), .value = std::move(value), .mod_revision = revision_}}},
        now);
    step(now);
    run_until(now + 500);
    return *this;
  }
  UpperNode& gone(int i, int now) { return put(i, std::nullopt, now); }
  void siblings_take_over(int of, int now) {
    std::vector<int> siblings;
    for (int i = 1; i <= kNodes; ++i) {
      if (i != of) siblings.push_back(i);
    }
    for (const int i : siblings) put(i, value(ring(siblings)), now);
  }

  static constexpr int kNodes = 6;
  std::int64_t revision_ = 100;
};

TEST(ReconcilerNodes, WhoVanishesWithoutAWordIsScrapedOnUntilItsSiblingsHaveTakenOver) {
  UpperNode node;
  node.gone(1, 1000);
  EXPECT_TRUE(node.scrapes(address(1)));
  const auto held = node.reconciler_.snapshot().held_targets;
  ASSERT_EQ(held.size(), 1u);
  EXPECT_TRUE(held[0].alone);
  node.run_until(60'000);
  EXPECT_TRUE(node.scrapes(address(1)));
  node.siblings_take_over(1, 60'000);
  EXPECT_TRUE(node.scrapes(address(1))) << "until their sums have come here";
  node.run_until(65'500);
  EXPECT_FALSE(node.scrapes(address(1)));
  EXPECT_TRUE(node.reconciler_.snapshot().held_targets.empty());
}

TEST(ReconcilerNodes, ForTwoMinutesAtMost) {
  UpperNode node;
  node.gone(1, 1000);
  node.run_until(120'000);
  EXPECT_TRUE(node.scrapes(address(1)));
  node.run_until(122'000);
  EXPECT_FALSE(node.scrapes(address(1)));
}

TEST(ReconcilerNodes, WhoIsBackIsHeldNoMore) {
  UpperNode node;
  node.gone(1, 1000);
  node.put(1, UpperNode::value("r6"), 10'000);
  EXPECT_TRUE(node.reconciler_.snapshot().held_targets.empty());
  node.siblings_take_over(1, 20'000);
  node.run_until(200'000);
  EXPECT_TRUE(node.scrapes(address(1)));
}

TEST(ReconcilerNodes, WhoIsDownIsLetGo) {
  UpperNode node;
  node.gone(1, 1000);
  EXPECT_TRUE(node.reconciler_.wants_scrapes());
  for (int i = 1; i <= 3; ++i) {
    EXPECT_TRUE(node.scrapes(address(1)));
    node.see(ScrapesSeen{.targets = {{.address = address(1), .last_scrape = 1.0 * i, .up = false}}},
             1000 + 1000 * i);
    node.run_until(1500 + 1000 * i);
  }
  EXPECT_FALSE(node.scrapes(address(1)));
}

TEST(ReconcilerNodes, WhoSaidThatItStopsIsDroppedAtOnce) {
  UpperNode node;
  node.put(1, UpperNode::value("", MemberState::kDraining), 1000).gone(1, 2000);
  EXPECT_FALSE(node.scrapes(address(1)));
  EXPECT_TRUE(node.reconciler_.snapshot().held_targets.empty());
}

TEST(ReconcilerNodes, SoIsWhoSaysNothingOfItself) {
  UpperNode node;
  node.put(1, "", 1000).gone(1, 2000);
  EXPECT_FALSE(node.scrapes(address(1)));
}

TEST(ReconcilerNodes, WithoutAHoldNobodyIsHeld) {
  Settings settings = node_settings();
  settings.shard.hold = Duration::zero();
  UpperNode node(settings);
  node.gone(1, 1000);
  EXPECT_FALSE(node.scrapes(address(1)));
}

TEST(ReconcilerNodes, TheHoldIsNoLongerThanTheSetting) {
  Settings settings = node_settings();
  settings.shard.hold = std::chrono::seconds(20);
  UpperNode node(settings);
  node.gone(1, 1000);
  node.run_until(20'000);
  EXPECT_TRUE(node.scrapes(address(1)));
  node.run_until(22'000);
  EXPECT_FALSE(node.scrapes(address(1)));
}

// Those that etcd forgets one after the other are held as long as those that it forgets at once.
TEST(ReconcilerNodes, ManyAreHeldAsLongAsOthers) {
  UpperNode node;
  for (int i = 1; i <= 4; ++i) node.gone(i, 1000 * i);
  node.run_until(200'000);
  for (int i = 1; i <= 4; ++i) EXPECT_TRUE(node.scrapes(address(i))) << i;
  EXPECT_FALSE(node.reconciler_.snapshot().held_targets[0].alone);
  const std::string both = UpperNode::value(UpperNode::ring({5, 6}));
  node.put(5, both, 200'000).put(6, both, 200'000);
  node.run_until(206'000);
  for (int i = 1; i <= 4; ++i) EXPECT_FALSE(node.scrapes(address(i))) << "taken over: " << i;
}

// Nodes say something with every hand-over; nothing is computed or written for it here.
TEST(ReconcilerNodes, WhatTheySayMovesNothing) {
  UpperNode node;
  const std::string file = node.file_;
  const auto turns = [&] { return node.reconciler_.snapshot().file_writes["sd/targets.json"]; };
  const auto before = turns();
  node.see(Changed{.source = Source::kTargets,
                   .revision = 200,
                   .changes = {{.key = UpperNode::key(1),
                                .value = UpperNode::value("r9", MemberState::kDraining),
                                .mod_revision = 200}}},
           5000);
  const Plan plan = node.step(6000);
  EXPECT_FALSE(plan.targets);
  EXPECT_FALSE(plan.assigned);
  EXPECT_EQ(node.file_, file);
  EXPECT_EQ(turns(), before);
}

}  // namespace
}  // namespace promster
