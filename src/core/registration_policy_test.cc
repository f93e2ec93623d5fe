#include "core/registration_policy.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

SteadyTime at(int seconds) {
  return SteadyTime(std::chrono::seconds(seconds));
}

RegistrationPolicy policy_with_share() {
  RegistrationPolicy policy(std::chrono::seconds(10));
  policy.share_in_place();
  return policy;
}

TEST(RegistrationPolicy, NotBeforePrometheusIsReady) {
  RegistrationPolicy policy = policy_with_share();
  EXPECT_FALSE(policy.wanted(at(0)));
  policy.prometheus_seen(false, at(1));
  EXPECT_FALSE(policy.wanted(at(100)));
  policy.prometheus_seen(true, at(101));
  EXPECT_TRUE(policy.wanted(at(101)));
}

TEST(RegistrationPolicy, NotBeforeTheShareIsInPlace) {
  RegistrationPolicy policy(std::chrono::seconds(10));
  policy.prometheus_seen(true, at(0));
  EXPECT_FALSE(policy.wanted(at(0)));
  policy.share_in_place();
  EXPECT_TRUE(policy.wanted(at(0)));
}

TEST(RegistrationPolicy, WithdrawsAfterThirtySecondsOfSilence) {
  RegistrationPolicy policy = policy_with_share();
  policy.prometheus_seen(true, at(0));
  EXPECT_TRUE(policy.wanted(at(0)));
  policy.prometheus_seen(false, at(10));
  EXPECT_EQ(policy.deadline(), at(40));
  EXPECT_TRUE(policy.wanted(at(39)));
  EXPECT_FALSE(policy.withdrawn());
  EXPECT_FALSE(policy.wanted(at(40)));
  EXPECT_TRUE(policy.withdrawn());
  EXPECT_EQ(policy.deadline(), std::nullopt);
}

TEST(RegistrationPolicy, AShortSilenceChangesNothing) {
  RegistrationPolicy policy = policy_with_share();
  policy.prometheus_seen(true, at(0));
  EXPECT_TRUE(policy.wanted(at(0)));
  policy.prometheus_seen(false, at(10));
  policy.prometheus_seen(true, at(30));
  EXPECT_EQ(policy.deadline(), std::nullopt);
  EXPECT_TRUE(policy.wanted(at(100)));
}

TEST(RegistrationPolicy, ComesBackOnceReadyForAWhile) {
  RegistrationPolicy policy = policy_with_share();
  policy.prometheus_seen(true, at(0));
  EXPECT_TRUE(policy.wanted(at(0)));
  policy.prometheus_seen(false, at(10));
  EXPECT_FALSE(policy.wanted(at(40)));
  policy.prometheus_seen(true, at(50));
  EXPECT_EQ(policy.deadline(), at(60));
  EXPECT_FALSE(policy.wanted(at(59)));
  EXPECT_TRUE(policy.wanted(at(60)));
}

TEST(RegistrationPolicy, AStopWithdrawsForGood) {
  RegistrationPolicy policy = policy_with_share();
  policy.prometheus_seen(true, at(0));
  EXPECT_TRUE(policy.wanted(at(0)));
  policy.stop();
  EXPECT_FALSE(policy.wanted(at(1)));
  EXPECT_EQ(policy.deadline(), std::nullopt);
}

}  // namespace
}  // namespace promster
