#include "core/handover.h"

#include <gtest/gtest.h>

#include <memory>

namespace promster {
namespace {

using Names = std::set<std::string>;

SteadyTime at(int seconds) {
  return SteadyTime(std::chrono::seconds(seconds));
}

constexpr SwitchAllowed kNow{};
constexpr SwitchAllowed kNotNow{.clocks = false, .acknowledge = false};

// A node's hand-over, and what the others say.
class HandoverTest : public ::testing::Test {
 protected:
  struct Say {
    int target = 1;
    bool mine = true;
    std::vector<std::string> from, owners;
    bool by_clock = false;
  };

  void assign(const std::vector<Say>& says, const std::string& ring, int now) {
    std::vector<Target> targets;
    for (const Say& say : says) {
      const std::string address = "t" + std::to_string(say.target) + ":1";
      targets.push_back({.key = "/t/" + address, .address = address});
    }
    std::vector<Handover::Claim> claims;
    for (std::size_t i = 0; i < says.size(); ++i) {
      claims.push_back({.target = &targets[i],
                        .mine = says[i].mine,
                        .by_clock = says[i].by_clock,
                        .from = says[i].from,
                        .owners = says[i].owners});
    }
    handover_->assign(
        claims, ring, [&](const std::string& name) { return alive_.contains(name); }, at(now));
  }

  bool advance(int now, SwitchAllowed allowed = kNow) {
    return handover_->advance(
        {.has_applied = [&](const std::string& name,
                            const std::string& ring) { return applied_[name] == ring; },
         .is_alive = [&](const std::string& name) { return alive_.contains(name); }},
        allowed, at(now));
  }

  Names file() const {
    Names names;
    for (const Target* target : handover_->file()) names.insert(target->address);
    return names;
  }

