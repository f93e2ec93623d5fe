#include "core/config_delivery.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

using Kind = ConfigOutcome::Kind;

SteadyTime at(int seconds) {
  return SteadyTime(std::chrono::seconds(seconds));
}

const ApplyConfig kWanted{.prometheus_yml = "config", .rules_yml = "rules"};
const ApplyConfig kBare{.prometheus_yml = "config", .rules_yml = "no rules"};

ConfigOutcome outcome(Kind kind, bool reloaded = false) {
  return {.kind = kind, .who = "promtool", .reason = "because", .reloaded = reloaded};
}

TEST(ConfigDelivery, TriesAtOnceAndThenRests) {
  ConfigDelivery delivery(kWanted, std::nullopt, at(0));
  ASSERT_TRUE(delivery.due(at(0)));
  EXPECT_EQ(delivery.due(at(0))->rules_yml, "rules");
  delivery.applied(outcome(Kind::kAccepted), at(0));
  EXPECT_EQ(delivery.deadline(), std::nullopt);
  EXPECT_FALSE(delivery.due(at(100'000)));
  EXPECT_FALSE(delivery.refusal());
}

TEST(ConfigDelivery, PendingGoesOnWhenPrometheusAnswers) {
  ConfigDelivery delivery(kWanted, std::nullopt, at(0));
  delivery.applied(outcome(Kind::kPending, true), at(0));
  EXPECT_FALSE(delivery.due(at(1)));
  delivery.prometheus_ready(at(1));
  EXPECT_TRUE(delivery.due(at(1)));
}

TEST(ConfigDelivery, PrometheusComingUpAsksForNothingElse) {
  ConfigDelivery delivery(kWanted, std::nullopt, at(0));
  delivery.applied(outcome(Kind::kAccepted), at(0));
  delivery.prometheus_ready(at(1));
  EXPECT_FALSE(delivery.due(at(1)));
}

TEST(ConfigDelivery, AFailureIsTriedAgainLaterAndLater) {
  ConfigDelivery delivery(kWanted, std::nullopt, at(0));
  delivery.applied(outcome(Kind::kFailed), at(0));
  EXPECT_EQ(delivery.deadline(), at(1));
  ASSERT_TRUE(delivery.refusal());
  delivery.applied(outcome(Kind::kFailed), at(1));
  EXPECT_EQ(delivery.deadline(), at(3));
  delivery.applied(outcome(Kind::kAccepted), at(3));
  EXPECT_FALSE(delivery.refusal());
}

TEST(ConfigDelivery, ARefusedOneWaitsForOtherInput) {
  ConfigDelivery delivery(kWanted, std::nullopt, at(0));
  delivery.applied(outcome(Kind::kRejected), at(0));
  ASSERT_TRUE(delivery.refusal());
  EXPECT_EQ(delivery.refusal()->reason, "because");
  EXPECT_FALSE(delivery.due(at(1799)));
  EXPECT_TRUE(delivery.due(at(1800)));
  delivery.want(kBare, at(10));
  EXPECT_TRUE(delivery.due(at(10)));
}

TEST(ConfigDelivery, AfterOneThatWasAcceptedARefusedOneLeavesThatInUse) {
  ConfigDelivery delivery(kWanted, kBare, at(0));
  delivery.applied(outcome(Kind::kRejected), at(0));
  delivery.applied(outcome(Kind::kAccepted), at(0));
  EXPECT_FALSE(delivery.good_one_stays()) << "only the bare one is in use";
  delivery.want(kWanted, at(60));
  delivery.applied(outcome(Kind::kAccepted), at(60));
  EXPECT_FALSE(delivery.good_one_stays()) << "nothing is refused";
  delivery.want({.fault = "line 3"}, at(70));
  delivery.applied(outcome(Kind::kRejected), at(70));
  EXPECT_TRUE(delivery.good_one_stays());
  delivery.applied(outcome(Kind::kFailed), at(80));
  EXPECT_FALSE(delivery.good_one_stays()) << "what is in use is not known";
}

TEST(ConfigDelivery, WhatPrometheusRanBeforeThisRunStaysWhereItIsRefusedNow) {
  ConfigDelivery delivery(kWanted, std::nullopt, at(0));
  ConfigOutcome refused = outcome(Kind::kRejected);
  delivery.applied(refused, at(0));
  EXPECT_FALSE(delivery.good_one_stays()) << "nobody knows what it runs";
  refused.good_one_stays = true;
  delivery.applied(refused, at(1800));
  EXPECT_TRUE(delivery.refusal());
  EXPECT_TRUE(delivery.good_one_stays());
}

TEST(ConfigDelivery, ReloadsAreFiveSecondsApart) {
  ConfigDelivery delivery(kWanted, std::nullopt, at(0));
  delivery.applied(outcome(Kind::kAccepted, true), at(10));
  delivery.want(kBare, at(11));
  EXPECT_EQ(delivery.deadline(), at(15));
  delivery.want(kWanted, at(12));
  EXPECT_EQ(delivery.deadline(), at(15));
  EXPECT_EQ(delivery.due(at(15))->rules_yml, "rules");
}

TEST(ConfigDelivery, WithoutAnyOnDiskTheBareOneTakesThePlaceOfARefusedOne) {
  ConfigDelivery delivery(kWanted, kBare, at(0));
  EXPECT_FALSE(delivery.in_place());
  delivery.applied(outcome(Kind::kRejected), at(0));
  ASSERT_TRUE(delivery.due(at(0)));
  EXPECT_EQ(delivery.due(at(0))->rules_yml, "no rules");
  delivery.applied(outcome(Kind::kAccepted), at(0));
  EXPECT_TRUE(delivery.in_place());
  ASSERT_TRUE(delivery.refusal()) << "the wanted one is still not in use";
  EXPECT_FALSE(delivery.due(at(10)));
}

TEST(ConfigDelivery, TheWantedOneAcceptedLaterEndsTheRefusal) {
  ConfigDelivery delivery(kWanted, kBare, at(0));
  delivery.applied(outcome(Kind::kRejected), at(0));
  delivery.applied(outcome(Kind::kAccepted), at(0));
  delivery.want(kWanted, at(60));
  delivery.applied(outcome(Kind::kAccepted), at(60));
  EXPECT_FALSE(delivery.refusal());
}

TEST(ConfigDelivery, ARefusedConfigurationNeverReplacesOneOnDisk) {
  ConfigDelivery delivery(kWanted, std::nullopt, at(0));
  EXPECT_TRUE(delivery.in_place());
  delivery.applied(outcome(Kind::kRejected), at(0));
  EXPECT_FALSE(delivery.due(at(0)));
}

TEST(ConfigDelivery, AForcedReloadIsForcedOnce) {
  ConfigDelivery delivery(kWanted, std::nullopt, at(0));
  delivery.applied(outcome(Kind::kAccepted), at(0));
  ApplyConfig again = kWanted;
  again.force_reload = true;
  delivery.want(again, at(1));
  EXPECT_TRUE(delivery.due(at(1))->force_reload);
  delivery.applied(outcome(Kind::kAccepted, true), at(1));
  delivery.applied(outcome(Kind::kPending), at(20));
  EXPECT_FALSE(delivery.due(at(25))->force_reload);
}

TEST(ConfigDelivery, AReloadThatWasAskedForStaysSoWhateverIsWantedUntilItIsDone) {
  for (const Kind kind : {Kind::kPending, Kind::kRejected, Kind::kFailed}) {
    ConfigDelivery delivery(kWanted, std::nullopt, at(0));
    delivery.applied(outcome(Kind::kAccepted), at(0));
    ApplyConfig again = kWanted;
    again.force_reload = true;
    delivery.want(again, at(10));
    delivery.applied(outcome(kind), at(10));
    delivery.want({.fault = "line 3"}, at(20));
    delivery.applied(outcome(Kind::kRejected), at(20));
    delivery.want(kWanted, at(30));
    ASSERT_TRUE(delivery.due(at(30)));
    EXPECT_TRUE(delivery.due(at(30))->force_reload);
    delivery.applied(outcome(Kind::kAccepted, true), at(30));
    delivery.want(kWanted, at(40));
    EXPECT_FALSE(delivery.due(at(40))->force_reload);
  }
}

}  // namespace
}  // namespace promster
