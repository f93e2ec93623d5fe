#include "core/target_hold.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/target_hold_for_test.h"

namespace promster {
namespace {

using namespace target_hold_test;

TEST(TargetHoldTest, FewRemovalsAreApplied) {
  HoldingNode node;
  node.list(numbered(0, 10));
  EXPECT_FALSE(node.list(numbered(3, 10)));
  EXPECT_FALSE(node.list(numbered(5, 10))) << "half of ten within 60 s";
  EXPECT_EQ(node.held(), Names{});
  EXPECT_FALSE(node.hold().wants_scrapes());
  EXPECT_EQ(node.hold().deadline(), std::nullopt);
  HoldingNode small;
  small.list(numbered(0, 4));
  small.list(numbered(3, 4));
  EXPECT_EQ(small.held(), Names{}) << "three, be it most of all";
}

TEST(TargetHoldTest, ManyAreHeld) {
  HoldingNode node;
  node.list(numbered(0, 10));
  EXPECT_TRUE(node.list(numbered(6, 10)));
  EXPECT_EQ(node.held(), numbered(0, 6));
  EXPECT_EQ(node.file(), numbered(0, 10));
  EXPECT_TRUE(node.hold().wants_scrapes());
  const auto held = node.hold().held();
  ASSERT_EQ(held.size(), 6u);
  EXPECT_EQ(held[0].target, target("n100"));
  EXPECT_EQ(held[0].since, node.now());
  EXPECT_EQ(held[0].until, node.now() + minutes(15));
  EXPECT_EQ(held[0].down, 0);
}

TEST(TargetHoldTest, TheLastOnesAreHeld) {
  HoldingNode node;
  node.list(numbered(0, 2));
  EXPECT_TRUE(node.list({}));
  EXPECT_EQ(node.held(), numbered(0, 2));
}

// As leases run out: one after the other.
TEST(TargetHoldTest, OneByOneIsNoOtherThanAtOnce) {
  HoldingNode node;
  for (int left = 20; left >= 10; --left) node.list(numbered(20 - left, 20));
  EXPECT_EQ(node.held(), Names{}) << "half is fine";
  EXPECT_EQ(node.file(), numbered(10, 20));
  EXPECT_TRUE(node.list(numbered(11, 20)));
  EXPECT_EQ(node.held(), numbered(0, 11)) << "those that were let go come back, too";
  node.list(numbered(12, 20));
  EXPECT_EQ(node.held(), numbered(0, 12));
}

TEST(TargetHoldTest, SlowlyIsFine) {
  HoldingNode node;
  node.list(numbered(0, 20));
  for (int gone = 1; gone < 20; ++gone) {
    node.pass(seconds(20));
    EXPECT_FALSE(node.list(numbered(gone, 20)));
  }
  node.pass(seconds(61));
  EXPECT_TRUE(node.list({})) << "but not to nothing";
  EXPECT_EQ(node.held(), numbered(19, 20));
}

TEST(TargetHoldTest, WhatIsReplacedIsNotLost) {
  HoldingNode node;
  node.list(numbered(0, 20));
  for (int i = 0; i < 12; ++i) {
    EXPECT_FALSE(node.list(numbered(5 * i, 5 * i + 20)));
    EXPECT_EQ(node.held(), Names{});
    node.pass(seconds(10));
  }
  EXPECT_FALSE(node.list(numbered(500, 520))) << "all of them, at once";
}

TEST(TargetHoldTest, WhatCameDoesNotExcuseWhatGoes) {
  HoldingNode node;
  node.list(numbered(0, 10));
  node.list(numbered(0, 60));
  EXPECT_TRUE(node.list(numbered(0, 10)));
  EXPECT_EQ(node.held(), numbered(10, 60));
}

TEST(TargetHoldTest, OnlyWhatTheNodeScrapesIsHeld) {
  HoldingNode node;
  node.not_mine = numbered(0, 5);
  node.list(numbered(0, 10));
  EXPECT_TRUE(node.list({}));
  EXPECT_EQ(node.held(), numbered(5, 10));
  HoldingNode other;
  other.not_mine = numbered(0, 10);
  other.list(numbered(0, 10));
  EXPECT_FALSE(other.list({}));
}

TEST(TargetHoldTest, WhatIsBackIsNotHeld) {
  HoldingNode node;
  node.list(numbered(0, 10));
  node.list({});
  EXPECT_TRUE(node.list(numbered(0, 4)));
  EXPECT_EQ(node.held(), numbered(4, 10));
  std::map<std::string, Target> elsewhere;
  for (const std::string& name : numbered(0, 10)) {
    Target moved = target(name);
    moved.key = "/moved/" + name;
    elsewhere[moved.key] = moved;
  }
  EXPECT_TRUE(node.list_targets(elsewhere)) << "the same addresses below another key";
  EXPECT_EQ(node.held(), Names{});
}

TEST(TargetHoldTest, ThreeScrapesInARowThatFailLetItGo) {
  HoldingNode node;
  node.list(numbered(0, 10));
  node.list({});
  const Names down = numbered(0, 2);
  node.scrape(down);
  node.look(down);
  node.look(down);
  node.look(down);
  EXPECT_EQ(node.held(), numbered(0, 10)) << "looking again is no scrape";
  EXPECT_EQ(node.hold().held()[0].down, 1);
  node.scrape(down);
  EXPECT_EQ(node.held(), numbered(0, 10));
  node.scrape(down);
  EXPECT_EQ(node.held(), numbered(2, 10));
  const Names other = numbered(4, 5);
  node.scrape(other);
  node.scrape(other);
  node.scrape({});
  node.scrape(other);
  node.scrape(other);
  EXPECT_EQ(node.held(), numbered(2, 10)) << "not in a row";
  node.scrape(other);
  EXPECT_EQ(node.held(), without(numbered(2, 10), other));
  node.list(numbered(50, 51));
  EXPECT_FALSE(node.held().contains("n100")) << "what was let go is not held again";
}

TEST(TargetHoldTest, NeverScrapedIsNotDown) {
  TargetHold hold({});
  const Target one = target("a");
  const std::vector<const Target*> all{&one};
  hold.listed(all, all, {});
  hold.listed({}, all, {});
  for (int i = 0; i < 5; ++i) {
    hold.scraped({.targets = {{.address = one.address, .last_scrape = 0, .up = false}}});
    hold.scraped({});
  }
  EXPECT_EQ(hold.held().size(), 1u);
}

// The file may lag behind, or be one of a former run.
TEST(TargetHoldTest, OnlyWhatWentJustNowIsHeld) {
  TargetHold hold({});
  const Target a = target("a"), b = target("b"), former = target("former");
  const std::vector<const Target*> both{&a, &b}, file{&a, &b, &former};
  hold.listed(both, file, {});
  EXPECT_TRUE(hold.listed({}, file, {}));
  EXPECT_EQ(hold.held().size(), 2u);
}

TEST(TargetHoldTest, TimeLetsThemGo) {
  HoldingNode node({.hold = seconds(20)});
  node.list(numbered(0, 10));
  node.list({});
  EXPECT_EQ(node.hold().deadline(), node.now() + seconds(20));
  EXPECT_FALSE(node.pass(seconds(19)));
  EXPECT_EQ(node.held(), numbered(0, 10));
  EXPECT_TRUE(node.pass(seconds(1)));
  EXPECT_EQ(node.file(), Names{});
  EXPECT_EQ(node.hold().deadline(), std::nullopt);
}

TEST(TargetHoldTest, WithoutEndOrNotAtAll) {
  HoldingNode endless({.hold = std::nullopt});
  endless.list(numbered(0, 10));
  endless.list({});
  EXPECT_EQ(endless.hold().deadline(), std::nullopt);
  EXPECT_FALSE(endless.pass(minutes(10'000)));
  EXPECT_EQ(endless.held(), numbered(0, 10));
  HoldingNode off({.hold = Duration::zero()});
  off.list(numbered(0, 10));
  EXPECT_FALSE(off.list({}));
  EXPECT_EQ(off.held(), Names{});
}

TEST(TargetHoldTest, TheOperatorHasTheLastWord) {
  HoldingNode node;
  node.list(numbered(0, 10));
  node.list(numbered(9, 10));
  EXPECT_TRUE(node.confirm());
  EXPECT_EQ(node.file(), numbered(9, 10));
  EXPECT_FALSE(node.confirm());
  node.list(numbered(9, 14));
  EXPECT_FALSE(node.list(numbered(11, 14))) << "what was confirmed counts no more";
}

TEST(TargetHoldTest, TheShareIsASetting) {
  HoldingNode node({.share = 0.1});
  node.list(numbered(0, 100));
  EXPECT_FALSE(node.list(numbered(10, 100)));
  EXPECT_TRUE(node.list(numbered(11, 100)));
}

// Any listings at any times: what is held was listed and is not, a loss of more than half is held
// whole, and in the end nothing is.
RC_GTEST_PROP(TargetHoldTest, KeepsItsPromises,
              (const std::vector<std::pair<std::uint16_t, std::uint8_t>>& steps)) {
  HoldingNode node({.hold = seconds(100)});
  Names ever, last;
  for (const auto& [bits, wait] : steps) {
    node.pass(seconds(wait % 40));
    Names names;
    for (int i = 0; i < 16; ++i) {
      if ((bits >> i & 1) != 0) names.insert("n" + std::to_string(i));
    }
    const Names held_before = node.held();
    const bool changed = node.list(names);
    RC_ASSERT(changed == (node.held() != held_before));
    const Names gone = without(last, names);
    for (const std::string& name : node.held()) {
      RC_ASSERT(ever.contains(name) && !names.contains(name));
    }
    const bool many = last.size() > names.size() + std::max<std::size_t>(3, last.size() / 2);
    if (many || (names.empty() && !last.empty())) {
      for (const std::string& name : gone) RC_ASSERT(node.held().contains(name));
    }
    ever.insert(names.begin(), names.end());
    last = names;
  }
  node.pass(seconds(100));
  RC_ASSERT(node.held().empty());
  RC_ASSERT(node.file() == last);
}

TEST(TargetHoldTest, ALargeSetIsComparedQuickly) {
  std::vector<Target> targets;
  for (int i = 0; i < 100'000; ++i) {
    targets.push_back(target(std::to_string(100'000 + i)));
  }
  std::vector<const Target*> all;
  for (const Target& one : targets) all.push_back(&one);
  TargetHold hold({});
  hold.listed(all, all, {});
  all.pop_back();
  const auto start = std::chrono::steady_clock::now();
  hold.listed(all, all, {});
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  RecordProperty("milliseconds", std::to_string(took.count()));
  EXPECT_LT(took.count(), 1000) << "also with sanitizers";
  EXPECT_FALSE(hold.wants_scrapes());
}

}  // namespace
}  // namespace promster