  std::unique_ptr<Handover> handover_ = std::make_unique<Handover>(Handover::Options{});
  std::set<std::string> alive_{"b", "c"};
  std::map<std::string, std::string> applied_;
};

TEST_F(HandoverTest, ANewTargetCountsAtOnce) {
  assign({{.target = 1}}, "r1", 0);
  EXPECT_EQ(handover_->counted(), Names{"t1:1"});
  EXPECT_TRUE(handover_->foreign().empty());
  EXPECT_EQ(handover_->applied(), "");
  EXPECT_TRUE(advance(0));
  EXPECT_EQ(handover_->applied(), "r1") << "nothing had to be taken over";
  EXPECT_EQ(handover_->moving(), 0u);
}

TEST_F(HandoverTest, AGainedTargetIsScrapedFirstAndCountedOnceItWasSeenTwice) {
  assign({{.target = 1, .from = {"b"}}}, "r1", 0);
  EXPECT_EQ(file(), Names{"t1:1"});
  EXPECT_EQ(handover_->foreign(), Names{"t1:1"});
  EXPECT_TRUE(handover_->wants_scrapes());
  EXPECT_FALSE(advance(1));
  handover_->scraped({{"t1:1", 1}});
  EXPECT_FALSE(advance(2));
  EXPECT_EQ(handover_->applied(), "");
  handover_->scraped({{"t1:1", 2}});
  EXPECT_FALSE(advance(3, kNotNow)) << "the moment must suit";
  EXPECT_TRUE(advance(4));
  EXPECT_EQ(handover_->applied(), "r1");
  EXPECT_TRUE(handover_->foreign().empty());
  EXPECT_FALSE(handover_->wants_scrapes());
}

// Somebody went and came back, and meanwhile other targets are ours by the same ring.
TEST_F(HandoverTest, ARingThatComesBackIsAcknowledgedAnew) {
  assign({{.target = 1}}, "r1", 0);
  advance(0);
  ASSERT_EQ(handover_->applied(), "r1");
  assign({{.target = 1}, {.target = 2, .from = {"b"}}}, "r2", 10);
  advance(10);
  EXPECT_EQ(handover_->applied(), "r1") << "of that it still scrapes everything";
  assign({{.target = 1}, {.target = 2}}, "r1", 11);
  advance(11);
  EXPECT_EQ(handover_->applied(), "") << "not yet what is new in it";
  EXPECT_EQ(handover_->counted(), Names{"t1:1"});
  handover_->scraped({{"t2:1", 2}});
  EXPECT_TRUE(advance(20));
  EXPECT_EQ(handover_->applied(), "r1");
  EXPECT_EQ(handover_->counted(), (Names{"t1:1", "t2:1"}));
}

TEST_F(HandoverTest, ARingThatComesBackWithNothingNewStaysAcknowledged) {
  assign({{.target = 1}}, "r1", 0);
  advance(0);
  assign({{.target = 1}, {.target = 2, .from = {"b"}}}, "r2", 10);
  assign({{.target = 1}, {.target = 2, .mine = false, .owners = {"b"}}}, "r1", 11);
  EXPECT_EQ(handover_->applied(), "r1");
}

TEST_F(HandoverTest, ALostTargetIsKeptAndCountedUntilItsNewOwnerSaysSo) {
  assign({{.target = 1}, {.target = 2}}, "r1", 0);
  advance(0);
  assign({{.target = 1, .mine = false, .owners = {"b"}}, {.target = 2}}, "r2", 10);
  advance(10);
  EXPECT_EQ(handover_->counted(), (Names{"t1:1", "t2:1"}));
  applied_["b"] = "r1";
  EXPECT_FALSE(advance(11)) << "an acknowledgement of another ring";
  applied_["b"] = "r2";
  EXPECT_TRUE(advance(12, kNotNow)) << "the other one has chosen the moment";
  EXPECT_EQ(handover_->counted(), Names{"t2:1"});
  EXPECT_EQ(handover_->foreign(), Names{"t1:1"});
  EXPECT_EQ(file(), (Names{"t1:1", "t2:1"}));
  EXPECT_EQ(handover_->deadline(at(0)), at(14));
  EXPECT_TRUE(advance(14));
  EXPECT_EQ(file(), Names{"t2:1"});
}

TEST_F(HandoverTest, WithReplicasEveryOwnerMustSaySo) {
  assign({{.target = 1}}, "r1", 0);
  assign({{.target = 1, .mine = false, .owners = {"b", "c"}}}, "r2", 10);
  applied_["b"] = "r2";
  advance(11);
  EXPECT_EQ(handover_->counted(), Names{"t1:1"});
  applied_["c"] = "r2";
  advance(12);
  EXPECT_TRUE(handover_->counted().empty());
}

TEST_F(HandoverTest, ATargetThatComesBackWhileLeavingJustStays) {
  assign({{.target = 1}}, "r1", 0);
  assign({{.target = 1, .mine = false, .owners = {"b"}}}, "r2", 10);
  assign({{.target = 1, .from = {"b"}}}, "r3", 12);
  EXPECT_EQ(handover_->counted(), Names{"t1:1"});
  EXPECT_EQ(handover_->moving(), 0u);
  EXPECT_EQ(handover_->deadline(at(0)), std::nullopt);
}

TEST_F(HandoverTest, ATargetThatComesBackAfterItWasTakenIsTakenOver) {
  assign({{.target = 1}}, "r1", 0);
  assign({{.target = 1, .mine = false, .owners = {"b"}}}, "r2", 10);
  applied_["b"] = "r2";
  advance(11);
  assign({{.target = 1, .from = {"b"}}}, "r3", 12);
  EXPECT_EQ(handover_->foreign(), Names{"t1:1"});
  advance(60);
  EXPECT_EQ(file(), Names{"t1:1"}) << "it is not dropped any more";
}

TEST_F(HandoverTest, WhatADeadNodeHadCountsAtOnce) {
  assign({{.target = 1, .from = {"dead"}}}, "r1", 0);
  EXPECT_EQ(handover_->counted(), Names{"t1:1"});
}

TEST_F(HandoverTest, WhoDiesWhileHandingOverIsNotWaitedFor) {
  assign({{.target = 1, .from = {"b"}}}, "r1", 0);
  EXPECT_EQ(handover_->foreign(), Names{"t1:1"});
  alive_.erase("b");
  assign({{.target = 1}}, "r2", 5);
  EXPECT_EQ(handover_->counted(), Names{"t1:1"});
}

TEST_F(HandoverTest, WhatWasNotYetOursIsGivenUpSoon) {
  assign({{.target = 1, .from = {"b"}}}, "r1", 0);
  assign({{.target = 1, .mine = false, .owners = {"c"}}}, "r2", 5);
  EXPECT_TRUE(handover_->counted().empty());
  advance(7);
  EXPECT_TRUE(file().empty());
}

TEST_F(HandoverTest, WhatMovesBecauseTargetsChangedGoesByTheClock) {
  assign({{.target = 1}}, "r1", 0);
  advance(0);
  applied_["b"] = "r1";
  assign({{.target = 1, .mine = false, .owners = {"b"}, .by_clock = true},
          {.target = 2, .from = {"b"}, .by_clock = true}},
         "r1", 10);
  EXPECT_FALSE(advance(31)) << "what was said of the ring before says nothing of this";
  EXPECT_EQ(handover_->counted(), Names{"t1:1"});
  EXPECT_EQ(handover_->deadline(at(0)), at(32));
  EXPECT_FALSE(advance(33, kNotNow));
  EXPECT_TRUE(advance(34));
  EXPECT_EQ(handover_->counted(), Names{"t2:1"});
}

// Found by review: the clock of a move by targets must not outlive a change of the ring.
TEST_F(HandoverTest, AMoveByTheClockBecomesOneByAcknowledgementWhenTheRingChanges) {
  assign({{.target = 1}, {.target = 2, .from = {"b"}, .by_clock = true}}, "r1", 0);
  advance(0);
  assign({{.target = 1, .mine = false, .owners = {"b"}}, {.target = 2}}, "r2", 10);
  handover_->scraped({{"t1:1", 9}});
  advance(40);
  EXPECT_EQ(handover_->applied(), "") << "target 2 was not seen yet";
  EXPECT_EQ(handover_->counted(), Names{"t1:1"});
  handover_->scraped({{"t1:1", 9}, {"t2:1", 2}});
  advance(41);
  EXPECT_EQ(handover_->applied(), "r2");
  EXPECT_EQ(handover_->counted(), (Names{"t1:1", "t2:1"}));
}

TEST_F(HandoverTest, NothingIsLetGoToADeadOwnerNorWhileEtcdIsSilent) {
  assign({{.target = 1}, {.target = 2}}, "r1", 0);
  assign({{.target = 1, .mine = false, .owners = {"dead"}},
          {.target = 2, .mine = false, .owners = {"b"}}},
         "r2", 10);
  advance(1000, {.clocks = false, .acknowledge = true});
  EXPECT_EQ(handover_->counted(), (Names{"t1:1", "t2:1"}));
  advance(1001);
  EXPECT_EQ(handover_->counted(), Names{"t1:1"});
}

TEST_F(HandoverTest, WhatADeadNodeHadIsCountedAtOnceButAcknowledgedOnlyWhenSeen) {
  assign({{.target = 1, .from = {"dead"}}}, "r1", 0);
  EXPECT_EQ(handover_->counted(), Names{"t1:1"});
  EXPECT_TRUE(handover_->wants_scrapes());
  advance(1);
  EXPECT_EQ(handover_->applied(), "");
  handover_->scraped({{"t1:1", 2}});
  advance(2);
  EXPECT_EQ(handover_->applied(), "r1");
}

TEST_F(HandoverTest, AnOwnerThatAcknowledgedAnEarlierRingHasTakenOver) {
  assign({{.target = 1}}, "r1", 0);
  assign({{.target = 1, .mine = false, .owners = {"b"}}}, "r2", 10);
  assign({{.target = 1, .mine = false, .owners = {"c"}}}, "r3", 11);
  applied_["b"] = "r2";
  advance(12);
  EXPECT_TRUE(handover_->counted().empty()) << "b counts it, and hands it to c";
}

TEST_F(HandoverTest, WhatAFormerRunHeldIsOursUntilItIsTaken) {
  const Target one{.key = "/t/t1:1", .address = "t1:1"};
  const Target two{.key = "/t/t2:1", .address = "t2:1"};
  const std::vector<const Target*> held{&one, &two};
  handover_->adopt(held);
  assign({{.target = 1, .from = {"b"}}, {.target = 2, .mine = false, .owners = {"b"}}}, "r1", 0);
  EXPECT_EQ(handover_->counted(), (Names{"t1:1", "t2:1"}));
}

TEST_F(HandoverTest, AnAcknowledgementThatNeverComesIsNotWaitedForForEver) {
  assign({{.target = 1}}, "r1", 0);
  assign({{.target = 1, .mine = false, .owners = {"b"}}}, "r2", 10);
  advance(309);
  EXPECT_EQ(handover_->counted(), Names{"t1:1"});
  advance(310);
  EXPECT_TRUE(handover_->counted().empty());
}

TEST_F(HandoverTest, WhatIsGoneFromEtcdIsForgotten) {
  assign({{.target = 1}, {.target = 2, .from = {"b"}}}, "r1", 0);
  assign({}, "r1", 1);
  EXPECT_TRUE(file().empty());
  EXPECT_EQ(handover_->deadline(at(0)), std::nullopt);
}

TEST_F(HandoverTest, WithoutHandoverTargetsAreDroppedFirst) {
  handover_ = std::make_unique<Handover>(
      Handover::Options{.acknowledged = false, .timer = Duration::zero()});
  assign({{.target = 1, .from = {"b"}}}, "r1", 0);
  EXPECT_EQ(handover_->counted(), Names{"t1:1"});
  assign({{.target = 1, .mine = false, .owners = {"b"}}}, "r2", 1);
  EXPECT_TRUE(handover_->counted().empty());
  advance(1);
  EXPECT_TRUE(file().empty());
}

}  // namespace
}  // namespace promster
